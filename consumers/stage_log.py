"""The stages of one attempt as they pass: told, timed, counted, and a span each."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from otel import metrics, spans
from pipeline.errors import OcrError
from pipeline.reading import StageTime


@dataclass(slots=True)
class StageLog:
    """What has run, in this process and in its child."""

    started: Callable[[str, int | None], None]
    """Told of each stage that begins."""
    _ended: list[tuple[StageTime, str | None]] = field(default_factory=list)
    _begun: list[tuple[str, int | None, float]] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """A stage that this process runs itself."""
        self.started(name, None)
        began = time.time()
        code: str | None = None
        try:
            with spans.stage(name):
                yield
        except OcrError as error:
            code = error.code
            raise
        finally:
            self._end(StageTime(name, began, time.time()), code)

    def begin(self, name: str, page: int | None) -> None:
        """The child begins a stage."""
        self._begun.append((name, page, time.time()))
        self.started(name, page)

    def add(self, stages: tuple[StageTime, ...], error_code: str | None = None) -> None:
        """Stages that the child ran, as it has timed them; an error is the last one's."""
        for number, each in enumerate(stages, start=1):
            code = error_code if number == len(stages) else None
            spans.record_stage(each.name, each.started_at, each.ended_at, each.page, code)
            self._end(each, code)
        self._begun.clear()

    def break_off(self, error_code: str | None) -> None:
        """The child has died, or was killed: its stages as far as it had told them.

        Args:
            error_code: what the stage died of in which it was; None where nothing was wrong.
        """
        ends = [began for _, _, began in self._begun[1:]]
        self.add(
            tuple(
                StageTime(name, began, ended, page)
                for (name, page, began), ended in zip(
                    self._begun, [*ends, time.time()], strict=False
                )
            ),
            error_code,
        )

    def rows(self) -> list[dict[str, object]]:
        """As `ocr_attempts.stages` holds them."""
        return [
            {**asdict(stage), **({} if code is None else {"error_code": code})}
            for stage, code in self._ended
        ]

    def _end(self, stage: StageTime, error_code: str | None) -> None:
        self._ended.append((stage, error_code))
        took = timedelta(seconds=max(stage.ended_at - stage.started_at, 0))
        metrics.stage_ended(stage.name, took, error_code)
