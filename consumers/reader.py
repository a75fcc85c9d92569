"""Reading one upload: fetch its object, run the stages in a child, commit what was read."""

import asyncio
import time
from datetime import timedelta

from consumers.children import Child
from consumers.preview import preview_of_document
from consumers.stage_log import StageLog
from otel import metrics
from pipeline.errors import OcrError
from pipeline.reading import PIPELINE_VERSION, Reading
from pipeline.storage import scorecards
from pipeline.storage.attempts import Opened
from pipeline.storage.database import Database
from pipeline.storage.objects import Fetched, ObjectStore

Commitment = scorecards.Commitment


class Reader:
    """Reads uploads from the object store into the database.

    Args:
        database: PostgreSQL.
        objects: the object store.
        max_bytes: of a file; a larger one is refused before it is fetched.
    """

    def __init__(self, database: Database, objects: ObjectStore, max_bytes: int) -> None:
        self._database = database
        self._objects = objects
        self._max_bytes = max_bytes

    async def read(
        self, upload_id: str, opened: Opened, child: Child, stages: StageLog
    ) -> Commitment:
        """Carry an opened attempt to its commit.

        Raises:
            OcrError: what stood in the way.
        """
        with stages.stage("fetch"):
            fetched = await self._fetch(opened)
        reading = await _read_in(child, fetched.content, stages)
        began = time.perf_counter()
        with stages.stage("commit"):
            commitment = await scorecards.commit(
                self._database,
                upload_id,
                opened.fence,
                document=reading.document,
                verified=reading.verified,
                pipeline_version=PIPELINE_VERSION,
                preview=preview_of(reading),
                stages=stages.rows(),
                digest=fetched.digest,
            )
        if isinstance(commitment, scorecards.Committed):
            took = timedelta(seconds=time.perf_counter() - began)
            metrics.committed(took, verified=reading.verified, confidence=reading.confidence)
        return commitment

    async def _fetch(self, opened: Opened) -> Fetched:
        began = time.perf_counter()
        code: str | None = None
        try:
            return await self._objects.fetch(opened.bucket, opened.key, self._max_bytes)
        except OcrError as error:
            code = error.code
            raise
        finally:
            metrics.fetched(timedelta(seconds=time.perf_counter() - began), code)


async def _read_in(child: Child, content: bytes, stages: StageLog) -> Reading:
    """Run the stages in the child, and keep what is known of them however that ends."""
    try:
        reading = await child.read(content, stages.begin)
    except asyncio.CancelledError:
        stages.break_off(None)
        raise
    except OcrError as error:
        if error.stages:
            stages.add(error.stages, error.code)
        else:
            stages.break_off(error.code)
        raise
    stages.add(reading.stages)
    return reading


def preview_of(reading: Reading) -> dict[str, object]:
    """The keys of `uploads.parsed_preview` that the backend's review page reads."""
    return {
        **preview_of_document(reading.document),
        "confidence": reading.confidence,
        "raw_ocr": reading.raw_text,
    }
