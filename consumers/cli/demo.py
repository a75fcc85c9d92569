"""The demo: cards submitted to running replicas, shown while they are read."""

import asyncio
import os
import statistics
import time
from collections import defaultdict
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from consumers.cli.replicas import Line, Replicas
from consumers.cli.scorecards import print_scorecard
from consumers.cli.servers import open_servers
from consumers.cli.submission import ENDED, GOOD
from consumers.cli.submit import publisher_of
from consumers.publish import Published
from consumers.settings import load_settings
from pipeline.storage.attempts import attempts_of
from pipeline.storage.database import Database
from pipeline.storage.scorecards import get_scorecard
from pipeline.storage.uploads import upload_statuses

POLL_SECONDS = 0.2
LONGEST_WAIT = 300.0


@dataclass(slots=True)
class Card:
    """One card on its way, as the replicas' log tells it."""

    filename: str
    replica: str = ""
    stages: list[str] = field(default_factory=list)
    state: str = "waiting"
    began: float | None = None
    ended: float | None = None

    @property
    def seconds(self) -> str:
        """Since it was claimed."""
        if self.began is None:
            return ""
        return f"{(self.ended or time.monotonic()) - self.began:.1f}"


class Board:
    """The cards of one demo, kept up to date by log events."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self.cards: dict[str, Card] = {}

    def add(self, published: Published) -> None:
        """A card was submitted."""
        self.cards.setdefault(published.upload_id, Card("")).filename = published.filename

    def on_line(self, number: int, line: Line) -> None:
        """A replica logged an event."""
        if line.get("level") in {"error", "critical"}:
            self._console.print(f"replica {number}: {line}", style="red", markup=False)
        upload = line.get("upload")
        if not upload:
            return
        card = self.cards.setdefault(str(upload), Card(""))
        card.replica = str(number)
        match line["event"]:
            case "upload claimed":
                card.began, card.state, card.stages = time.monotonic(), "in work", []
            case "stage":
                page = f" {line['page']}" if (line.get("page") or 1) > 1 else ""
                card.stages.append(f"{line['stage']}{page}")
            case "upload ended" | "upload given up":
                card.ended = time.monotonic()
                card.state = "read" if line["event"] == "upload ended" else str(line["code"])
        if not self._console.is_terminal:
            self._say(card, line)

    def _say(self, card: Card, line: Line) -> None:
        what = f"{line['stage']}" if line["event"] == "stage" else line["event"]
        self._console.print(
            f"{card.filename:<28} replica {card.replica}  {card.seconds:>5} s  {what}",
            markup=False,
            highlight=False,
        )

    def __rich__(self) -> Table:
        table = Table(box=None, pad_edge=False, header_style="dim")
        for heading in ("card", "replica", "s", "state", "stages"):
            table.add_column(heading, no_wrap=True, overflow="ellipsis")
        for card in self.cards.values():
            style = {"read": "green", "in work": "cyan", "waiting": "dim"}.get(card.state, "red")
            table.add_row(
                escape(card.filename),
                card.replica,
                card.seconds,
                f"[{style}]{card.state}[/]",
                " ".join(card.stages),
            )
        return table


async def run_demo(console: Console, files: list[Path], replicas: int) -> bool:
    """Submit files to `replicas` replicas, show what happens, print what was read.

    Returns:
        Whether every card was read.
    """
    board = Board(console)
    environment = {**os.environ, "CRICKSY_LOG_LEVEL": "DEBUG"}
    async with open_servers(load_settings()) as servers:
        publisher, database = publisher_of(servers), servers.database
        async with Replicas(replicas, environment, board.on_line):
            live = Live(board, console=console) if console.is_terminal else nullcontext()
            with live:
                published = []
                for path in files:
                    each = await publisher.publish_file(path.name, path.read_bytes())
                    board.add(each)
                    published.append(each)
                statuses = await _until_ended(database, published)
        for upload in published:
            await _print_result(console, database, upload)
        await _print_times(console, database, published)
    read = sum(statuses.get(upload.upload_id) in GOOD for upload in published)
    console.print(f"{read} of {len(published)} cards were read.", style="bold")
    return read == len(published)


async def _until_ended(database: Database, published: list[Published]) -> dict[str, str]:
    ids = [upload.upload_id for upload in published]
    deadline = time.monotonic() + LONGEST_WAIT
    while True:
        statuses = await upload_statuses(database, ids)
        if sum(status in ENDED for status in statuses.values()) == len(ids):
            return statuses
        if time.monotonic() > deadline:
            return statuses
        await asyncio.sleep(POLL_SECONDS)


async def _print_result(console: Console, database: Database, upload: Published) -> None:
    card = await get_scorecard(database, upload.upload_id)
    if card is not None:
        print_scorecard(console, upload.filename, card.document)
        return
    story = await attempts_of(database, upload.upload_id)
    why = f"{story[-1].error_code}: {story[-1].error}" if story else "it was not claimed"
    console.print(f"{upload.filename}: not read: {why}", style="red", markup=False)


async def _print_times(console: Console, database: Database, published: list[Published]) -> None:
    """Where time went: a row a stage, over all cards."""
    spent: dict[str, list[float]] = defaultdict(list)
    for upload in published:
        for name, seconds in (await _stage_seconds(database, upload)).items():
            spent[name].append(seconds)
    everything = sum(map(sum, spent.values())) or 1.0
    table = Table(title="Where time went", box=None, pad_edge=False, title_justify="left")
    table.add_column("stage")
    for heading in ("cards", "median ms", "longest ms", "share"):
        table.add_column(heading, justify="right")
    for name, each in spent.items():
        table.add_row(
            name,
            str(len(each)),
            f"{statistics.median(each) * 1000:.0f}",
            f"{max(each) * 1000:.0f}",
            f"{sum(each) / everything:.0%}",
        )
    console.print(table)


async def _stage_seconds(database: Database, upload: Published) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for attempt in await attempts_of(database, upload.upload_id):
        stages: Any = attempt.stages or ()
        for stage in stages:
            sums[stage["name"]] += stage["ended_at"] - stage["started_at"]
    return sums
