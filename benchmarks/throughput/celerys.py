"""Celery with the old worker's task, tuned or as it was shipped."""

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

import boto3
import celery
import psycopg

from benchmarks.throughput.ours import LOOK, PATIENCE, new_database
from pipeline.storage.migrate import migrate

CELERY = Path(sys.executable).with_name("celery")
MODULE = "benchmarks.throughput.old_worker"
OF_WHEEL = Path(sys.executable).with_name("tesseract")


class OldWorker:
    """One Celery worker with so many prefork children.

    Args:
        servers: environment that leads to them.
        children: how many.
        warm: read before anything counts.
        task: of `old_worker`.
        tuned: with OMP_THREAD_LIMIT=1 and the wheel's Tesseract; else as shipped, with Debian's.
    """

    def __init__(
        self,
        servers: Mapping[str, str],
        children: int,
        warm: bytes,
        *,
        tuned: bool,
        task: str = "process_upload_task",
    ) -> None:
        self._task = f"{MODULE}.{task}"
        self.name = "celery tuned" if tuned else "celery as shipped"
        self._children = children
        self._warm = warm
        self._queue = f"old-{uuid4().hex[:8]}"
        program = OF_WHEEL if tuned else Path(shutil.which("tesseract", path="/usr/bin") or "")
        kept = {k: v for k, v in os.environ.items() if k != "OMP_THREAD_LIMIT"}
        self._environment = {
            **kept,
            **servers,
            "DATABASE_URL": new_database(servers["DATABASE_URL"], self._queue.replace("-", "_")),
            "BENCH_BROKER": servers["CRICKSY_REDIS_URL"],
            "BENCH_QUEUE": self._queue,
            "BENCH_TESSERACT": str(program),
            **({"OMP_THREAD_LIMIT": "1"} if tuned else {}),
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        asyncio.run(migrate(self._environment["DATABASE_URL"]))
        self._process = subprocess.Popen(  # noqa: S603 - our own command
            [
                CELERY,
                f"--app={MODULE}",
                "worker",
                "--loglevel=ERROR",
                f"--queues={self._queue}",
                f"--concurrency={self._children}",
                "--without-mingle",
                "--without-gossip",
            ],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.seconds([self._warm] * 2 * self._children)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    def seconds(self, cards: Sequence[bytes]) -> float:
        """From the first message sent until the last row is updated."""
        uploads = self._store(cards)
        with celery.Celery(broker=self._environment["BENCH_BROKER"]) as app:
            began = time.perf_counter()
            for each in uploads:
                app.send_task(self._task, [each], queue=self._queue)
            with psycopg.connect(self._environment["DATABASE_URL"], autocommit=True) as database:
                while self._unfinished(database):
                    if time.perf_counter() - began > PATIENCE:
                        raise TimeoutError("cards are unfinished")
                    time.sleep(LOOK)
            return time.perf_counter() - began

    @staticmethod
    def _unfinished(database: "psycopg.Connection[tuple[int]]") -> bool:
        query = "SELECT FROM uploads WHERE status <> 'parsed' LIMIT 1"
        return database.execute(query).fetchone() is not None

    def _store(self, cards: Sequence[bytes]) -> list[str]:
        environment = self._environment
        store = boto3.client(
            "s3",
            endpoint_url=environment["CRICKSY_S3_ENDPOINT_URL"],
            aws_access_key_id=environment["CRICKSY_S3_ACCESS_KEY"],
            aws_secret_access_key=environment["CRICKSY_S3_SECRET_KEY"],
            region_name=environment["CRICKSY_S3_REGION"],
        )
        uploads = [uuid4().hex for _ in cards]
        with psycopg.connect(environment["DATABASE_URL"]) as database:
            for each, content in zip(uploads, cards, strict=True):
                bucket = environment["CRICKSY_S3_BUCKET"]
                store.put_object(Bucket=bucket, Key=each, Body=content)
                database.execute(
                    "INSERT INTO uploads (id, filename, s3_bucket, s3_key, status) "
                    "VALUES (%s, 'card', %s, %s, 'uploaded')",
                    [each, bucket, each],
                )
        return uploads
