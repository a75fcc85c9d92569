"""Sending a canary, waiting for its answer, and cleaning up after it."""

import asyncio
import time
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

import structlog
from redis.exceptions import RedisError

from consumers.alerts.finding import CanaryRound
from consumers.background import pause
from consumers.canary.answer import answer, card, differences
from consumers.publish import add_entry
from consumers.queue import dead_letters, queued_uploads
from consumers.stream import Client, Keys
from otel import metrics
from pipeline.errors import OcrError
from pipeline.storage.canaries import CANARY, canaries_left, is_canary, remove_canaries
from pipeline.storage.database import Database
from pipeline.storage.objects import ObjectStore
from pipeline.storage.scorecards import get_scorecard
from pipeline.storage.uploads import (
    NewUpload,
    UploadStatus,
    cancel_upload,
    get_upload,
    record_upload,
)

log = structlog.get_logger(__name__)

IN_TIME = timedelta(seconds=30)
"""How long the answer may take."""
LOOK = timedelta(milliseconds=250)
PLACES = 3
"""Differences that a sentence names."""
ENDED = {UploadStatus.PARSED, UploadStatus.FAILED}


class Canary:
    """Sends canaries through one queue.

    Args:
        client: Redis.
        keys: the queue.
        database: PostgreSQL.
        objects: the object store.
        bucket: where their pictures are put.
    """

    def __init__(
        self, client: Client, keys: Keys, database: Database, objects: ObjectStore, bucket: str
    ) -> None:
        self._client = client
        self._keys = keys
        self._database = database
        self._objects = objects
        self._bucket = bucket
        self._good_at: float | None = None
        self.last: CanaryRound | None = None
        """How the last one fared."""

    async def send(self, within: timedelta = IN_TIME) -> CanaryRound:
        """Send one, wait for its answer, and clean up; raises nothing for what the system does."""
        upload_id = f"{CANARY}{uuid4().hex}"
        began = time.monotonic()
        stage = "sent"
        try:
            async with asyncio.timeout(within.total_seconds()):
                await self._publish(upload_id)
                stage = "read"
                await self._wait(upload_id)
            wrong = await self._wrong(upload_id)
        except TimeoutError:
            wrong = f"was not {stage} within {within.total_seconds():g} s"
        except (OcrError, RedisError, OSError) as error:
            wrong = f"could not be {stage}: {error}"
        if not wrong:
            self._good_at = time.monotonic()
        text = f"Canary {upload_id} {wrong}" if wrong else "The canary was read right"
        self.last = CanaryRound(
            good=not wrong,
            text=f"{text.rstrip('.')}{'' if wrong else f' in {time.monotonic() - began:.1f} s'}.",
            upload_id=upload_id,
            seconds_since_good=None if self._good_at is None else time.monotonic() - self._good_at,
        )
        await self._end(upload_id)
        return self.last

    def seen(self) -> CanaryRound | None:
        """How the last one fared, as it stands now."""
        if self.last is None or self._good_at is None:
            return self.last
        last = self.last
        return CanaryRound(last.good, last.text, last.upload_id, time.monotonic() - self._good_at)

    async def _publish(self, upload_id: str) -> None:
        picture = card()
        await self._objects.put(self._bucket, _key(upload_id), picture, "image/png")
        await record_upload(
            self._database,
            NewUpload(
                upload_id, "canary.png", "image/png", len(picture), self._bucket, _key(upload_id)
            ),
        )
        with metrics.uncounted():
            await add_entry(self._client, self._keys, upload_id)

    async def _wait(self, upload_id: str) -> None:
        while True:
            upload = await get_upload(self._database, upload_id)
            if upload is not None and upload.status in ENDED:
                return
            await pause(LOOK)

    async def _wrong(self, upload_id: str) -> str:
        """What is wrong with the answer; nothing where it is right."""
        found = await get_scorecard(self._database, upload_id)
        if found is None:
            upload = await get_upload(self._database, upload_id)
            error = upload.error_message if upload else None
            return f"failed: {error or 'it has no scorecard'}"
        places = list(differences(answer(), found.document))
        if not places:
            return ""
        more = f" and {len(places) - PLACES} more" if len(places) > PLACES else ""
        return f"was read wrong at {', '.join(places[:PLACES])}{more}"

    async def _end(self, upload_id: str) -> None:
        try:
            await cancel_upload(self._database, upload_id)
            # The entry is acknowledged a moment after the commit.
            for _ in range(4):
                if not await self.clean_up():
                    return
                await pause(LOOK)
        except (OcrError, RedisError, OSError) as error:
            # The next one cleans up after this one, too.
            log.warning("canary not cleaned up", upload=upload_id, error=str(error))

    async def clean_up(self) -> list[str]:
        """Remove every trace of canaries that nobody will touch again.

        Returns:
            Ids of those that are left: an entry still names them.
        """
        known = set(await canaries_left(self._database))
        letters = [
            letter
            async for letter in dead_letters(self._client, self._keys)
            if is_canary(letter.upload_id)
        ]
        if not known and not letters:
            return []
        queued = await queued_uploads(self._client, self._keys)
        gone = sorted(known - queued)
        if letters:
            await self._client.xdel(self._keys.dead, *(each.letter_id for each in letters))
        for upload_id in gone:
            with suppress(OcrError):
                await self._objects.delete(self._bucket, _key(upload_id))
        await remove_canaries(self._database, gone)
        return sorted(known & queued)


def _key(upload_id: str) -> str:
    return f"canaries/{upload_id}.png"
