"""`python -m benchmarks.autoscale`: a burst of uploads, and the replicas that come and go with it.

Prints time, backlog and replicas, a line every two seconds, with each decision and its reason; then
whether anything was lost or read again.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from redis import Redis
from redis.exceptions import ResponseError

from benchmarks.servers import running_servers

COMMAND = Path(sys.executable).with_name("cricksy-ocr")
CARDS = Path(__file__).parents[1] / "tests" / "cards" / "images"
STREAM, GROUP = "{ocr}:uploads", "ocr"
EVERY = 2.0
"""Seconds between two lines."""
QUIET = 10
"""Seconds that a replica is to spare before it leaves."""


@dataclass
class Scaled:
    """What the autoscaled replicas say."""

    living: int = 0
    decisions: "deque[str]" = field(default_factory=deque)

    def follow(self, process: "subprocess.Popen[str]") -> None:
        """Read its log to the end."""
        for line in process.stdout or ():
            event: dict[str, Any] = json.loads(line)
            name = event["event"]
            self.living += (name == "replica ready") - (name == "replica left")
            if name.startswith("autoscale "):
                self.decisions.append(f"{name.removeprefix('autoscale ')}: {event['why']}")


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.autoscale", description=__doc__)
    parser.add_argument("--uploads", type=int, default=200)
    parser.add_argument("--bounds", default="1,4")
    parser.add_argument("--cards", type=Path, default=CARDS, help="a folder of pictures")
    arguments = parser.parse_args()
    with running_servers() as stack:
        environment = {**os.environ, **stack.environment}
        subprocess.run([COMMAND, "migrate"], env=environment, check=True)
        return _burst(environment, arguments.bounds, arguments.uploads, arguments.cards)


def _burst(environment: dict[str, str], bounds: str, uploads: int, cards: Path) -> int:
    pictures = sorted(path for path in cards.iterdir() if path.suffix in {".png", ".jpg"})
    chosen = [str(pictures[number % len(pictures)]) for number in range(uploads)]
    scaled = Scaled()
    with subprocess.Popen(
        [COMMAND, "run", "--autoscale", bounds, "--quiet-seconds", str(QUIET), "--json"],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        following = threading.Thread(target=scaled.follow, args=[process], daemon=True)
        following.start()
        subprocess.run(
            [COMMAND, "submit", *chosen], env=environment, check=True, capture_output=True
        )
        _watch(environment, scaled, int(min(bounds.split(","), key=int)))
        process.send_signal(signal.SIGTERM)
        following.join()
    return _prove(environment, uploads)


def _watch(environment: dict[str, str], scaled: Scaled, fewest: int) -> None:
    """A line every two seconds until all have ended and the fewest are left."""
    began = time.monotonic()
    print(f"{'s':>5} {'waiting':>8} {'in work':>8} {'replicas':>9}")
    with Redis.from_url(environment["CRICKSY_REDIS_URL"]) as redis:
        while True:
            unfinished = int(redis.xlen(STREAM))
            in_work = _in_work(redis)
            line = f"{time.monotonic() - began:5.0f} {unfinished - in_work:8} {in_work:8}"
            print(f"{line} {scaled.living:9}", *_all_of(scaled.decisions), sep="  ", flush=True)
            if not unfinished and scaled.living == fewest:
                return
            time.sleep(EVERY)


def _in_work(redis: Redis) -> int:
    try:
        return int(redis.xpending(STREAM, GROUP)["pending"])
    except ResponseError:
        # The first replica makes the group.
        return 0


def _all_of(decisions: "deque[str]") -> list[str]:
    return [decisions.popleft() for _ in range(len(decisions))]


def _prove(environment: dict[str, str], uploads: int) -> int:
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        row = connection.execute(
            "SELECT count(DISTINCT upload_id), count(*) FROM ocr_attempts"
        ).fetchone()
    read, attempts = row or (0, 0)
    audit = subprocess.run(
        [COMMAND, "audit"], env=environment, check=False, capture_output=True, text=True
    )
    print(f"uploads {uploads}, read {read}, read again {attempts - read}")
    print(audit.stdout.strip())
    return int(read != uploads or attempts != read or audit.returncode != 0)


if __name__ == "__main__":
    sys.exit(main())
