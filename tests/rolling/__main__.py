"""`make rolling OLD=v0.1.0`: two replicas replaced one after the other while uploads are read.

The old version is taken from git into a folder of its own; both run on real servers, and both have
work while they change places. Ends with 1 where an upload was lost, ended twice or was read again.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from deploy.devstack import DevStack
from tests.acceptance.replica import RunningReplica, running_replica
from tests.acceptance.system import COMMAND, System
from tests.wait import wait_until

ROOT = Path(__file__).parents[2]
CARDS = ROOT / "tests" / "cards" / "images"
STREAM = {"CRICKSY_STREAM": "{ocr}:uploads", "CRICKSY_CONCURRENCY": "1"}


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m tests.rolling", description=__doc__)
    parser.add_argument("--old", required=True, help="a commit or tag of the version before")
    parser.add_argument("--uploads", type=int, default=300)
    parser.add_argument("--back", action="store_true", help="and back to the old version again")
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="cricksy-rolling-") as folder,
        version_of(arguments.old, Path(folder) / "old") as old,
    ):
        Path(folder).chmod(0o711)
        with DevStack(Path(folder) / "stack", environment={}) as stack:
            return roll(stack, old, arguments.uploads, back=arguments.back)


@contextmanager
def version_of(commit: str, folder: Path) -> Iterator[Path]:
    """The project as it was at a commit."""
    subprocess.run(
        ["git", "worktree", "add", "--quiet", "--detach", str(folder), commit], cwd=ROOT, check=True
    )
    try:
        yield folder
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", str(folder)], cwd=ROOT, check=False)


def roll(stack: DevStack, old: Path, count: int, *, back: bool) -> int:
    """Publish, replace, wait, prove."""
    environment = {"PATH": "/usr/bin:/bin", **stack.environment, **STREAM}
    homes = {"old": old, "new": ROOT}
    for home in homes.values():
        require_home(environment, home)
    system = System(environment)
    subprocess.run([COMMAND, "migrate"], env=of_home(environment, old), check=True, cwd=old)
    pictures = sorted(CARDS.glob("*_clean.png")) or sorted(CARDS.glob("*.png"))
    by_version: dict[str, str] = {}
    began = time.monotonic()
    with ExitStack() as running:

        def start(version: str) -> RunningReplica:
            home = homes[version]
            replica = running.enter_context(
                running_replica(of_home(environment, home), folder=home)
            )
            by_version[replica.events("replica ready")[0]["replica"]] = version
            return replica

        replicas = [start("old") for _ in range(2)]
        uploads = [system.publish(pictures[n % len(pictures)].read_bytes()) for n in range(count)]
        say(began, f"{count} uploads published, two replicas of the old version read")
        rounds = ["new", "old"] if back else ["new"]
        steps = 2 * len(rounds) + 1
        for turn, version in enumerate(rounds):
            for number in range(2):
                goal = count * (2 * turn + number + 1) // steps
                wait_until(lambda goal=goal: ended(system) >= goal, timeout=1800)  # type: ignore[misc]
                code = replicas[number].stop()
                replicas[number] = start(version)
                say(
                    began,
                    f"replica {number + 1} left with code {code}, its {version} successor reads; "
                    f"{ended(system)} have ended",
                )
        wait_until(lambda: ended(system) >= count, timeout=3600)
        say(began, "all have ended")
    return prove(system, uploads, by_version)


def of_home(environment: dict[str, str], home: Path) -> dict[str, str]:
    """The environment in which a process takes the project from a folder."""
    return {**environment, "PYTHONPATH": str(home)}


def require_home(environment: dict[str, str], home: Path) -> None:
    """Stop where a process that is started in a folder would take a part of it from elsewhere."""
    asked = (
        "import consumers, otel, pipeline; "
        "print(consumers.__file__, otel.__file__, pipeline.__file__, sep='\\n')"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked],
        env=of_home(environment, home),
        cwd=home,
        check=True,
        capture_output=True,
        text=True,
    )
    strangers = [file for file in told.stdout.splitlines() if not Path(file).is_relative_to(home)]
    if strangers:
        raise SystemExit(f"{', '.join(strangers)}: not of {home}.")


def ended(system: System) -> int:
    """How many uploads have."""
    with psycopg.connect(system.environment["DATABASE_URL"]) as connection:
        row = connection.execute(
            "SELECT count(*) FROM uploads WHERE status IN ('parsed', 'failed')"
        ).fetchone()
    return int(row[0]) if row else 0


def prove(system: System, uploads: list[str], by_version: dict[str, str]) -> int:
    """Count what ended how, straight from SQL, and ask `audit` as well."""
    with psycopg.connect(system.environment["DATABASE_URL"]) as connection:
        rows = connection.execute(
            "SELECT upload_id, consumer, outcome FROM ocr_attempts"
        ).fetchall()
    commits = Counter(upload for upload, _, outcome in rows if outcome == "committed")
    executions = Counter(upload for upload, _, _ in rows)
    read_by = Counter(by_version[consumer.rpartition("-")[0]] for _, consumer, _ in rows)
    lost = [upload for upload in uploads if not commits[upload]]
    twice = [upload for upload, times in commits.items() if times > 1]
    repeated = sum(times - 1 for times in executions.values())
    audit = subprocess.run(
        [COMMAND, "audit", "--json"],
        env=system.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    told = {
        "uploads": len(uploads),
        "committed": sum(commits.values()),
        "read by": dict(read_by),
        "lost": len(lost),
        "twice": len(twice),
        "executions repeated": repeated,
        "left in the stream": system.unfinished(),
        "audit holds": json.loads(audit.stdout)["holds"],
    }
    for name, value in told.items():
        print(f"{name:<22}{value}")
    return int(bool(lost or twice or repeated or not told["audit holds"]))


def say(began: float, what: str) -> None:
    """One line of progress."""
    print(f"{time.monotonic() - began:6.1f} s  {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
