"""The operator's verbs beside real replicas."""

import json
import signal
import subprocess
from pathlib import Path
from typing import Any

from tests.acceptance.replica import running_replica
from tests.acceptance.system import COMMAND, System
from tests.wait import wait_until

CARD = Path(__file__).parents[1] / "cards" / "images" / "club_clean.png"


def told(system: System, *arguments: str) -> Any:
    done = subprocess.run(
        [COMMAND, *arguments, "--json"],
        env=system.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def test_nothing_is_begun_while_it_is_paused_and_everything_after(system: System) -> None:
    with running_replica(system.environment) as replica:
        assert told(system, "pause")["replicas_not_paused"] == 0
        upload = system.publish(CARD.read_bytes())

        assert told(system, "why", upload)["state"] in {"held_up", "handed_back"}
        assert replica.events("upload claimed") == []
        told(system, "resume")
        system.wait_until_parsed(upload)

    assert [each.delivery for each in system.attempts(upload)] == [1]


def test_a_drained_system_has_nothing_in_work(system: System) -> None:
    with running_replica(system.environment) as replica:
        # More than one slot can read while the command starts.
        uploads = [system.publish(CARD.read_bytes()) for _ in range(12)]
        replica.wait_for("upload claimed")

        assert told(system, "drain")["drained"]
        assert [each for each in system.pending() if each["times_delivered"]] == []
        assert system.unfinished() > 0
        told(system, "resume")
        for each in uploads:
            system.wait_until_parsed(each)
    assert told(system, "audit")["holds"]


def test_workers_tells_what_a_real_replica_is_and_has_done(system: System) -> None:
    with running_replica(system.environment) as replica:
        system.wait_until_parsed(system.publish(CARD.read_bytes()))
        wait_until(lambda: told(system, "workers")[0]["vitals"]["done"] == 1)

        (worker,) = told(system, "workers")

    assert (worker["pid"], worker["slots"], worker["lives"]) == (replica.process.pid, 1, True)
    assert worker["vitals"]["memory"] > 50_000_000


def test_run_keeps_replicas_running_and_lets_them_leave(system: System) -> None:
    with subprocess.Popen(
        [COMMAND, "run", "--replicas", "1"],
        env=system.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        events = (json.loads(line) for line in process.stdout)
        started = next(each for each in events if each["event"] == "replica ready")
        first = int(started["replica"].split("-")[-2])

        subprocess.run(["kill", "-9", str(first)], check=True)
        again = next(each for each in events if each["event"] == "replica ready")
        assert again["replica"] != started["replica"]

        process.send_signal(signal.SIGTERM)
        assert any(each["event"] == "replica left" for each in events)
        assert process.wait(timeout=60) == 0
