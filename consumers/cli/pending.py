"""`cricksy-ocr pending`: what is in work, what waits, and what waits for another try."""

import json
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from consumers.cli.board import entries_table
from consumers.cli.servers import Servers, with_servers
from consumers.cli.told import entry_told
from consumers.console.wording import count, span
from consumers.queue import Snapshot, take_snapshot
from consumers.queue.line import Postponed, WaitingEntry, postponed_entries, waiting_entries


@dataclass(frozen=True, slots=True)
class _Line:
    snapshot: Snapshot
    waiting: list[WaitingEntry]
    postponed: list[Postponed]


def pending(
    waiting: Annotated[
        bool, typer.Option("--waiting", help="List what nobody has claimed yet, too.")
    ] = False,
    retries: Annotated[
        bool, typer.Option("--retries", help="List what waits for another try, too.")
    ] = False,
    limit: Annotated[int, typer.Option(help="Entries of each kind at most.", min=1)] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List what is in work and for how long, oldest first.

    Example: cricksy-ocr pending --waiting --limit 20
    """

    async def work(servers: Servers) -> _Line:
        return _Line(
            await take_snapshot(servers.client, servers.keys, servers.database),
            await waiting_entries(servers.client, servers.keys, limit) if waiting else [],
            await postponed_entries(servers.client, servers.keys, limit) if retries else [],
        )

    line = with_servers(work, tells_of_absence=True)
    if as_json:
        print(json.dumps(_told(line, limit)))
        return
    _print(Console(), line, limit, waiting=waiting, retries=retries)


def _print(console: Console, line: _Line, limit: int, *, waiting: bool, retries: bool) -> None:
    snapshot = line.snapshot
    if snapshot.pending:
        console.print(entries_table(snapshot.pending[:limit]))
    _more(console, len(snapshot.pending), min(limit, len(snapshot.pending)), "in work", None)
    if line.waiting:
        table = Table("upload", "entry", "waits", box=None, pad_edge=False, header_style="dim")
        for each in line.waiting:
            table.add_row(escape(each.upload_id or "names none"), each.entry_id, span(each.waits))
        console.print(table)
    _more(console, snapshot.waiting, len(line.waiting), "waiting", None if waiting else "--waiting")
    if snapshot.backfill:
        archived = f"{count(snapshot.backfill)} of an archive, waiting behind all of these"
        console.print(archived, style="dim", highlight=False)
    if line.postponed:
        table = Table("upload", "retry", "due in", box=None, pad_edge=False, header_style="dim")
        for retry in line.postponed:
            name = escape(retry.upload_id or "names none")
            table.add_row(name, str(retry.number), span(retry.due))
        console.print(table)
    _more(
        console,
        snapshot.retries,
        len(line.postponed),
        "waiting for another try",
        None if retries else "--retries",
    )


def _more(console: Console, total: int, shown: int, what: str, option: str | None) -> None:
    if not total:
        console.print(f"0 {what}", style="dim", highlight=False)
    elif option:
        console.print(f"{count(total)} {what}; {option} lists them", style="dim", highlight=False)
    else:
        rest = f", the first {shown} above" if shown < total else ""
        console.print(f"{count(total)} {what}{rest}", style="dim", highlight=False)


def _told(line: _Line, limit: int) -> dict[str, Any]:
    return {
        "in_work": [entry_told(each) for each in islice(line.snapshot.pending, limit)],
        "in_work_total": len(line.snapshot.pending),
        "waiting": [
            {
                "entry_id": each.entry_id,
                "upload_id": each.upload_id,
                "waits_seconds": round(each.waits.total_seconds(), 3),
            }
            for each in line.waiting
        ],
        "waiting_total": line.snapshot.waiting,
        "backfill_total": line.snapshot.backfill,
        "retries": [
            {
                "upload_id": each.upload_id,
                "retry": each.number,
                "due_seconds": round(each.due.total_seconds(), 3),
            }
            for each in line.postponed
        ],
        "retries_total": line.snapshot.retries,
    }
