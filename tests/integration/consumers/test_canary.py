import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from consumers.canary import Canary
from consumers.canary.answer import answer, card, differences
from consumers.child_process import ReadCard
from consumers.queue import take_snapshot
from pipeline.options import ReadingOptions
from pipeline.stages import read
from pipeline.storage.canaries import canaries_left
from pipeline.storage.objects import ObjectStore, ObjectStoreAddress
from tests import doubles
from tests.integration.consumers.rig import Rig
from tests.wait import wait_until_async

IN_TIME = timedelta(seconds=30)
TOO_SOON = timedelta(seconds=1)
NOWHERE = ObjectStoreAddress("http://127.0.0.1:1", "nobody", "nothing")
TABLES = ("uploads", "scorecards", "ocr_attempts", "ocr_fences", "ocr_publications")


def canary(rig: Rig) -> Canary:
    return Canary(rig.client, rig.keys, rig.database, rig.objects, rig.bucket)


@asynccontextmanager
async def worker(rig: Rig, read_card: ReadCard = read) -> AsyncIterator[None]:
    """Somebody who reads what comes, until the block ends."""
    child = rig.child(read_card)

    async def work() -> None:
        while True:
            if await rig.client.xlen(rig.keys.stream):
                await rig.handler.handle(await rig.claim(), child)
            await asyncio.sleep(0.02)

    working = asyncio.create_task(work())
    try:
        yield
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        child.stop()


async def rows(rig: Rig) -> dict[str, int]:
    """How many rows each table holds, where it holds any."""
    found = {}
    async with rig.database.transaction() as connection:
        for table in TABLES:
            cursor = await connection.execute(f"SELECT count(*) FROM {table}".encode())
            (count,) = await cursor.fetchone() or (0,)
            if count:
                found[table] = int(count)
    return found


async def objects(rig: Rig) -> list[Any]:
    return [each async for page in rig.objects.list(rig.bucket, "") for each in page]


async def nothing_is_left(sender: Canary) -> bool:
    return not await sender.clean_up()


async def test_a_canary_that_is_read_right_leaves_nothing_behind(rig: Rig) -> None:
    sender = canary(rig)
    async with worker(rig):
        found = await sender.send(IN_TIME)

    assert found.good, found.text
    assert found.text.startswith("The canary was read right in ")
    assert await rows(rig) == {}
    assert await objects(rig) == []
    assert await rig.queue() == (0, 0, 0)
    seen = sender.seen()
    assert seen is not None
    assert seen.seconds_since_good is not None


async def test_a_canary_that_nobody_reads_is_late_and_cleaned_up_after_by_the_next(
    rig: Rig,
) -> None:
    sender = canary(rig)
    late = await sender.send(TOO_SOON)

    assert not late.good
    assert late.text == f"Canary {late.upload_id} was not read within 1 s."
    assert await canaries_left(rig.database) == [late.upload_id]

    async with worker(rig):
        await sender.send(IN_TIME)
        await wait_until_async(lambda: nothing_is_left(sender))
    assert await rows(rig) == {}
    assert await objects(rig) == []


async def test_a_canary_that_is_read_wrong_says_where(rig: Rig) -> None:
    async with worker(rig, doubles.read_nothing):
        found = await canary(rig).send(IN_TIME)

    assert not found.good
    assert "was read wrong at /match/teams" in found.text
    assert await rows(rig) == {}


async def test_a_canary_that_is_given_up_leaves_no_dead_letter(rig: Rig) -> None:
    sender = canary(rig)
    async with worker(rig, doubles.refuse):
        found = await sender.send(IN_TIME)
        await wait_until_async(lambda: nothing_is_left(sender))

    assert not found.good
    assert "failed: It is damaged" in found.text
    assert await rig.queue() == (0, 0, 0)
    assert await rows(rig) == {}


async def test_while_s3_is_away_a_canary_says_what_stands_in_the_way(rig: Rig) -> None:
    sender = Canary(rig.client, rig.keys, rig.database, ObjectStore(NOWHERE), rig.bucket)

    found = await sender.send(IN_TIME)

    assert not found.good
    assert found.text.startswith(f"Canary {found.upload_id} could not be sent: The object store at")
    assert await rows(rig) == {}
    assert await rig.queue() == (0, 0, 0)


async def test_uploads_of_others_are_left_alone(rig: Rig) -> None:
    upload = await rig.publish()
    await rig.handle(rig.child(doubles.refuse))
    async with worker(rig):
        await canary(rig).send(IN_TIME)

    assert await rig.status(upload) == "failed"
    snapshot = await take_snapshot(rig.client, rig.keys, rig.database)
    assert (snapshot.dead, len(snapshot.new_letters)) == (1, 1)


def test_the_card_is_read_as_its_answer_says() -> None:
    reading = read(card(), ReadingOptions())

    assert list(differences(answer(), reading.document)) == []
    assert reading.verified


@pytest.mark.parametrize(
    ("found", "places"),
    [
        ({"a": [{"b": 1}], "c": 2, "more": 3}, []),
        ({"a": [{"b": 2}], "c": 2}, ["/a/0/b"]),
        ({"a": [], "c": None}, ["/a", "/c"]),
        ({}, ["/a", "/c"]),
    ],
    ids=json.dumps,
)
def test_what_differs_is_pointed_to(found: Any, places: list[str]) -> None:
    assert list(differences({"a": [{"b": 1}], "c": 2}, found)) == places
