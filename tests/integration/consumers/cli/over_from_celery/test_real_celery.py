"""Moving over from a real Celery: what it wrote, and what its worker held when it was killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from redis import Redis

from tests.integration.consumers.cli.conftest import Operator
from tests.integration.consumers.cli.over_from_celery.conftest import entries, recorded
from tests.wait import wait_until

BACKEND = "tests.integration.consumers.cli.over_from_celery.old_backend"
ROOT = Path(__file__).parents[5]
HOUR = 3600


def publish(operator: Operator, calls: list[dict[str, Any]], protocol: int = 2) -> None:
    subprocess.run(
        [sys.executable, "-m", BACKEND],
        env={**operator.environment, "PROTOCOL": str(protocol)},
        input="\n".join(map(json.dumps, calls)),
        text=True,
        check=True,
        cwd=ROOT,
    )


@contextmanager
def worker(operator: Operator, log: Path) -> Iterator[None]:
    """A worker that is killed in the end, its children with it."""
    command = [sys.executable, "-m", "celery", "-A", BACKEND, "worker", "-Q", "ocr"]
    command += ["--concurrency=1", "--prefetch-multiplier=2", f"--logfile={log}"]
    process = subprocess.Popen(
        command,
        env=operator.environment,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        assert process.poll() is None, log.read_text()
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def contents(broker: Redis) -> dict[bytes, object]:
    keys: Any = broker.keys("*")
    return {key: broker.dump(key) for key in keys}


def test_what_celery_wrote_and_what_its_killed_worker_held_is_published_once(
    operator: Operator, broker: Redis, tmp_path: Path
) -> None:
    uploads = [recorded(operator) for _ in range(7)]
    first, second, third, packed, late, urgent, old = uploads
    calls: list[dict[str, Any]] = [{"args": [each]} for each in (first, second, third)]
    calls.append({"kwargs": {"upload_id": packed}, "compression": "gzip"})
    calls.append({"args": [late], "countdown": HOUR})
    calls.append({"args": [urgent], "priority": 7})
    publish(operator, calls)
    publish(operator, [{"args": [old]}], protocol=1)
    log = tmp_path / "worker.log"
    with worker(operator, log):
        wait_until(
            lambda: broker.hlen("unacked") and broker.pubsub_numpat(),
            timeout=60,
            message="Celery holds some, and listens",
        )
        told = operator.told("import-celery", "--yes", code=1)
        assert (told["celery_workers"], told["moved"]) == (1, False)
        assert entries(operator) == []
    wait_until(lambda: not broker.pubsub_numpat(), message="Valkey noticed the death")
    assert "Traceback" not in log.read_text()

    before = contents(broker)
    told = operator.told("import-celery", "--dry-run")
    assert {each["upload_id"]: each["fate"] for each in told["messages"]} == {
        upload: "delayed" if upload == late else "published" for upload in uploads
    }
    assert 0 < told["held_by_workers"] < len(uploads)
    assert contents(broker) == before
    assert entries(operator) == []

    told = operator.told("import-celery", "--yes")
    assert (told["published"], told["delayed"], told["left"]) == (6, 1, 0)
    assert Counter(entries(operator)) == Counter(set(uploads) - {late})
    waits: Any = operator.redis.zrange(operator.keys.retry, 0, -1, withscores=True)
    [(_, due)] = waits
    assert HOUR - 120 < due / 1000 - time.time() <= HOUR
    assert "with a countdown" in operator.told("why", late)["text"]
    assert not broker.exists("ocr", "ocr\x06\x166", "unacked", "unacked_index")
    assert operator.told("audit")["holds"]

    told = operator.told("import-celery", "--yes")
    assert told["messages"] == []
    assert len(entries(operator)) == len(uploads) - 1
