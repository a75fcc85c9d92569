"""Reading one upload: fetch its object, run the stages in a child, commit what was read."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

from consumers.children import Child
from otel import spans
from pipeline.errors import OcrError
from pipeline.stages import PIPELINE_VERSION, Reading, StageTime
from pipeline.storage import scorecards
from pipeline.storage.attempts import Opened
from pipeline.storage.database import Database
from pipeline.storage.objects import ObjectStore

Commitment = scorecards.Commitment


@dataclass(slots=True)
class StageLog:
    """The stages of one attempt as they pass; also a span each."""

    started: Callable[[str, int | None], None]
    """Told of each stage that begins."""
    times: list[StageTime] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """A stage that this process runs itself."""
        self.started(name, None)
        began = time.time()
        with spans.stage(name):
            try:
                yield
            finally:
                self.times.append(StageTime(name, began, time.time()))

    def add(self, stages: tuple[StageTime, ...]) -> None:
        """Stages that a child ran."""
        for each in stages:
            spans.record_stage(each.name, each.started_at, each.ended_at, each.page)
        self.times += stages

    def rows(self) -> list[dict[str, object]]:
        """As `ocr_attempts.stages` holds them."""
        return [asdict(each) for each in self.times]


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
            content = await self._objects.get(opened.bucket, opened.key, self._max_bytes)
        try:
            reading = await child.read(content, stages.started)
        except OcrError as error:
            stages.add(error.stages)
            raise
        stages.add(reading.stages)
        with stages.stage("commit"):
            return await scorecards.commit(
                self._database,
                upload_id,
                opened.fence,
                document=reading.document,
                verified=reading.verified,
                pipeline_version=PIPELINE_VERSION,
                preview=preview_of(reading),
                stages=stages.rows(),
            )


def preview_of(reading: Reading) -> dict[str, object]:
    """The keys of `uploads.parsed_preview` that the backend's review page reads."""
    match = reading.document["match"]
    innings = reading.document["innings"]
    return {
        "deliveries": [ball for each in innings for ball in each.get("deliveries") or ()],
        "teams": match.get("teams") or [],
        "metadata": {key: value for key, value in match.items() if key != "teams"},
        "confidence": reading.confidence,
        "raw_ocr": reading.raw_text,
        "warnings": list(reading.warnings),
    }
