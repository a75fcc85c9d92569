"""`python -m benchmarks.backfill`: how long people wait for their cards while an archive is read.

Live uploads one after the other, by replicas that read nothing of the archive, and by replicas that
do; in turn, round after round, so that what else the machine does falls out. The latency is from
before an upload is published until its scorecard is committed.
"""

import argparse
import asyncio
import json
import os
import platform
import sys
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.servers import OwnQueue, running_servers
from consumers.bulk import BulkPublisher
from consumers.connection import connect
from consumers.publish import Publisher
from consumers.stream import Client, Lane
from pipeline.storage.attempts import attempts_of
from pipeline.storage.database import Database
from pipeline.storage.objects import ObjectStore, ObjectStoreAddress

CARD = Path(__file__).parents[1] / "tests" / "cards" / "images" / "club_clean.png"
PREFIX = "archive/"
WARM = 3
"""Live uploads before any counts, of each side of each round."""
PATIENCE = 120.0
"""Seconds for one live upload."""
POLL = 0.02


@dataclass(slots=True)
class Side:
    """Live uploads of one side."""

    seconds: list[float] = field(default_factory=list)
    archived: int = 0
    """Entries of the archive that were begun meanwhile."""

    @property
    def p95(self) -> float:
        """Seconds that all but one in twenty took at most."""
        return quantiles(self.seconds, n=20, method="inclusive")[-1]


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run gave."""

    alone: Side
    beside: Side
    submitting: float
    """Seconds in which the whole archive was submitted."""

    @property
    def ratio(self) -> float:
        """How much longer people wait while an archive is read."""
        return self.beside.p95 / self.alone.p95


@dataclass(frozen=True, slots=True)
class Bench:
    """The servers, and the way to them."""

    queue: OwnQueue
    replicas: int
    client: Client
    database: Database
    objects: ObjectStore
    bucket: str
    card: bytes

    async def archive(self, objects: int) -> float:
        """Put so many objects into the bucket, and submit them; gives the seconds of the latter."""
        for start in range(0, objects, 50):
            await asyncio.gather(
                *(
                    self.objects.put(self.bucket, f"{PREFIX}{number}", self.card, "image/png")
                    for number in range(start, min(start + 50, objects))
                )
            )
        began = time.perf_counter()
        bulk = BulkPublisher(self.client, self.queue.keys, self.database, self.objects)
        async for _ in bulk.publish_prefix(self.bucket, PREFIX, Lane.BACKFILL):
            pass
        return time.perf_counter() - began

    async def live(self, side: Side, count: int, pause: float, *, beside: bool) -> None:
        """Add so many live uploads to a side, read by replicas of its own.

        Args:
            side: where their seconds are added.
            count: uploads, one after the other.
            pause: seconds between them.
            beside: whether the replicas read of the archive as well.
        """
        own = {} if beside else {"CRICKSY_BACKFILL_CONCURRENCY": "0"}
        with ExitStack() as started:
            for _ in range(self.replicas):
                started.enter_context(self.queue.replica(variables=own))
            for _ in range(WARM):
                await self._seconds()
            waiting = await self._waiting()
            for _ in range(count):
                side.seconds.append(await self._seconds())
                await asyncio.sleep(pause)
            left = await self._waiting()
        if not left:
            raise RuntimeError("The archive came to its end: give more --objects.")
        side.archived += waiting - left

    async def _waiting(self) -> int:
        return int(await self.client.xlen(self.queue.keys.backfill))

    async def _seconds(self) -> float:
        publisher = Publisher(
            self.client, self.queue.keys, self.database, self.objects, self.bucket
        )
        began = time.time()
        upload = await publisher.publish_file("card.png", self.card)
        while time.time() < began + PATIENCE:
            for each in await attempts_of(self.database, upload.upload_id):
                if each.outcome == "committed" and each.finished_at is not None:
                    return each.finished_at.timestamp() - began
            await asyncio.sleep(POLL)
        raise TimeoutError("A live upload was not read.")


@asynccontextmanager
async def bench(queue: OwnQueue, replicas: int) -> AsyncIterator[Bench]:
    """Connect to the servers."""
    environment = queue.environment
    client = connect(environment["CRICKSY_REDIS_URL"], queue.keys.stream)
    objects = ObjectStore(
        ObjectStoreAddress(
            environment["CRICKSY_S3_ENDPOINT_URL"],
            environment["CRICKSY_S3_ACCESS_KEY"],
            environment["CRICKSY_S3_SECRET_KEY"],
        )
    )
    try:
        async with Database(environment["DATABASE_URL"]) as database:
            bucket = environment["CRICKSY_S3_BUCKET"]
            yield Bench(queue, replicas, client, database, objects, bucket, CARD.read_bytes())
    finally:
        await client.aclose()
        objects.close()


async def measure(queue: OwnQueue, asked: argparse.Namespace) -> Measured:
    """Both sides in turn."""
    alone, beside = Side(), Side()
    count = -(-asked.live // asked.rounds)
    async with bench(queue, asked.replicas) as servers:
        submitting = await servers.archive(asked.objects)
        for _ in range(asked.rounds):
            await servers.live(alone, count, asked.pause, beside=False)
            await servers.live(beside, count, asked.pause, beside=True)
    return Measured(alone, beside, submitting)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.backfill", description=__doc__)
    parser.add_argument("--objects", type=int, default=2000, help="in the archive")
    parser.add_argument("--live", type=int, default=30, help="uploads a side")
    parser.add_argument("--rounds", type=int, default=3, help="in which they are read")
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between two of them")
    parser.add_argument("--replicas", type=int, default=1)
    parser.add_argument("--slots", type=int, default=2, help="of each replica")
    parser.add_argument("--json", type=Path, help="write the figures there")
    asked = parser.parse_args()
    with running_servers() as stack:
        slots = {"CRICKSY_CONCURRENCY": str(asked.slots)}
        queue = OwnQueue(stack.environment, "backfill", slots)
        measured = asyncio.run(measure(queue, asked))
    _print(measured, asked)
    if asked.json:
        asked.json.write_text(json.dumps(_told(measured, asked), indent=2))
    return 0


def _print(measured: Measured, asked: argparse.Namespace) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("live uploads", "p50", "p95", "longest", "of the archive begun"):
        table.add_column(heading, justify="left" if heading == "live uploads" else "right")
    for name, side in (("alone", measured.alone), ("beside the archive", measured.beside)):
        figures = (median(side.seconds), side.p95, max(side.seconds))
        table.add_row(name, *(f"{each:.2f} s" for each in figures), str(side.archived))
    console = Console()
    console.print(
        f"{len(measured.alone.seconds)} live uploads a side, {asked.replicas} x {asked.slots} "
        f"slots on {os.cpu_count()} cores; {asked.objects:,} objects submitted in "
        f"{measured.submitting:.1f} s"
    )
    console.print(table)
    console.print(f"p95 beside the archive: {measured.ratio:.2f} x that alone")


def _told(measured: Measured, asked: argparse.Namespace) -> dict[str, Any]:
    return {
        **asdict(measured),
        "alone_p95": measured.alone.p95,
        "beside_p95": measured.beside.p95,
        "ratio": measured.ratio,
        "objects": asked.objects,
        "replicas": asked.replicas,
        "slots": asked.slots,
        "machine": platform.platform(),
    }


if __name__ == "__main__":
    sys.exit(main())
