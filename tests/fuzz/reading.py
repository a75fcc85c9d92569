"""Reads files in a child process, as a replica does, and says how each ended."""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from consumers.children import Child, ChildLimits
from consumers.progress import ProgressListener
from pipeline.errors import OcrError, Permanent
from pipeline.options import ReadingOptions
from tests.fuzz.corpus import Specimen

DOCUMENT = "document"
_REFUSALS = {each.code for each in Permanent.__subclasses__()} - {"timed_out", "worker_killed"}


@dataclass(frozen=True, slots=True)
class End:
    """How the reading of a file ended."""

    name: str
    code: str
    """An error's code, or `document`."""
    sentence: str
    seconds: float
    """Wall time."""

    @property
    def is_bad(self) -> bool:
        """Whether the file was neither read nor refused: a fault, a crash or a hang."""
        return self.code not in {DOCUMENT, *_REFUSALS}


def read_all(
    specimens: Iterable[Specimen],
    limits: ChildLimits,
    on_end: Callable[[End], None] = lambda _: None,
) -> list[End]:
    """Reads one file after the other in one slot's child."""
    return asyncio.run(_read_all(specimens, limits, on_end))


def limits_of(timeout: timedelta) -> ChildLimits:
    """A replica's limits, but for the time."""
    return ChildLimits(max_tasks=100, timeout=timeout)


async def _read_all(
    specimens: Iterable[Specimen], limits: ChildLimits, on_end: Callable[[End], None]
) -> list[End]:
    progress = ProgressListener()
    await progress.start()
    child = Child(ReadingOptions(), limits, progress)
    ends = []
    try:
        for specimen in specimens:
            end = await _read(child, specimen)
            on_end(end)
            ends.append(end)
    finally:
        child.stop()
        progress.stop()
    return ends


async def _read(child: Child, specimen: Specimen) -> End:
    started = time.monotonic()
    code, sentence = DOCUMENT, ""
    try:
        await child.read(specimen.content, lambda _stage, _page: None)
    except OcrError as error:
        code, sentence = error.code, str(error)
    return End(specimen.name, code, sentence, time.monotonic() - started)
