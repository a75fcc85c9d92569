"""`cricksy-ocr stuck`: for cron and probes."""

import json
from datetime import timedelta
from typing import Annotated, Any

import typer

from consumers.cli.servers import Servers, with_servers
from consumers.stuck import Patience, StuckEntry, group_of, stuck_entries

PROBLEM = 1


def stuck(
    older_than: Annotated[
        float | None,
        typer.Option(
            help="Seconds in work that are too long; CRICKSY_UPLOAD_TIMEOUT_SECONDS if not given."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List the entries that are stuck, from XPENDING; exits with 1 when there are any.

    Stuck is what was idle for two leases, has been in work for too long, was delivered three times
    without an outcome, or waits for a group in which nobody shows life.

    Example: cricksy-ocr stuck --older-than 600 || mail -s 'OCR is stuck' ops@example.org
    """

    async def work(servers: Servers) -> tuple[str | None, list[StuckEntry]]:
        settings = servers.settings
        limit = timedelta(seconds=older_than) if older_than else settings.upload_timeout_seconds
        patience = Patience(settings.lease_seconds, limit)
        silence = (await group_of(servers.client, servers.keys)).silence(patience)
        found = stuck_entries(servers.client, servers.keys, servers.database, patience)
        return silence, [each async for each in found]

    silence, entries = with_servers(work)
    if as_json:
        print(json.dumps({"silence": silence, "entries": [_told(each) for each in entries]}))
    else:
        for each in entries:
            who = f"{each.entry_id}  {each.upload_id or '-'}  {each.consumer}"
            print(f"{who}  {' '.join(each.causes)}")
        print(silence or ("" if entries else "Nothing is stuck."))
    raise typer.Exit(PROBLEM if silence or entries else 0)


def _told(entry: StuckEntry) -> dict[str, Any]:
    return {
        "entry_id": entry.entry_id,
        "upload_id": entry.upload_id,
        "consumer": entry.consumer,
        "idle_seconds": entry.idle.total_seconds(),
        "age_seconds": None if entry.age is None else entry.age.total_seconds(),
        "deliveries": entry.deliveries,
        "causes": list(entry.causes),
    }
