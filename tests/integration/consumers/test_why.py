import json
from datetime import timedelta

from consumers import stream
from consumers.bulletin import PIN, stage_field
from consumers.connection import connect
from consumers.queue import dead_letters
from consumers.replay import drop
from consumers.why import Answer, Rules, explain, gather
from consumers.why.sentence import State
from pipeline.storage.attempts import Delivery, open_attempt
from pipeline.storage.database import Database, DatabaseTimeouts
from pipeline.storage.uploads import cancel_upload
from tests import doubles
from tests.integration.consumers.rig import Rig

RULES = Rules(timedelta(seconds=20), timedelta(seconds=300), 3, 3, timedelta(hours=1))
AT_ONCE = DatabaseTimeouts(connect=timedelta(seconds=1))


async def why(rig: Rig, upload: str) -> Answer:
    return explain(await gather(rig.client, rig.keys, rig.database, upload, RULES))


async def test_an_upload_that_waits_is_told_how_many_are_before_it(rig: Rig) -> None:
    await rig.publish()
    await rig.claim()
    for _ in range(3):
        await rig.publish()
    last = await rig.publish()
    await rig.pin_replica("alice")

    answer = await why(rig, last)

    assert answer.state is State.WAITING
    assert answer.figures["ahead"] == 3


async def test_before_there_is_a_group_all_that_came_before_is_before_it(rig: Rig) -> None:
    await rig.publish()
    last = await rig.publish()
    await rig.client.xgroup_destroy(rig.keys.stream, rig.keys.group)

    answer = await why(rig, last)

    assert answer.state is State.WAITING_FOR_REPLICA
    assert answer.figures["ahead"] == 1


async def test_an_upload_in_work_is_told_with_its_stage(rig: Rig) -> None:
    upload = await rig.publish()
    claimed = await rig.claim("alice-0")
    await open_attempt(rig.database, Delivery(upload, claimed.entry_id, "alice-0", 1, None))
    field = stage_field(claimed.entry_id, "alice-0")
    await rig.client.eval(PIN, 1, rig.keys.stages, field, '["ocr", 2]')
    await rig.pin_replica("alice")

    answer = await why(rig, upload)

    assert answer.state is State.IN_WORK
    assert answer.text.startswith("In work: ocr of page 2 for 0 s at alice-0 (process 7 on h), 0 s")


async def test_what_failed_for_a_while_tells_its_next_try(rig: Rig) -> None:
    upload = await rig.publish()
    await rig.handle(rig.child(doubles.crash))
    await rig.pin_replica("alice")

    answer = await why(rig, upload)

    assert answer.state is State.RETRY
    assert (answer.figures["retry"], answer.figures["code"]) == (1, "ocr_crashed")
    assert "signal SIGSEGV" in answer.text


async def test_what_was_given_up_tells_why_and_how_to_have_it_read_again(rig: Rig) -> None:
    upload = await rig.publish()
    await rig.handle(rig.child(doubles.refuse))

    answer = await why(rig, upload)

    assert answer.state is State.DEAD
    assert answer.text.startswith("Given up as unreadable_image at")
    (letter,) = [each async for each in dead_letters(rig.client, rig.keys)]
    assert answer.command == f"cricksy-ocr dead replay {letter.letter_id} --yes"

    await drop(rig.client, rig.keys, rig.database, letter)
    assert "Its dead letter was dropped at" in (await why(rig, upload)).text


async def test_what_was_read_is_parsed(rig: Rig) -> None:
    upload = await rig.publish()
    await rig.handle(rig.child(doubles.read_nothing))

    answer = await why(rig, upload)

    assert (answer.state, answer.problem) == (State.PARSED, False)
    assert "No scorecard was found." in answer.text or "not verified" in answer.text


async def test_what_was_committed_and_not_acknowledged_is_only_acknowledged(rig: Rig) -> None:
    upload = await rig.publish()
    await rig.handle(rig.child(doubles.read_nothing))
    await rig.client.xadd(rig.keys.stream, {"data": json.dumps({"upload_id": upload})})
    await rig.claim()

    assert "only to be acknowledged" in (await why(rig, upload)).text


async def test_what_was_cancelled_while_it_waited_is_skipped(rig: Rig) -> None:
    upload = await rig.publish()
    await cancel_upload(rig.database, upload)

    answer = await why(rig, upload)

    assert answer.state is State.CANCELLED
    assert "only acknowledged when its turn comes" in answer.text


async def test_what_was_published_twice_is_read_once(rig: Rig) -> None:
    upload = await rig.publish()
    await rig.client.xadd(rig.keys.stream, {"data": json.dumps({"upload_id": upload})})

    assert "2 entries name it: it is read once" in (await why(rig, upload)).text


async def test_what_redis_has_lost_is_not_published(rig: Rig) -> None:
    upload = await rig.publish()
    await rig.client.delete(rig.keys.stream)
    async with rig.database.transaction() as connection:
        await connection.execute("UPDATE uploads SET updated_at = now() - interval '1 minute'")

    assert (await why(rig, upload)).state is State.UNPUBLISHED


async def test_what_a_leaving_replica_gave_back_is_told(rig: Rig) -> None:
    upload = await rig.publish()
    claimed = await rig.claim("alice-0")
    await stream.hand_back(rig.client, rig.keys, claimed.entry_id, "alice-0")
    await rig.pin_replica("bob")

    assert (await why(rig, upload)).state is State.HANDED_BACK


async def test_an_id_that_nothing_names_is_unknown(rig: Rig) -> None:
    assert (await why(rig, "nobody")).state is State.UNKNOWN


async def test_each_server_that_is_away_leaves_the_other_to_tell(rig: Rig) -> None:
    upload = await rig.publish()
    gone = connect("redis://127.0.0.1:1/0", "{ocr}:uploads", retries=0)
    async with Database("postgresql://n@127.0.0.1:1/n", timeouts=AT_ONCE) as nowhere:
        without_redis = explain(await gather(gone, rig.keys, rig.database, upload, RULES))
        without_sql = explain(await gather(rig.client, rig.keys, nowhere, upload, RULES))
        without_both = explain(await gather(gone, rig.keys, nowhere, upload, RULES))
    await gone.aclose()

    assert without_redis.state is State.REDIS_AWAY
    assert without_sql.state is State.POSTGRESQL_AWAY
    assert "Waiting, it is the next." in without_sql.text
    assert without_both.state is State.SERVERS_AWAY
