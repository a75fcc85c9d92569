"""`cricksy-ocr stuck`: for cron and probes."""

import json
from datetime import timedelta
from typing import Annotated, Any

import typer

from consumers.cli.servers import Servers, with_servers
from consumers.queue import take_snapshot
from consumers.stuck import Patience, StuckEntry, silence, stuck_entries

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
        too_long = (
            settings.upload_timeout_seconds if older_than is None else timedelta(seconds=older_than)
        )
        snapshot = await take_snapshot(servers.client, servers.keys, servers.database)
        return (
            silence(snapshot, settings.lease_seconds),
            stuck_entries(snapshot, Patience(settings.lease_seconds, too_long)),
        )

    silent, entries = with_servers(work)
    if as_json:
        print(json.dumps({"silence": silent, "entries": [_told(each) for each in entries]}))
    else:
        for each in entries:
            entry = each.entry
            who = f"{entry.entry_id}  {entry.upload_id or '-'}  {entry.consumer}"
            print(f"{who}  {' '.join(each.causes)}")
        if silent or not entries:
            print(silent or "Nothing is stuck.")
    raise typer.Exit(PROBLEM if silent or entries else 0)


def _told(stuck: StuckEntry) -> dict[str, Any]:
    entry = stuck.entry
    return {
        "entry_id": entry.entry_id,
        "upload_id": entry.upload_id,
        "consumer": entry.consumer,
        "idle_seconds": entry.idle.total_seconds(),
        "age_seconds": None if entry.age is None else entry.age.total_seconds(),
        "deliveries": entry.deliveries,
        "stage": None if entry.stage is None else str(entry.stage),
        "causes": list(stuck.causes),
    }
