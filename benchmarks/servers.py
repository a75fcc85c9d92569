"""Real servers for a benchmark, and on them a queue of its own for each thing that is measured."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import psutil
import psycopg
from psycopg import sql
from redis import Redis

from benchmarks.waiting import Unfinished, wait_until
from consumers.connection import connect
from consumers.entry import MESSAGE, Entry, encode
from consumers.queue import replicas_of
from consumers.stream import Keys
from deploy.devstack import DevStack
from pipeline.storage.migrate import migrate

FASTSTREAM = Path(sys.executable).with_name("faststream")
STDERR = 2
GROUP = "ocr"
LOOK = 0.1
"""Seconds between looks whether all have ended. Seldom: the servers' cores are those of what is
measured. When each one ended stands in its row."""
LOOK_AT_STARTS = 0.25
SOON = timedelta(hours=1)
"""Until then, the reconciler takes no upload for lost whose entry is still to be added."""
LEAVING = 30.0
"""Seconds that a replica may take to leave."""


@contextmanager
def running_servers(*, durable: bool = True) -> Iterator[DevStack]:
    """Valkey, PostgreSQL and S3 in a folder that goes with them."""
    with tempfile.TemporaryDirectory(prefix="cricksy-bench-") as folder:
        # PostgreSQL runs as another user where this one is root.
        Path(folder).chmod(0o711)
        with DevStack(Path(folder) / "stack", environment={}, durable=durable) as stack:
            yield stack


class OwnQueue:
    """A stream and a database of one's own on the shared servers.

    Args:
        servers: environment that leads to them.
        name: of letters and digits; another one is made of it each time.
        variables: of its replicas, besides; they have one slot each.
    """

    def __init__(
        self, servers: Mapping[str, str], name: str, variables: Mapping[str, str] | None = None
    ) -> None:
        self.name = f"{name}_{uuid4().hex[:8]}"
        inherited = {
            variable: value
            for variable, value in os.environ.items()
            if not variable.startswith(("CRICKSY_", "OTEL_"))
        }
        self.environment: dict[str, str] = {
            **inherited,
            **servers,
            "DATABASE_URL": _new_database(servers["DATABASE_URL"], self.name),
            "CRICKSY_STREAM": f"{{{self.name}}}:uploads",
            "CRICKSY_CONCURRENCY": "1",
            "CRICKSY_LOG_LEVEL": "ERROR",
            **(variables or {}),
        }
        self.keys = Keys(self.environment["CRICKSY_STREAM"], GROUP)
        self.redis = Redis.from_url(self.environment["CRICKSY_REDIS_URL"])
        self._stored: set[str] = set()
        asyncio.run(migrate(self.environment["DATABASE_URL"]))

    @contextmanager
    def database(self) -> "Iterator[psycopg.Connection[tuple[Any, ...]]]":
        """A connection that commits each statement."""
        with psycopg.connect(self.environment["DATABASE_URL"], autocommit=True) as connection:
            yield connection

    def record(self, cards: Sequence[bytes], *, unseen_for: timedelta = SOON) -> list[str]:
        """Objects and rows of uploads, as a backend writes them; no entry names them yet.

        Args:
            cards: bytes of each; the same bytes are stored once.
            unseen_for: how long the reconciler is not to miss their entries.

        Returns:
            Their ids.
        """
        bucket = self.environment["CRICKSY_S3_BUCKET"]
        named = {content: sha256(content).hexdigest() for content in set(cards)}
        self._store({content: key for content, key in named.items() if key not in self._stored})
        uploads = [uuid4().hex for _ in cards]
        columns = "id, filename, content_type, file_size, s3_bucket, s3_key, status, updated_at"
        with self.database() as database, database.transaction():
            row = database.execute("SELECT now() + %s", [unseen_for]).fetchone()
            changed = row[0] if row else None
            with database.cursor().copy(f"COPY uploads ({columns}) FROM STDIN") as copy:
                for upload, content in zip(uploads, cards, strict=True):
                    stored = (len(content), bucket, named[content])
                    copy.write_row((upload, "card", "image/png", *stored, "uploaded", changed))
        return uploads

    def announce(self, uploads: Sequence[str]) -> float:
        """Add their entries, all at once.

        Returns:
            The moment before that, as `time.time()`.
        """
        messages = self.messages_for(uploads)
        began = time.time()
        self.add(messages)
        return began

    @staticmethod
    def messages_for(uploads: Sequence[str]) -> list[bytes]:
        """What their entries hold."""
        return asyncio.run(_encoded(uploads))

    def add(self, messages: Sequence[bytes]) -> None:
        """Add an entry for each."""
        with self.redis.pipeline(transaction=False) as commands:
            for message in messages:
                commands.xadd(self.keys.stream, {MESSAGE: message})
            commands.execute()

    def ends_of(self, uploads: Sequence[str]) -> list[float]:
        """Waits until none of them is unfinished; then when the result of each was committed.

        Raises:
            Unfinished: it takes too long, or one of them was not read.
        """
        asked = [list(uploads)]
        unfinished = (
            "SELECT FROM uploads WHERE id = ANY(%s) AND status IN ('uploaded', 'processing') "
            "LIMIT 1"
        )
        with self.database() as database:
            wait_until(
                lambda: database.execute(unfinished, asked).fetchone() is None,
                LOOK,
                f"Uploads of {self.name} have not ended in time.",
            )
            rows = database.execute(
                "SELECT id, extract(epoch FROM processed_at)::float8 FROM uploads "
                "WHERE id = ANY(%s) AND status = 'parsed'",
                asked,
            ).fetchall()
        ended = dict(rows)
        if len(ended) < len(uploads):
            raise Unfinished(f"{len(uploads) - len(ended)} uploads of {self.name} were not read.")
        return [ended[upload] for upload in uploads]

    def end_of(self, upload: str) -> float:
        """The same of one alone."""
        return self.ends_of([upload])[0]

    def starts_of(self, uploads: Sequence[str]) -> list[float]:
        """When the first attempt at each was opened."""
        with self.database() as database:
            rows = database.execute(
                "SELECT upload_id, extract(epoch FROM min(started_at))::float8 FROM ocr_attempts "
                "WHERE upload_id = ANY(%s) GROUP BY upload_id",
                [list(uploads)],
            ).fetchall()
        began = dict(rows)
        return [began[upload] for upload in uploads]

    def previews_of(self, uploads: Sequence[str]) -> list[dict[str, Any]]:
        """What was read, as `uploads.parsed_preview` has it."""
        with self.database() as database:
            rows = database.execute(
                "SELECT id, parsed_preview FROM uploads WHERE id = ANY(%s)", [list(uploads)]
            ).fetchall()
        read = dict(rows)
        return [read[upload] for upload in uploads]

    @contextmanager
    def replica(
        self, app: str = "consumers.app:app", variables: Mapping[str, str] | None = None
    ) -> Iterator[psutil.Popen]:
        """A replica that starts, with variables of its own besides; at the end it leaves."""
        environment = {**self.environment, **(variables or {})}
        process = psutil.Popen([FASTSTREAM, "run", app], env=environment, stdout=STDERR)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(LEAVING)
            except (subprocess.TimeoutExpired, psutil.TimeoutExpired):
                process.kill()
                process.wait()

    def await_ready(self, *processes: psutil.Popen) -> None:
        """Waits until all of them would claim.

        Raises:
            Unfinished: it takes too long, or one has ended.
        """
        failure = f"Replicas of {self.name} have not become ready."

        def ready() -> bool:
            if any(each.poll() is not None for each in processes):
                raise Unfinished(failure)
            return {process.pid for process in processes} <= asyncio.run(self._ready())

        wait_until(ready, LOOK_AT_STARTS, failure)

    async def _ready(self) -> set[int]:
        client = connect(self.environment["CRICKSY_REDIS_URL"], self.keys.stream)
        try:
            return {each.pid for each in await replicas_of(client, self.keys) if each.reads}
        finally:
            await client.aclose()

    def _store(self, contents: Mapping[bytes, str]) -> None:
        if not contents:
            return
        store = boto3.client(
            "s3",
            endpoint_url=self.environment["CRICKSY_S3_ENDPOINT_URL"],
            aws_access_key_id=self.environment["CRICKSY_S3_ACCESS_KEY"],
            aws_secret_access_key=self.environment["CRICKSY_S3_SECRET_KEY"],
            region_name=self.environment["CRICKSY_S3_REGION"],
        )
        for content, key in contents.items():
            store.put_object(Bucket=self.environment["CRICKSY_S3_BUCKET"], Key=key, Body=content)
            self._stored.add(key)
        store.close()


async def _encoded(uploads: Sequence[str]) -> list[bytes]:
    return [await encode(Entry(upload)) for upload in uploads]


def _new_database(server: str, name: str) -> str:
    """An empty database beside the one of a URL; gives its URL."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"{server.rpartition('/')[0]}/{name}"
