"""A handler on real servers, and what stands behind it."""

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from consumers import backfill, retry, stream
from consumers.bulletin import PIN, Bulletin
from consumers.child_process import ReadCard
from consumers.children import Child, ChildLimits
from consumers.handler import Handler
from consumers.lease import LeaseKeeper
from consumers.progress import ProgressListener
from consumers.publish import Publisher
from consumers.reader import Reader
from consumers.retry import Backoff
from consumers.settlement import RetryPolicy, Settlement
from consumers.stream import Claimed, Client, Keys, Lane
from pipeline.options import ReadingOptions
from pipeline.storage.attempts import attempts_of
from pipeline.storage.database import Database
from pipeline.storage.objects import ObjectStore
from pipeline.storage.uploads import NewUpload, get_upload, record_upload

LEASE = timedelta(seconds=1)
MAX_RETRIES = 2
MAX_DELIVERIES = 3


@dataclass(frozen=True)
class Rig:
    """A handler with what it needs, and the servers behind it."""

    client: Client
    keys: Keys
    database: Database
    objects: ObjectStore
    bucket: str
    leases: LeaseKeeper
    handler: Handler
    progress: ProgressListener

    def child(self, read_card: ReadCard, *, timeout: timedelta = timedelta(seconds=30)) -> Child:
        return Child(ReadingOptions(), ChildLimits(100, timeout), self.progress, read_card)

    def with_stores(
        self, *, database: Database | None = None, objects: ObjectStore | None = None
    ) -> "Rig":
        """The same with a server that is away."""
        handler = make_handler(
            self.client,
            self.keys,
            database or self.database,
            objects or self.objects,
            self.leases,
        )
        return replace(self, handler=handler)

    async def publish(self, content: bytes = b"card") -> str:
        upload_id = f"u{await self.client.incr(f'{self.keys.stream}:count')}"
        await self.objects.put(self.bucket, upload_id, content, "image/jpeg")
        await record_upload(
            self.database,
            NewUpload(upload_id, "card.jpg", "image/jpeg", len(content), self.bucket, upload_id),
        )
        await self.client.xadd(self.keys.stream, {"data": json.dumps({"upload_id": upload_id})})
        return upload_id

    async def archive(self, content: bytes = b"card") -> str:
        """Publish an upload of an archive."""
        publisher = Publisher(self.client, self.keys, self.database, self.objects, self.bucket)
        published = await publisher.publish_file("card.jpg", content, Lane.BACKFILL)
        return published.upload_id

    async def claim_of_archive(self, consumer: str = "alice") -> Claimed:
        look = await backfill.claim_next(self.client, self.keys, consumer, turn=False)
        assert look.claimed is not None
        return look.claimed

    async def claim(self, consumer: str = "alice") -> Claimed:
        claimed = await stream.read_next(
            self.client, self.keys, consumer, block=timedelta(milliseconds=1)
        ) or await stream.reclaim_next(self.client, self.keys, consumer, idle=timedelta(0))
        assert claimed is not None
        return claimed

    async def claim_nothing(self, consumer: str) -> None:
        """Join the group: ask for an entry where there is none."""
        await stream.read_next(self.client, self.keys, consumer, block=timedelta(milliseconds=1))

    async def pin_replica(self, name: str, *obstacles: str, slots: int = 1) -> None:
        """A replica of this name says that it lives."""
        waits = dict.fromkeys(obstacles, 0)
        said = {"name": name, "host": "h", "pid": 7, "slots": slots, "obstacles": waits}
        await self.client.eval(PIN, 1, self.keys.replicas, name, json.dumps(said))

    async def handle(self, child: Child) -> Claimed:
        claimed = await self.claim()
        await self.handler.handle(claimed, child)
        child.stop()
        return claimed

    async def status(self, upload_id: str) -> str:
        row = await get_upload(self.database, upload_id)
        assert row is not None
        return row.status

    async def outcomes(self, upload_id: str) -> list[tuple[str | None, str | None]]:
        return [
            (each.outcome, each.error_code) for each in await attempts_of(self.database, upload_id)
        ]

    async def make_due(self) -> None:
        """The wait for the next try is over."""
        waiting: Any = await self.client.zrange(self.keys.retry, 0, -1)
        await self.client.zadd(self.keys.retry, dict.fromkeys(waiting, 0))
        assert await retry.move_due(self.client, self.keys) == 1

    async def queue(self) -> tuple[int, int, int]:
        """Entries in the stream, waiting for a retry, and dead."""
        client, keys = self.client, self.keys
        return (
            int(await client.xlen(keys.stream)),
            int(await client.zcard(keys.retry)),
            int(await client.xlen(keys.dead)),
        )


def make_handler(
    client: Client, keys: Keys, database: Database, objects: ObjectStore, leases: LeaseKeeper
) -> Handler:
    policy = RetryPolicy(MAX_RETRIES, Backoff(timedelta(seconds=60)))
    return Handler(
        client,
        keys,
        database,
        Reader(database, objects, max_bytes=2**20),
        Settlement(client, keys, database, policy),
        leases,
        Bulletin(client, keys, "alice", 1, ()),
        MAX_DELIVERIES,
    )
