"""`cricksy-ocr audit` and `reconcile`: the invariant proved, and restored."""

import json
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from consumers.audit import Audit
from consumers.audit import audit as run_audit
from consumers.cli.servers import Servers, with_servers
from consumers.reconcile import Republished, missing_entries
from consumers.reconcile import reconcile as run_reconcile
from pipeline.storage.attempts import Attempt, attempts_of

SHOWN = 20


def audit(
    upload: Annotated[str | None, typer.Argument(help="Only this upload.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Prove that every published upload has exactly one outcome.

    Exits with 1 when one is lost, was ended twice, or contradicts itself.

    Example: cricksy-ocr audit --json
    """

    async def work(servers: Servers) -> tuple[Audit, list[Attempt]]:
        found = await run_audit(servers.client, servers.keys, servers.database, upload)
        return found, await attempts_of(servers.database, upload) if upload else []

    found, deliveries = with_servers(work)
    if as_json:
        story = [_delivery(each) for each in deliveries]
        told = {"holds": found.holds, **_counts(found), **({"story": story} if upload else {})}
        print(json.dumps(told))
    else:
        _print(found, deliveries)
    raise typer.Exit(0 if found.holds and found.published >= bool(upload) else 1)


def reconcile(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be published again.")
    ] = False,
    settled_for: Annotated[
        float, typer.Option(help="Seconds that an upload has to stand still before it is missed.")
    ] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Publish again what is unfinished in PostgreSQL and has no entry in Redis.

    A replica does the same every few seconds.

    Example: cricksy-ocr reconcile --dry-run
    """
    still = timedelta(seconds=settled_for)

    async def work(servers: Servers) -> list[Republished]:
        queue = (servers.client, servers.keys, servers.database)
        if dry_run:
            return [
                Republished(each, "") for each in await missing_entries(*queue, settled_for=still)
            ]
        return await run_reconcile(*queue, settled_for=still)

    republished = with_servers(work)
    if as_json:
        print(json.dumps([asdict(each) for each in republished]))
        return
    for each in republished:
        print(f"{each.upload_id}  {each.entry_id or 'would be published again'}")
    if not republished:
        print("Nothing is missing: every unfinished upload has its entry.")


def _print(found: Audit, deliveries: list[Attempt]) -> None:
    console = Console()
    verdict = "[green]holds[/]" if found.holds else "[red]does not hold[/]"
    console.print(f"The invariant {verdict} for {found.published} published uploads.")
    table = Table(box=None, show_header=False, pad_edge=False)
    for status, count in sorted(found.by_status.items()):
        table.add_row(status, str(count))
    for reason, count in found.dead_by_reason.most_common():
        table.add_row(f"  given up: {reason}", str(count))
    table.add_row("on their way", str(found.unfinished))
    table.add_row("deliveries", str(found.deliveries))
    table.add_row("lost", str(len(found.lost)))
    table.add_row("ended twice", str(len(found.twice)))
    table.add_row("stale writes refused", str(found.stale_writes_refused))
    console.print(table)
    for name, ids in (
        ("lost (cricksy-ocr reconcile publishes them again)", found.lost),
        ("ended twice", found.twice),
        ("parsed without a scorecard", found.contradictory),
    ):
        for each in ids[:SHOWN]:
            console.print(f"{name}: {each}", style="red", markup=False)
        if len(ids) > SHOWN:
            console.print(f"{name}: {len(ids) - SHOWN} more; --json lists all", style="red")
    if deliveries:
        console.print(_story(deliveries))


def _story(deliveries: list[Attempt]) -> Table:
    table = Table(title="Deliveries", box=None, pad_edge=False, title_justify="left")
    for heading in ("fence", "entry", "no.", "consumer", "began", "seconds", "outcome", "trace"):
        table.add_column(heading, no_wrap=True)
    for each in deliveries:
        outcome = each.outcome or "in work"
        table.add_row(
            str(each.fence),
            each.entry_id,
            str(each.delivery),
            each.consumer,
            f"{each.started_at:%H:%M:%S}",
            _seconds(each.started_at, each.finished_at),
            f"{outcome} {each.error_code}" if each.error_code else outcome,
            each.trace_id or "",
        )
    return table


def _seconds(began: datetime, ended: datetime | None) -> str:
    return "" if ended is None else f"{(ended - began).total_seconds():.2f}"


def _counts(found: Audit) -> dict[str, Any]:
    # Not asdict(): it makes a Counter anew out of pairs, which then are counted.
    return {field.name: getattr(found, field.name) for field in fields(found)}


def _delivery(attempt: Attempt) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(attempt).items()
    }
