"""Moving over from Celery: its queue on a real server, in the form that kombu gives it."""

import json
from typing import Any

from redis import Redis

from pipeline.storage.uploads import UploadStatus
from tests.integration.consumers.cli.conftest import Operator
from tests.integration.consumers.cli.over_from_celery.conftest import entries, message, recorded


def hold(broker: Redis, *messages: str, queue: str = "ocr") -> None:
    """A worker has taken them, the first first."""
    for at, each in enumerate(messages):
        broker.hset("unacked", f"tag-{at}", json.dumps([json.loads(each), "", queue]))
        broker.zadd("unacked_index", {f"tag-{at}": at})


def test_what_waits_is_published_oldest_first_and_the_queue_is_empty(
    operator: Operator, broker: Redis
) -> None:
    first, second = recorded(operator), recorded(operator)
    broker.lpush("ocr", message(first))
    broker.lpush("ocr", message(upload_id=second))

    told = operator.told("import-celery", "--yes")

    assert (told["published"], told["left"]) == (2, 0)
    assert entries(operator) == [first, second]
    assert not broker.keys("*")
    assert operator.told("audit", first)["holds"]


def test_what_was_held_comes_first_and_then_the_most_urgent(
    operator: Operator, broker: Redis
) -> None:
    uploads = [recorded(operator) for _ in range(5)]
    hold(broker, message(uploads[0]), message(uploads[1]))
    broker.lpush("ocr", message(uploads[2]))
    broker.lpush("ocr\x06\x163", message(uploads[3]))
    broker.lpush("ocr\x06\x169", message(uploads[4]))

    told = operator.told("import-celery", "--yes")

    assert (told["published"], told["held_by_workers"]) == (5, 2)
    assert entries(operator) == uploads
    assert not broker.keys("*")


def test_names_that_the_transport_options_changed_can_be_given(
    operator: Operator, broker: Redis
) -> None:
    uploads = [recorded(operator), recorded(operator)]
    broker.lpush("old:cards", message(uploads[0], task="read"))
    broker.lpush("old:cards:6", message(uploads[1], task="read"))
    options = ["--queue", "cards", "--key-prefix", "old:", "--separator", ":", "--task", "read"]
    assert operator.told("import-celery", "--yes", *options)["published"] == 2
    assert entries(operator) == uploads


def test_a_second_run_publishes_nothing_twice(operator: Operator, broker: Redis) -> None:
    upload = recorded(operator)
    for _ in range(2):
        broker.lpush("ocr", message(upload))
        told = operator.told("import-celery", "--yes")
    assert (told["published"], told["waiting_already"]) == (0, 1)
    assert entries(operator) == [upload]


def test_two_messages_of_one_upload_become_one_entry(operator: Operator, broker: Redis) -> None:
    upload = recorded(operator)
    hold(broker, message(upload))
    broker.lpush("ocr", message(upload))
    told = operator.told("import-celery", "--yes")
    assert (told["published"], told["waiting_already"]) == (1, 1)
    assert entries(operator) == [upload]


def test_what_has_ended_is_not_published_and_what_had_failed_is_named(
    operator: Operator, broker: Redis
) -> None:
    parsed, failed = (
        recorded(operator, UploadStatus.PARSED),
        recorded(operator, UploadStatus.FAILED),
    )
    broker.lpush("ocr", message(parsed), message(failed))
    told = operator.told("import-celery", "--yes")
    assert [(each["upload_id"], each["fate"]) for each in told["messages"]] == [
        (parsed, "ended"),
        (failed, "failed"),
    ]
    assert entries(operator) == []
    assert not broker.keys("*")


def test_what_is_not_understood_stays(operator: Operator, broker: Redis) -> None:
    known, lost = recorded(operator), message("no-such-upload")
    foreign = ["no json", message(7), message("a", task="mail.send"), lost]
    broker.lpush("ocr", *foreign, message(known))
    hold(broker, message("b", task="mail.send"), message("c", task="mail.send"))

    told = operator.told("import-celery", "--yes", code=1)

    assert (told["published"], told["left"], told["unknown_upload"]) == (1, 6, 1)
    raws: Any = broker.lrange("ocr", 0, -1)
    assert [raw.decode() for raw in reversed(raws)] == foreign
    assert broker.hlen("unacked") == broker.zcard("unacked_index") == 2
    assert entries(operator) == [known]


def test_what_workers_of_other_applications_hold_is_not_told(
    operator: Operator, broker: Redis
) -> None:
    hold(broker, message("b", task="mail.send"), queue="mail")
    assert operator.told("import-celery", "--yes")["messages"] == []
    assert broker.hlen("unacked") == 1


def test_nothing_is_moved_while_a_worker_lives_unless_it_is_anothers(
    operator: Operator, broker: Redis
) -> None:
    upload = recorded(operator)
    broker.lpush("ocr", message(upload))
    with broker.pubsub() as worker:  # type: ignore[no-untyped-call]  # redis-py has no type for it
        worker.psubscribe("/7.celery.pidbox")
        assert worker.get_message(timeout=5)
        told = operator.told("import-celery", "--yes", code=1)
        assert (told["celery_workers"], told["moved"], entries(operator)) == (1, False, [])
        said = operator.types("import-celery", "--yes", code=1).stderr
        assert "1 worker of Celery on this Redis: stop them first" in said
        assert operator.told("import-celery", "--yes", "--despite-workers")["published"] == 1
    assert entries(operator) == [upload]


def test_a_dry_run_shows_each_upload_and_changes_nothing(operator: Operator, broker: Redis) -> None:
    upload, held = recorded(operator), recorded(operator)
    broker.lpush("ocr", message(upload), message("a[b]", task="mail.send"))
    hold(broker, message(held))
    said = operator.types("import-celery", "--dry-run", code=1).stdout
    assert [line.split(maxsplit=2) for line in said.splitlines()] == [
        [held, "held", "published"],
        [upload, "ocr", "published"],
        ["-", "ocr", "it is of another task, mail.send"],
    ]
    assert (broker.llen("ocr"), broker.hlen("unacked")) == (2, 1)
    assert entries(operator) == []


def test_what_stays_is_shown_by_a_real_run_too(operator: Operator, broker: Redis) -> None:
    broker.lpush("ocr", message("a[b]", task="mail.[/]send"))
    said = operator.types("import-celery", "--yes", code=1).stderr
    assert "-                                 ocr   it is of another task, mail.[/]send" in said


def test_without_a_yes_nothing_is_moved(operator: Operator, broker: Redis) -> None:
    broker.lpush("ocr", message(recorded(operator)))
    said = operator.types("import-celery", code=2)
    assert "1 message: published to the stream." in said.stderr
    assert broker.llen("ocr") == 1
    assert entries(operator) == []


def test_an_empty_queue_is_no_problem(operator: Operator, broker: Redis) -> None:
    assert not broker.keys("*")
    said = operator.types("import-celery").stderr
    assert "Nothing is left in Celery's queue ocr." in said
