"""`cricksy-ocr run --autoscale` beside a real queue."""

import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.acceptance.system import COMMAND, System
from tests.wait import wait_until

CARD = Path(__file__).parents[1] / "cards" / "images" / "club_clean.png"
UPLOADS = 14


class Autoscaled:
    """`cricksy-ocr run --autoscale`, and what it says."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.events: list[dict[str, Any]] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.events.append(json.loads(line))

    def decisions(self) -> list[tuple[str, str]]:
        return [
            (each["event"].removeprefix("autoscale "), each["why"])
            for each in list(self.events)
            if each["event"].startswith("autoscale ")
        ]

    def count(self, event: str) -> int:
        return sum(each["event"] == event for each in list(self.events))


@contextmanager
def autoscaled(system: System, *arguments: str) -> Iterator[Autoscaled]:
    with subprocess.Popen(
        [COMMAND, "run", "--autoscale", *arguments],
        env=system.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Autoscaled(process)
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(timeout=60)
        assert code == 0


def test_it_grows_with_the_backlog_and_shrinks_when_nothing_waits(system: System) -> None:
    with autoscaled(system, "1,2", "--quiet-seconds", "1") as run:
        wait_until(lambda: run.count("replica ready") == 1, timeout=60)
        uploads = [system.publish(CARD.read_bytes()) for _ in range(UPLOADS)]

        wait_until(lambda: run.count("replica left") == 1, timeout=90)
        grown, shrunk = run.decisions()
        assert grown[0] == "starts replica 1, then 2"
        assert grown[1].endswith("uploads wait for 1 slot")
        assert shrunk == (
            "retires replica 1, then 1",
            "it was to spare for 1.0 s",
        )
        for each in uploads:
            system.wait_until_parsed(each)
    # Nothing was read again because a replica left.
    assert [len(system.attempts(each)) for each in uploads] == [1] * UPLOADS


def test_what_is_no_pair_of_numbers_is_refused_with_a_sentence() -> None:
    for arguments in (["--autoscale", "many"], ["--autoscale", "1,2", "--replicas", "2"]):
        done = subprocess.run(
            [COMMAND, "run", *arguments],
            env={**os.environ, "COLUMNS": "200"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 2
        assert "two numbers such as 1,4" in done.stderr or "leave --replicas out" in done.stderr
