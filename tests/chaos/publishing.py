"""Producers: this software's own publisher, and plain XADDs as backends write them."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

from redis.exceptions import RedisError

from consumers.connection import connect
from consumers.publish import Publisher
from consumers.stream import Client, Keys
from pipeline.errors import Transient
from pipeline.storage.database import Database
from pipeline.storage.objects import ObjectStore, ObjectStoreAddress
from pipeline.storage.uploads import NewUpload, record_upload
from tests.chaos.cards import Behaviour, Card

TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that is to be published, and what reading it does."""

    filename: str
    content: bytes
    behaviour: Behaviour
    real: bool = False
    """A picture that is read in earnest."""


@dataclass(frozen=True, slots=True)
class Servers:
    """What a producer needs."""

    client: Client
    keys: Keys
    database: Database
    objects: ObjectStore
    bucket: str


class Producers:
    """Publishes files in all forms of entries, as often as servers that are away make it needed.

    Args:
        servers: where to.
        random: chooses the forms.
    """

    def __init__(self, servers: Servers, random: Random) -> None:
        self._servers = servers
        self._publisher = Publisher(
            servers.client, servers.keys, servers.database, servers.objects, servers.bucket
        )
        self._random = random
        self.published: dict[str, Wanted] = {}
        """What was announced, by upload id."""
        self.interrupted = 0
        """Publications that met a server that was away. They may have left a row and no entry."""

    async def publish(self, wanted: Wanted) -> str:
        """Publish until it has gone well; gives the upload's id."""
        form = self._random.choice(
            (self._by_publisher, self._by_publisher, self._plain, self._envelope)
        )
        while True:
            try:
                upload_id = await form(wanted)
            except (Transient, RedisError, OSError):
                self.interrupted += 1
                await asyncio.sleep(0.3)
            else:
                self.published[upload_id] = wanted
                return upload_id

    async def _by_publisher(self, wanted: Wanted) -> str:
        published = await self._publisher.publish_file(wanted.filename, wanted.content)
        return published.upload_id

    async def _plain(self, wanted: Wanted) -> str:
        return await self._foreign(wanted, lambda body: {"data": body})

    async def _envelope(self, wanted: Wanted) -> str:
        headers = {"traceparent": f"00-{uuid4().hex}-{uuid4().hex[:16]}-01"}
        return await self._foreign(
            wanted, lambda body: {"__data__": json.dumps({"data": body, "headers": headers})}
        )

    async def _foreign(self, wanted: Wanted, form: Callable[[str], dict[Any, Any]]) -> str:
        servers, upload_id = self._servers, uuid4().hex
        key = f"uploads/{upload_id}/{wanted.filename}"
        await servers.objects.put(servers.bucket, key, wanted.content, TYPE)
        await record_upload(
            servers.database,
            NewUpload(upload_id, wanted.filename, TYPE, len(wanted.content), servers.bucket, key),
        )
        body = json.dumps({"upload_id": upload_id})
        await servers.client.xadd(servers.keys.stream, form(body))
        return upload_id


def wanted_card(card: Card) -> Wanted:
    """A card of the test double, as a file."""
    return Wanted(f"{card.name}.json", card.to_bytes(), card.behaviour)


def real_cards(folder: Path, count: int) -> Iterator[Wanted]:
    """Pictures of cards in turn; each is read in earnest."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    for number in range(count):
        path = files[number % len(files)]
        yield Wanted(f"real-{number}-{path.name}", path.read_bytes(), Behaviour.OK, real=True)


@asynccontextmanager
async def servers_of(environment: Mapping[str, str], keys: Keys) -> AsyncIterator[Servers]:
    """Connections to the servers that the variables name."""
    client = connect(environment["CRICKSY_REDIS_URL"], "{ocr}:uploads")
    objects = ObjectStore(
        ObjectStoreAddress(
            environment["CRICKSY_S3_ENDPOINT_URL"],
            environment["CRICKSY_S3_ACCESS_KEY"],
            environment["CRICKSY_S3_SECRET_KEY"],
        )
    )
    try:
        async with Database(environment["DATABASE_URL"], application_name="chaos") as database:
            yield Servers(client, keys, database, objects, environment["CRICKSY_S3_BUCKET"])
    finally:
        objects.close()
        await client.aclose()
