from collections.abc import AsyncIterator

import pytest

from pipeline.storage.attempts import Delivery
from pipeline.storage.database import Database
from pipeline.storage.migrate import migrate
from pipeline.storage.uploads import NewUpload, record_upload

UPLOAD_ID = "u1"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    await migrate(database_url)
    async with Database(database_url) as database:
        yield database


@pytest.fixture
async def upload(database: Database) -> NewUpload:
    upload = NewUpload(
        id=UPLOAD_ID,
        filename="card.png",
        content_type="image/png",
        file_size=1234,
        bucket="pictures",
        key="2024/card.png",
    )
    await record_upload(database, upload)
    return upload


@pytest.fixture
def delivery() -> Delivery:
    return Delivery(UPLOAD_ID, "1-0", "replica-a", 1, "0af7651916cd43dd8448eb211c80319c")
