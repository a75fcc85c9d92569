"""`cricksy-ocr dead`: what was given up, and what becomes of it."""

import json
import sys
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from consumers.cli.consent import agree
from consumers.cli.servers import Servers, with_servers
from consumers.cli.wording import some
from consumers.queue import DeadLetter, dead_letter, dead_letters
from consumers.replay import ReplayError
from consumers.replay import drop as drop_letter
from consumers.replay import replay as replay_letter

PROBLEM = 1
SHOWN = 20
FIELDS = ("letter_id", "upload_id", "reason", "error", "attempts", "deliveries", "consumer",
          "trace_id")  # fmt: skip

app = typer.Typer(help="Dead letters: list, show, replay, drop.", no_args_is_help=True)

Letters = Annotated[
    list[str] | None, typer.Argument(help="Letter ids, as `dead ls` shows them, or upload ids.")
]
Reason = Annotated[str | None, typer.Option(help="All with this error code.")]
Everything = Annotated[bool, typer.Option("--all", help="All of them.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")]


@app.command("ls")
def ls(reason: Reason = None, as_json: AsJson = False) -> None:
    """List the dead letters, oldest first.

    Example: cricksy-ocr dead ls --reason object_missing
    """

    async def work(servers: Servers) -> list[DeadLetter]:
        return [each async for each in dead_letters(servers.client, servers.keys, reason=reason)]

    letters = with_servers(work)
    if as_json:
        for letter in letters:
            print(json.dumps(_told(letter)))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("letter", "upload", "reason", "failed at", "error"):
        table.add_column(heading, no_wrap=True, overflow="ellipsis")
    for letter in letters:
        when = f"{letter.failed_at:%Y-%m-%d %H:%M:%S}" if letter.failed_at else ""
        table.add_row(letter.letter_id, letter.upload_id or "-", letter.reason, when, letter.error)
    Console().print(table if letters else "There are no dead letters.", markup=False)


@app.command("show")
def show(
    letter_id: Annotated[str, typer.Argument(help="Letter or upload id.")],
    _: Annotated[bool, typer.Option("--json", help="As it always is.")] = False,
) -> None:
    """Show all of a dead letter, as JSON.

    Example: cricksy-ocr dead show 1795473820063-0
    """
    (letter,) = with_servers(lambda servers: _chosen(servers, [letter_id], None, everything=False))
    fields = {
        name.decode(errors="replace"): value.decode(errors="replace")
        for name, value in letter.fields.items()
    }
    print(json.dumps({**_told(letter), "fields": fields}, indent=1))


@app.command("replay")
def replay(
    letters: Letters = None,
    reason: Reason = None,
    everything: Everything = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Have dead letters read again, counted anew.

    Exits with 1 when one could not be replayed.

    Example: cricksy-ocr dead replay --reason object_store_unavailable --yes
    """

    async def work(servers: Servers) -> bool:
        chosen = await _chosen(servers, letters, reason, everything=everything)
        _agree(chosen, "Replay", yes=yes)
        queue = (servers.client, servers.keys, servers.database)
        good = True
        for letter in chosen:
            try:
                entry_id = await replay_letter(*queue, letter)
            except ReplayError as error:
                good = False
                _say(letter, f"not replayed: {error}", as_json=as_json, entry_id=None)
            else:
                _say(letter, f"replayed as {entry_id}", as_json=as_json, entry_id=entry_id)
        return good

    if not with_servers(work):
        raise typer.Exit(PROBLEM)


@app.command("drop")
def drop(
    letters: Letters = None,
    reason: Reason = None,
    everything: Everything = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Remove dead letters; a row in PostgreSQL keeps each.

    Example: cricksy-ocr dead drop --reason malformed_entry --yes
    """

    async def work(servers: Servers) -> None:
        chosen = await _chosen(servers, letters, reason, everything=everything)
        _agree(chosen, "Drop", yes=yes)
        for letter in chosen:
            await drop_letter(servers.client, servers.keys, servers.database, letter)
            _say(letter, "dropped", as_json=as_json)

    with_servers(work)


def _agree(chosen: list[DeadLetter], verb: str, *, yes: bool) -> None:
    if not chosen or yes:
        return
    for letter in chosen[:SHOWN]:
        print(f"{letter.letter_id}  {letter.upload_id or '-'}  {letter.reason}", file=sys.stderr)
    if len(chosen) > SHOWN:
        print(f"and {len(chosen) - SHOWN} more", file=sys.stderr)
    agree(f"{verb} {some(len(chosen), 'dead letter')}?", yes=yes)


async def _chosen(
    servers: Servers, ids: list[str] | None, reason: str | None, *, everything: bool
) -> list[DeadLetter]:
    """The letters that a command is about.

    Raises:
        typer.BadParameter: none were named, or one is not there.
    """
    if not ids:
        if not reason and not everything:
            raise typer.BadParameter("Name letters, --reason CODE or --all.")
        return [each async for each in dead_letters(servers.client, servers.keys, reason=reason)]
    chosen = []
    by_upload: dict[str | None, DeadLetter] | None = None
    for each in ids:
        letter = None
        if "-" in each and each.replace("-", "").isdecimal():
            letter = await dead_letter(servers.client, servers.keys, each)
        if letter is None:
            if by_upload is None:
                found = dead_letters(servers.client, servers.keys)
                by_upload = {letter.upload_id: letter async for letter in found}
            letter = by_upload.get(each)
        if letter is None:
            raise typer.BadParameter(f"There is no dead letter {each}; see `cricksy-ocr dead ls`.")
        chosen.append(letter)
    return chosen


def _say(letter: DeadLetter, what: str, *, as_json: bool, entry_id: str | None = None) -> None:
    if as_json:
        print(json.dumps({**_told(letter), "text": what, "entry_id": entry_id}))
    else:
        print(f"{letter.letter_id}  {letter.upload_id or '-'}  {letter.reason}  {what}")


def _told(letter: DeadLetter) -> dict[str, Any]:
    told = {name: getattr(letter, name) for name in FIELDS}
    return {**told, "failed_at": letter.failed_at.isoformat() if letter.failed_at else None}
