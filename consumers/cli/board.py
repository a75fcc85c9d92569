"""The board of `cricksy-ocr status`: the whole system on one screen."""

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from consumers.cli.wording import some
from consumers.console.wording import count, counted, share, size, span
from consumers.operations.overview import Overview
from consumers.queue import PendingEntry, Replica, Snapshot
from pipeline.storage.figures import OF_LATE

SHOWN_ENTRIES = 8
SHOWN_ALERTS = 4
STATUSES = ("initiated", "uploaded", "processing", "parsed", "applied", "failed", "cancelled")


def board(overview: Overview, stream: str) -> RenderableType:
    """Everything that fits on a screen of 24 lines."""
    snapshot = overview.snapshot
    parts: list[RenderableType] = [_head(snapshot, stream), _figures(overview)]
    if snapshot.pending:
        parts += [Text(), entries_table(snapshot.pending[:SHOWN_ENTRIES])]
        more = len(snapshot.pending) - SHOWN_ENTRIES
        if more > 0:
            parts.append(Text(f"{more} more; cricksy-ocr pending lists all", style="dim"))
    if overview.alerts:
        parts.append(Text())
    for alert in overview.alerts[:SHOWN_ALERTS]:
        style = "bold red" if alert.severity == "critical" else "yellow"
        line = Text(f"{alert.name}: {alert.text}", style=style, no_wrap=True, overflow="ellipsis")
        parts += [line, Text(f"  next: {alert.command}", style="dim")]
    more = len(overview.alerts) - SHOWN_ALERTS
    if more > 0:
        parts.append(Text(f"{more} more alerts; cricksy-ocr watch --once", style="dim"))
    return Group(*parts)


def _head(snapshot: Snapshot, stream: str) -> Text:
    head = Text(f"{stream}  {snapshot.at:%Y-%m-%d %H:%M:%S} UTC", style="bold")
    if snapshot.paused is not None:
        reason = f": {snapshot.paused.reason}" if snapshot.paused.reason else ""
        since = span(snapshot.at - snapshot.paused.since)
        by = snapshot.paused.by or "a key set by hand"
        head.append(f"\nPAUSED for {since} by {by}{reason} (cricksy-ocr resume)", style="bold red")
    if snapshot.database_error:
        head.append(f"\n{snapshot.database_error}", style="bold red")
    return head


def _figures(overview: Overview) -> Table:
    snapshot = overview.snapshot
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    table.add_row("queue", _queue(snapshot))
    if snapshot.backfill:
        table.add_row("archive", _archive(snapshot))
    table.add_row("replicas", _replicas(snapshot))
    if snapshot.ledger is not None:
        oldest = snapshot.ledger.oldest
        waits = (
            f"{escape(oldest.upload_id)}, {span(oldest.age)}" if oldest else "nothing unfinished"
        )
        table.add_row("oldest", waits + (f", {oldest.status}" if oldest else ""))
        table.add_row(f"last {span(OF_LATE)}", _of_late(overview))
    if overview.pace is not None and overview.pace.measured:
        pace = overview.pace
        table.add_row("reading", _percentiles(pace.read_p50, pace.read_p95, pace.read_p99))
        table.add_row("waiting too", _percentiles(pace.whole_p50, pace.whole_p95, pace.whole_p99))
    if overview.by_status:
        table.add_row("uploads", _statuses(overview))
    memory = snapshot.memory
    limit = f" of {size(memory.limit)}" if memory.limit else ""
    table.add_row("redis", f"{size(memory.used)}{limit}")
    return table


def _queue(snapshot: Snapshot) -> str:
    due = "" if snapshot.next_retry is None else f" (next in {span(snapshot.next_retry)})"
    new = f" ({len(snapshot.new_letters)} new)" if snapshot.new_letters else ""
    dead = f"{some(snapshot.dead, 'dead letter')}{new}"
    return (
        f"{count(snapshot.waiting)} waiting, {count(len(snapshot.pending))} in work, "
        f"{count(snapshot.retries)} to be tried again{due}, "
        + (f"[red]{dead}[/]" if snapshot.new_letters else dead)
    )


def _archive(snapshot: Snapshot) -> str:
    slots = snapshot.backfill_slots
    by = f"at most {some(slots, 'slot')}" if slots else "[yellow]no slot[/]"
    return f"{count(snapshot.backfill)} waiting behind all of these, read by {by}"


def _replicas(snapshot: Snapshot) -> str:
    alive = [each for each in snapshot.replicas if each.lives]
    silent = len(snapshot.replicas) - len(alive)
    if not alive:
        return "[red]none lives[/]" + (f", {silent} silent" if silent else "")
    text = f"{len(alive)} live, {some(snapshot.reading_slots, 'slot')} to read with"
    held = sorted({name for each in alive for name in each.obstacles})
    if held:
        text += f"; [yellow]held up: {escape(', '.join(held))}[/]"
    return text + (f"; [red]{silent} silent[/]" if silent else "")


def _of_late(overview: Overview) -> str:
    ledger = overview.snapshot.ledger
    if ledger is None:
        return ""
    ended = ledger.ended
    if not ended.committed + ended.dead:
        return "nothing has ended"
    minutes = OF_LATE.total_seconds() / 60
    failed = f"{count(ended.dead)} given up ({share(ended.failure_share)})"
    return (
        f"{count(ended.committed)} read, {(ended.committed + ended.dead) / minutes:.1f} a minute, "
        f"{share(ended.verified_share)} verified, "
        + (f"[red]{failed}[/]" if ended.dead else failed)
    )


def _percentiles(p50: float | None, p95: float | None, p99: float | None) -> str:
    return f"p50 {span(p50)}, p95 {span(p95)}, p99 {span(p99)}"


def _statuses(overview: Overview) -> str:
    known = [(name, overview.by_status.get(name, 0)) for name in STATUSES]
    others = [pair for pair in overview.by_status.items() if pair[0] not in STATUSES]
    return escape(", ".join(f"{counted(n)} {name}" for name, n in known + others if n) or "none")


def entries_table(entries: tuple[PendingEntry, ...] | list[PendingEntry]) -> Table:
    """Claimed entries, a line each."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("upload", "stage", "since", "claimed by"):
        table.add_column(heading, no_wrap=True, overflow="ellipsis")
    table.add_column("in work", justify="right", no_wrap=True)
    table.add_column("idle", justify="right", no_wrap=True)
    table.add_column("delivery", justify="right", no_wrap=True)
    for each in entries:
        stage = each.stage
        table.add_row(
            escape(each.upload_id or "names none"),
            str(stage) if stage else "",
            span(stage.since) if stage else "",
            escape(each.consumer),
            span(each.age) if each.age is not None else "",
            span(each.idle),
            f"[red]{each.deliveries}[/]" if each.deliveries > 1 else str(each.deliveries),
        )
    return table


def owned(snapshot: Snapshot, replica: Replica) -> list[PendingEntry]:
    """What a replica has in its hands."""
    return [each for each in snapshot.pending if replica.owns(each.consumer)]
