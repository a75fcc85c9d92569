from typing import Any

import pytest

from consumers.queue import DeadLetter, dead_letter, dead_letters
from consumers.replay import ReplayError, drop, replay
from consumers.stream import ensure_group
from pipeline.storage.attempts import attempts_of
from tests import doubles
from tests.integration.consumers.rig import Rig


async def bury_one(rig: Rig) -> tuple[str, DeadLetter]:
    upload = await rig.publish()
    await rig.handle(rig.child(doubles.refuse))
    (letter,) = [each async for each in dead_letters(rig.client, rig.keys)]
    return upload, letter


async def test_a_dead_letter_tells_what_is_needed_to_understand_it(rig: Rig) -> None:
    upload, letter = await bury_one(rig)

    assert (letter.upload_id, letter.reason) == (upload, "unreadable_image")
    assert letter.error == "It is damaged."
    assert (letter.attempts, letter.deliveries, letter.consumer) == (1, 1, "alice")
    (attempt,) = await attempts_of(rig.database, upload)
    assert letter.trace_id == attempt.trace_id
    assert letter.failed_at is not None
    assert await dead_letter(rig.client, rig.keys, letter.letter_id) == letter


async def test_a_replayed_letter_is_read_again(rig: Rig) -> None:
    upload, letter = await bury_one(rig)

    await replay(rig.client, rig.keys, rig.database, letter)
    assert await rig.queue() == (1, 0, 0)
    assert await rig.status(upload) == "uploaded"
    await rig.handle(rig.child(doubles.read_nothing))

    assert await rig.status(upload) == "parsed"
    assert await rig.queue() == (0, 0, 0)


async def test_a_letter_replayed_twice_gives_one_entry(rig: Rig) -> None:
    _, letter = await bury_one(rig)
    await replay(rig.client, rig.keys, rig.database, letter)

    with pytest.raises(ReplayError, match="gone"):
        await replay(rig.client, rig.keys, rig.database, letter)

    assert await rig.queue() == (1, 0, 0)


async def test_an_entry_that_names_no_upload_cannot_be_replayed(rig: Rig) -> None:
    await ensure_group(rig.client, rig.keys)
    await rig.client.xadd(rig.keys.stream, {"data": "no json"})
    await rig.handle(rig.child(doubles.crash))
    (letter,) = [each async for each in dead_letters(rig.client, rig.keys)]

    with pytest.raises(ReplayError, match="names no upload"):
        await replay(rig.client, rig.keys, rig.database, letter)

    assert await rig.queue() == (0, 0, 1)


async def test_letters_are_chosen_by_reason(rig: Rig) -> None:
    await bury_one(rig)

    async def with_reason(reason: str) -> int:
        return len([each async for each in dead_letters(rig.client, rig.keys, reason=reason)])

    assert await with_reason("unreadable_image") == 1
    assert await with_reason("timed_out") == 0


async def test_a_dropped_letter_leaves_a_row(rig: Rig) -> None:
    upload, letter = await bury_one(rig)

    await drop(rig.client, rig.keys, rig.database, letter)

    assert await rig.queue() == (0, 0, 0)
    async with rig.database.transaction() as connection:
        row: Any = await (
            await connection.execute("SELECT upload_id, reason, fields FROM ocr_dropped_letters")
        ).fetchone()
    assert row[:2] == (upload, "unreadable_image")
    assert upload in row[2]["data"]
