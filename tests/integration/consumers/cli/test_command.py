"""The verbs over real servers: what they print, what they do, and how they exit."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from consumers.cli.main import app
from tests.integration.consumers.cli.conftest import Operator

COMMAND = Path(sys.executable).with_name("cricksy-ocr")


def test_status_tells_the_whole_queue_on_one_screen(operator: Operator) -> None:
    first, _ = operator.publish(), operator.publish()
    operator.claim("alice-0")
    operator.pin_replica()

    lines = operator.types("status").stdout.splitlines()

    assert len(lines) < 24
    assert any("1 waiting, 1 in work" in line for line in lines)
    assert any(first in line and "alice-0" in line for line in lines)


def test_status_in_json_has_every_figure(operator: Operator) -> None:
    operator.publish()
    operator.pin_replica()

    told = operator.told("status")

    assert (told["waiting"], told["in_work"], told["replicas"], told["slots"]) == (1, 0, 1, 2)
    assert told["uploads"] == {"uploaded": 1}
    assert told["paused"] is None


def test_workers_tell_their_process_and_what_they_work_on(operator: Operator) -> None:
    upload = operator.publish()
    operator.claim("alice-1")
    operator.pin_replica()

    (worker,) = operator.told("workers")

    assert (worker["name"], worker["pid"], worker["lives"]) == ("alice", 7, True)
    assert (worker["vitals"]["done"], worker["vitals"]["replaced"]) == (7, 1)
    assert [each["upload_id"] for each in worker["in_work"]] == [upload]
    text = operator.types("workers").stdout
    assert "version 9.9, up 1 min 1 s, memory 5.0 MB" in text
    assert upload in text


def test_without_a_replica_workers_exits_with_1(operator: Operator) -> None:
    assert "No replica lives" in operator.types("workers", code=1).stdout
    assert operator.told("workers", code=1) == []


def test_pending_lists_what_is_in_work_and_what_waits(operator: Operator) -> None:
    claimed, waiting = operator.publish(), operator.publish()
    operator.claim("alice-0")

    told = operator.told("pending", "--waiting")

    assert [each["upload_id"] for each in told["in_work"]] == [claimed]
    assert [each["upload_id"] for each in told["waiting"]] == [waiting]
    assert told["retries_total"] == 0
    assert waiting not in operator.types("pending").stdout


def test_show_tells_an_uploads_story(operator: Operator) -> None:
    upload = operator.publish()

    told = operator.told("show", upload, code=1)

    assert told["upload"]["game_id"] == "g1"
    assert told["state"] == "waiting_for_replica"
    assert "No replica lives" in operator.types("show", upload, code=1).stdout


def test_show_of_an_unknown_upload_exits_with_1(operator: Operator) -> None:
    assert operator.told("show", "nobody", code=1)["state"] == "unknown"


def test_cancel_without_a_terminal_wants_a_yes(operator: Operator) -> None:
    upload = operator.publish()

    refused = operator.types("cancel", upload, code=2)

    assert "add --yes" in refused.stderr
    assert upload in refused.stderr
    assert operator.status_of(upload) == "uploaded"


def test_cancel_and_retry_are_told_a_line_an_upload(operator: Operator) -> None:
    upload = operator.publish()

    cancelled = operator.told("cancel", upload, "--yes")
    assert (cancelled["upload_id"], cancelled["effect"]) == (upload, "done")
    assert operator.status_of(upload) == "cancelled"
    assert operator.told("cancel", upload)["effect"] == "nothing"

    assert operator.told("retry", upload)["entry_id"]
    assert operator.status_of(upload) == "uploaded"


def test_what_cannot_be_cancelled_or_retried_exits_with_1(operator: Operator) -> None:
    assert operator.told("cancel", "nobody", "--yes", code=1)["effect"] == "refused"
    assert operator.told("retry", "nobody", code=1)["effect"] == "refused"


def test_purge_without_a_terminal_wants_a_yes(operator: Operator) -> None:
    upload = operator.publish()
    operator.bury(upload)

    refused = operator.types("purge", "--dead", code=2)

    assert "1 waiting upload" in refused.stderr
    assert "1 dead letter" in refused.stderr
    assert operator.status_of(upload) == "uploaded"


def test_purge_cancels_what_waits_and_leaves_the_audit_clean(operator: Operator) -> None:
    upload = operator.publish()
    operator.bury(upload)

    told = operator.told("purge", "--dead", "--yes")

    assert told == {"cancelled": 1, "kept": 0, "dropped": 1}
    assert operator.status_of(upload) == "cancelled"
    assert operator.told("audit")["holds"]
    assert operator.redis.xlen(operator.keys.stream) == 1
    assert operator.told("purge", "--dead") == {"cancelled": 0, "kept": 0, "dropped": 0}


def test_dead_letters_go_only_with_a_yes(operator: Operator) -> None:
    letter = operator.bury(operator.publish())

    assert "add --yes" in operator.types("dead", "drop", letter, code=2).stderr
    assert operator.redis.xlen(operator.keys.dead) == 1
    assert operator.told("dead", "drop", letter, "--yes")["letter_id"] == letter
    assert operator.redis.xlen(operator.keys.dead) == 0


def test_pause_and_resume_are_told(operator: Operator) -> None:
    assert operator.told("pause", "--reason", "S3 moves")["paused"]
    assert "S3 moves" in operator.types("status").stdout
    assert operator.told("resume") == {"paused": False, "was_paused": True}
    assert operator.told("resume") == {"paused": False, "was_paused": False}


def test_drain_waits_for_what_is_in_work_and_no_longer_than_told(operator: Operator) -> None:
    operator.publish()
    operator.claim("alice-0")
    operator.pin_replica(obstacles={"paused": 1.0})

    told = operator.told("drain", "--timeout", "0", code=1)
    assert (told["drained"], told["in_work"]) == (False, 1)

    entries: Any = operator.redis.xrange(operator.keys.stream)
    operator.redis.xack(operator.keys.stream, "ocr", entries[0][0])
    assert operator.told("drain", "--timeout", "5")["drained"]
    assert operator.redis.exists(operator.keys.paused)


def test_what_a_dead_replica_holds_does_not_keep_a_drain_waiting(operator: Operator) -> None:
    operator.publish()
    operator.claim("handed-back")

    told = operator.told("drain", "--timeout", "5")

    assert (told["drained"], told["left_behind"]) == (True, 1)


def test_doctor_finds_nothing_bad_in_the_tests_servers(operator: Operator) -> None:
    told = operator.told("doctor")

    assert told["good"]
    assert {each["verdict"] for each in told["checks"]} <= {"good", "hint", "warning"}


def test_a_warning_of_the_doctors_fails_only_who_is_strict(operator: Operator) -> None:
    operator.environment["CRICKSY_CONSOLE_TOKEN"] = "cricket"

    told = operator.told("doctor", "--strict", code=1)

    assert ("console", "warning") in [(each["name"], each["verdict"]) for each in told["checks"]]
    assert operator.told("doctor")["good"]


def test_config_hides_secrets_and_tells_where_values_come_from(operator: Operator) -> None:
    operator.environment["CRICKSY_REDIS_URK"] = "x"
    result = operator.types("config", "--json")
    told = json.loads(result.stdout)

    secret = operator.environment["CRICKSY_S3_SECRET_KEY"]
    assert secret not in result.stdout
    assert told["settings"]["CRICKSY_S3_SECRET_KEY"]["secret"]
    assert told["settings"]["CRICKSY_STREAM"]["source"] == "environment"
    assert told["settings"]["CRICKSY_MAX_RETRIES"] == {
        "value": "3", "source": "default", "secret": False,
    }  # fmt: skip
    assert told["not_read"] == ["CRICKSY_REDIS_URK"]


@pytest.mark.parametrize(
    "verb",
    ["status", "workers", "pending", "show", "why", "stuck", "audit", "config", "retry", "cancel",
     "purge", "pause", "resume", "drain", "reconcile", "run", "watch", "canary", "console",
     "doctor", "migrate", "dev", "read", "submit"],
)  # fmt: skip
def test_the_help_of_every_verb_gives_an_example(verb: str) -> None:
    result = CliRunner().invoke(app, [verb, "--help"], env={"COLUMNS": "100"})

    assert result.exit_code == 0
    assert f"cricksy-ocr {verb}" in result.stdout.partition("Example:")[2]


def test_migrate_says_what_it_has_applied(operator: Operator) -> None:
    assert operator.told("migrate") == {"applied": []}


def test_wrong_usage_exits_with_2(operator: Operator) -> None:
    operator.types("cancel", code=2)
    operator.types("show", code=2)
    operator.types("no-such-verb", code=2)


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_an_environment_that_does_not_work_exits_with_2(operator: Operator) -> None:
    done = run({**operator.environment, "DATABASE_URL": "mysql://x"}, "status")

    assert (done.returncode, done.stdout) == (2, "")
    assert "DATABASE_URL: must start with postgresql" in done.stderr


def test_redis_away_exits_with_1_and_one_sentence(operator: Operator) -> None:
    done = run({**operator.environment, "CRICKSY_REDIS_URL": "redis://127.0.0.1:1/0"}, "status")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Redis: ")
    assert len(done.stderr.splitlines()) == 1


def test_there_are_no_colours_where_there_is_no_terminal(operator: Operator) -> None:
    operator.publish()

    assert "\x1b" not in run({**operator.environment, "TERM": "xterm"}, "status").stdout


def test_shells_are_given_completion(operator: Operator) -> None:
    environment = {
        **operator.environment,
        "_CRICKSY_OCR_COMPLETE": "complete_bash",
        "COMP_WORDS": "cricksy-ocr pa",
        "COMP_CWORD": "1",
    }

    assert run(environment).stdout.split() == ["pause"]


@pytest.mark.parametrize(
    ("answer", "code", "status"), [("y", 0, "cancelled"), ("n", 1, "uploaded")]
)
def test_at_a_terminal_the_operator_is_asked(
    operator: Operator, answer: str, code: int, status: str
) -> None:
    upload = operator.publish()
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [COMMAND, "cancel", upload],
        env=operator.environment,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        os.close(theirs)
        os.write(ours, f"{answer}\n".encode())
        output, _ = process.communicate(timeout=60)
    os.close(ours)

    assert process.returncode == code
    assert "Cancel 1 upload? [y/N]" in output
    assert operator.status_of(upload) == status
