"""`cricksy-ocr retry` and `cancel`: what becomes of single uploads."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console

from consumers import operations
from consumers.cli.consent import agree
from consumers.cli.servers import Servers, with_servers
from consumers.cli.wording import some
from consumers.operations import Effect, Result
from consumers.operations.cancelling import cancel_would
from pipeline.storage.uploads import upload_statuses

PROBLEM = 1
STYLES = {Effect.DONE: "green", Effect.NOTHING: "dim", Effect.REFUSED: "red"}

Uploads = Annotated[list[str], typer.Argument(help="Upload ids.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object an upload.")]


def retry(
    uploads: Uploads,
    again: Annotated[
        bool, typer.Option("--again", help="Also what was read: its card is replaced.")
    ] = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Have uploads read again, or now where they wait for their next try.

    Those that failed or were cancelled; with --again also those that were read. Exits with 1 when
    one was refused: unknown, or confirmed by a person.

    Example: cricksy-ocr retry 0b6a2f0c9d7e4c1d8f5a3e2b1c0d9e8f
    """

    async def work(servers: Servers) -> list[Result]:
        queue = (servers.client, servers.keys, servers.database)
        place = await operations.whereabouts(servers.client, servers.keys)
        if again:
            outlooks = [
                await operations.retry_would(servers.database, place, each, again=True)
                for each in uploads
            ]
            _show_outlook(outlooks)
            agree(f"Replace the cards of {some(len(uploads), 'upload')} by new readings?", yes=yes)
        return [await operations.retry(*queue, place, each, again=again) for each in uploads]

    _end(with_servers(work), as_json=as_json)


def cancel(uploads: Uploads, yes: Yes = False, as_json: AsJson = False) -> None:
    """Have uploads not read that wait or are in work; `retry` takes it back.

    Their entries stay in the stream and are skipped when they come. Exits with 1 when one was
    refused: unknown, or ended.

    Example: cricksy-ocr cancel 0b6a2f0c9d7e4c1d8f5a3e2b1c0d9e8f --yes
    """

    async def work(servers: Servers) -> list[Result]:
        statuses = await upload_statuses(servers.database, uploads)
        outlooks = [cancel_would(each, statuses.get(each)) for each in uploads]
        doable = [each for each in outlooks if each.effect is Effect.DONE]
        if doable and not yes:
            _show_outlook(outlooks)
        if doable:
            agree(f"Cancel {some(len(doable), 'upload')}?", yes=yes)
        return [await operations.cancel(servers.database, each) for each in uploads]

    _end(with_servers(work), as_json=as_json)


def _show_outlook(outlooks: Iterable[Result]) -> None:
    console = Console(stderr=True)
    for each in outlooks:
        now = "would be done" if each.effect is Effect.DONE else str(each.effect)
        console.print(f"{each.upload_id}  {now}: {each.text}", markup=False, highlight=False)


def _end(results: list[Result], *, as_json: bool) -> None:
    console = Console()
    for each in results:
        if as_json:
            print(json.dumps(asdict(each)))
            continue
        console.print(each.upload_id, end="  ", markup=False, highlight=False)
        console.print(f"{each.effect:<8}", style=STYLES[each.effect], end="", highlight=False)
        console.print(each.text, markup=False, highlight=False, soft_wrap=True)
    if any(each.effect is Effect.REFUSED for each in results):
        raise typer.Exit(PROBLEM)
