from collections.abc import AsyncIterator, Iterator

import pytest

from consumers.lease import LeaseKeeper
from consumers.progress import ProgressListener
from consumers.stream import Client, Keys
from pipeline.storage.database import Database
from pipeline.storage.migrate import migrate
from pipeline.storage.objects import ObjectStore, ObjectStoreAddress
from tests.integration.consumers.rig import LEASE, Rig, make_handler


@pytest.fixture
def leases(redis_url: str, keys: Keys) -> Iterator[LeaseKeeper]:
    with LeaseKeeper(redis_url, keys, LEASE) as leases:
        yield leases


@pytest.fixture
async def rig(
    client: Client,
    keys: Keys,
    database_url: str,
    s3_address: ObjectStoreAddress,
    s3_bucket: str,
    leases: LeaseKeeper,
) -> AsyncIterator[Rig]:
    await migrate(database_url)
    objects = ObjectStore(s3_address)
    progress = ProgressListener()
    await progress.start()
    async with Database(database_url) as database:
        handler = make_handler(client, keys, database, objects, leases)
        yield Rig(client, keys, database, objects, s3_bucket, leases, handler, progress)
    progress.stop()
    objects.close()
    await client.delete(f"{keys.stream}:count")
