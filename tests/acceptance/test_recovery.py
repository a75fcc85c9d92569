"""Redis lost altogether, PostgreSQL restored from a dump; and what of uploads stands in Redis."""

import asyncio
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.devstack import DevStack, wheels
from pipeline.storage.migrate import migrate
from tests.acceptance.replica import running_replica
from tests.acceptance.system import COMMAND, System
from tests.wait import wait_until

APP = "tests.acceptance.slow_app:app"
NAMES = "Rahul Sharma c Patel b Jones.jpg"
"""A file is often called after who played."""


@pytest.fixture
def alone(stack: DevStack) -> Iterator[DevStack]:
    """A Valkey of the test's own, beside the shared servers."""
    shared = {k: v for k, v in stack.environment.items() if k != "CRICKSY_REDIS_URL"}
    with (
        tempfile.TemporaryDirectory(prefix="cricksy-tests-") as folder,
        DevStack(Path(folder) / "stack", environment=shared) as valkey,
    ):
        yield valkey


@pytest.fixture
def system(environment: dict[str, str], alone: DevStack) -> System:
    asyncio.run(migrate(environment["DATABASE_URL"]))
    own = {"CRICKSY_REDIS_URL": alone.environment["CRICKSY_REDIS_URL"], "CRICKSY_CONCURRENCY": "1"}
    return System({**environment, **own})


def told(system: System, *arguments: str) -> Any:
    """What `cricksy-ocr … --json` says."""
    done = subprocess.run(
        [COMMAND, *arguments, "--json"],
        env=system.environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def postgresql(program: str, *arguments: str) -> None:
    found = wheels.postgres_installation() / "bin" / program
    subprocess.run([found, *arguments], check=True, timeout=60)


def restore(url: str, dump: Path) -> None:
    """Into a new database in the place of the one that is lost."""
    server, _, name = url.rpartition("/")
    maintenance = f"--maintenance-db={server}/postgres"
    postgresql("dropdb", maintenance, "--force", name)
    postgresql("createdb", maintenance, name)
    postgresql("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={url}", str(dump))


def wait_until_failed(system: System, upload_id: str) -> None:
    def has_failed() -> bool:
        upload = system.upload(upload_id)
        return upload is not None and upload.status == "failed"

    wait_until(has_failed, timeout=60, message="failed")


def test_redis_lost_and_postgresql_from_a_dump_end_in_a_clean_audit(
    system: System, alone: DevStack, tmp_path: Path
) -> None:
    dump = tmp_path / "cricksy.dump"
    url = system.environment["DATABASE_URL"]
    with running_replica(system.environment, APP):
        before, failed = system.publish(b"read before the dump"), system.record(None)
        system.add({"data": json.dumps({"upload_id": failed})})
        system.wait_until_parsed(before)
        wait_until_failed(system, failed)
        with system.redis as redis:
            redis.set(system.keys.paused, "{}")
        between = [system.publish(b"read after the dump") for _ in range(2)]
        postgresql("pg_dump", "--format=custom", f"--file={dump}", f"--dbname={url}")
        with system.redis as redis:
            redis.delete(system.keys.paused)
        for upload in between:
            system.wait_until_parsed(upload)

    alone.valkey.stop()
    shutil.rmtree(alone.folder / "valkey" / "appendonlydir")
    alone.valkey.start()
    restore(url, dump)

    assert system.scorecard(before) is not None
    assert [system.is_parsed(upload) for upload in between] == [False, False]
    republished = told(system, "reconcile", "--settled-for", "0")
    assert {each["upload_id"] for each in republished} == set(between)
    with running_replica(system.environment, APP):
        for upload in between:
            system.wait_until_parsed(upload)
        wait_until(lambda: system.unfinished() == 0)
    verdict = told(system, "audit")
    assert (verdict["holds"], verdict["published"]) == (True, 4)
    assert verdict["by_status"] == {"parsed": 3, "failed": 1}


def everything(system: System) -> dict[str, str]:
    """All that stands in Redis, as text by key."""
    dump = {}
    with system.redis as redis:
        for key in redis.scan_iter():
            match redis.type(key):
                case b"stream":
                    found: Any = redis.xrange(key)
                case b"hash":
                    found = redis.hgetall(key)
                case b"zset":
                    found = redis.zrange(key, 0, -1)
                case _:
                    found = redis.get(key)
            dump[key.decode()] = repr(found)
    return dump


def test_redis_holds_ids_and_sentences_and_nothing_of_the_pictures(
    system: System, tmp_path: Path
) -> None:
    held, picture = tmp_path / "held", tmp_path / NAMES
    picture.write_text(str(held))
    with running_replica(system.environment, APP):
        (in_work,) = system.submit(picture)
        wait_until(held.exists, timeout=60)
        (missing,) = system.submit(picture)
        forget_picture(system, missing["upload_id"])
        wait_until(lambda: bool(system.stages()))
        during = everything(system)
        held.unlink()
        wait_until(lambda: bool(system.letters()), timeout=60)
        after = everything(system)

    keys = system.keys
    assert {keys.stream, keys.replicas, keys.stages} <= set(during)
    assert in_work["upload_id"] in during[keys.stream]
    assert missing["upload_id"] in after[keys.dead]
    for secret in ("Rahul", "X-Amz", *secrets_of(system)):
        assert [key for key, held in during.items() if secret in held] == [], secret
    # An object that is missing is named by its key, which ends with the file's name.
    assert [key for key, held in after.items() if "Rahul" in held] == [keys.dead]
    (letter,) = system.letters()
    assert [name for name, value in letter.items() if b"Rahul" in value] == [b"error"]


def forget_picture(system: System, upload_id: str) -> None:
    upload = system.upload(upload_id)
    assert upload is not None
    objects = system.object_store()
    asyncio.run(objects.delete(upload.bucket, upload.key))
    objects.close()


def secrets_of(system: System) -> list[str]:
    variables = ("DATABASE_URL", "CRICKSY_REDIS_URL", "CRICKSY_S3_SECRET_KEY")
    return [system.environment[each] for each in variables]
