"""Which further looks are taken at a page, and what each has cost."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from pipeline.options import Look


@dataclass(frozen=True, slots=True)
class LookCost:
    """What one kind of look has cost so far."""

    pictures: int = 0
    """At which it was taken; of those that show the same, Tesseract is shown one."""
    cpu_seconds: float = 0.0


class Looks:
    """Those that are allowed, and their costs; of one file."""

    def __init__(self, allowed: frozenset[Look] = frozenset(Look)) -> None:
        self._allowed = allowed
        self._costs: dict[Look, LookCost] = {}

    def __contains__(self, look: Look) -> bool:
        return look in self._allowed

    @property
    def costs(self) -> Mapping[Look, LookCost]:
        """Of the looks that were taken."""
        return dict(self._costs)

    @contextmanager
    def spending(self, look: Look, pictures: int = 0) -> Iterator[None]:
        """Counts what is done within for a look.

        Args:
            look: which.
            pictures: at which it is taken.
        """
        before = self._costs.get(look, LookCost())
        started = time.thread_time()
        try:
            yield
        finally:
            self._costs[look] = LookCost(
                before.pictures + pictures, before.cpu_seconds + time.thread_time() - started
            )
