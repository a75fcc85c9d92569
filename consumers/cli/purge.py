"""`cricksy-ocr purge`: everything that waits is cancelled."""

import json
from collections import Counter
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from consumers import operations
from consumers.cli.consent import agree
from consumers.cli.servers import Servers, with_servers
from consumers.cli.wording import some
from consumers.operations import Purge


def purge(
    dead: Annotated[
        bool, typer.Option("--dead", help="Drop the dead letters, too; a row keeps each.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Cancel every upload that waits, for its first reading or for another try.

    What is in work ends as ever. A cancelled upload's entry is skipped when it comes, and
    `cricksy-ocr retry` has it read after all. Dead letters alone: `cricksy-ocr dead drop --all`.

    Example: cricksy-ocr purge --dead --yes
    """
    told = with_servers(lambda servers: _purge(servers, dead=dead, yes=yes, quiet=as_json))
    if as_json:
        print(json.dumps(told))


async def _purge(servers: Servers, *, dead: bool, yes: bool, quiet: bool) -> dict[str, int]:
    queue = (servers.client, servers.keys, servers.database)
    outlook = await operations.what_purge_would_do(*queue)
    console = Console(stderr=True)
    if not outlook.waiting and not (dead and outlook.letters):
        if not quiet:
            console.print("There is nothing to purge.")
        return {"cancelled": 0, "kept": 0, "dropped": 0}
    if not quiet:
        _say(console, outlook, dead=dead)
    agree("Purge it?", yes=yes)
    changed: Counter[str] = Counter()
    dropped = 0
    with Progress(console=console, disable=quiet or not console.is_terminal) as bar:
        line = bar.add_task("cancelled", total=outlook.waiting)
        async for page in operations.purge_waiting(servers.database):
            changed.update(str(status) for status in page.values())
            bar.advance(line, len(page))
        if dead:
            line = bar.add_task("dropped", total=outlook.letters.total())
            async for _ in operations.drop_letters(*queue):
                dropped += 1
                bar.advance(line)
    told = {"cancelled": changed["cancelled"], "kept": changed["parsed"], "dropped": dropped}
    if not quiet:
        console.print(_summary(told), highlight=False)
    return told


def _say(console: Console, outlook: Purge, *, dead: bool) -> None:
    if outlook.waiting:
        console.print(
            f"To be cancelled: {some(outlook.waiting, 'waiting upload')}. An entry is skipped when "
            "it comes; `cricksy-ocr retry` has an upload read after all.",
            highlight=False,
        )
    if dead and outlook.letters:
        reasons = ", ".join(f"{count} {reason}" for reason, count in outlook.letters.most_common())
        console.print(
            f"To be dropped: {some(outlook.letters.total(), 'dead letter')} ({reasons}). Uploads "
            "stay `failed`, and a row of ocr_dropped_letters keeps each letter.",
            highlight=False,
        )


def _summary(told: dict[str, int]) -> str:
    kept = f", {told['kept']} with the card that was there" if told["kept"] else ""
    letters = f", {some(told['dropped'], 'dead letter')} dropped" if told["dropped"] else ""
    return f"{some(told['cancelled'], 'upload')} cancelled{kept}{letters}."
