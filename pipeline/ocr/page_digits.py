"""A page's own digits, as far as they are looked at."""

from collections.abc import Sequence

from pipeline.imaging.runs import Layout
from pipeline.ocr.digits import Opinion, second_opinions
from pipeline.ocr.likeness import ShortRuns, short_runs
from pipeline.ocr.looks import Looks
from pipeline.ocr.noughts import Outlines, outlines_of
from pipeline.options import Look


class PageDigits:
    """Compares the letters of a page's short runs once, for every opinion that is asked for."""

    def __init__(self, layout: Layout, looks: Looks) -> None:
        self._looks = looks
        self.short: ShortRuns | None = None
        """None where there are none, or nothing is to be compared."""
        self._outlines: Outlines | None = None
        if Look.OPINION not in looks:
            return
        with looks.spending(Look.OPINION):
            self.short = short_runs(layout.grey, layout.runs)
        if self.short is not None and Look.OUTLINE in looks:
            with looks.spending(Look.OUTLINE):
                self._outlines = outlines_of(layout.grey, self.short.letters)

    def opinions(self, readings: Sequence[Sequence[str]]) -> list[Opinion | None]:
        """What they say about each of the page's runs, as `second_opinions` gives it."""
        if self.short is None:
            return [None] * len(readings)
        with self._looks.spending(Look.OPINION):
            return second_opinions(self.short, self._outlines, readings)
