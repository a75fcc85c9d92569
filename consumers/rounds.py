"""Whether the read loops go round: what a replica is alive by."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Rounds:
    """When each slot last went round; written by the event loop, read by any thread."""

    _began: dict[str, float] = field(default_factory=dict)
    """By consumer, by the monotonic clock. A slot that works on an upload goes round no more until
    that has ended, which its time limits see to: it is left out."""

    def begin(self, consumer: str) -> None:
        """A slot goes round."""
        self._began[consumer] = time.monotonic()

    @contextmanager
    def in_work(self, consumer: str) -> Iterator[None]:
        """A slot works on an upload for the length of this block."""
        self.end(consumer)
        try:
            yield
        finally:
            self.begin(consumer)

    def end(self, consumer: str) -> None:
        """A slot goes round no more, and is not missed."""
        self._began.pop(consumer, None)

    def silences(self) -> dict[str, float]:
        """Seconds since each idle slot last went round."""
        now = time.monotonic()
        return {consumer: now - began for consumer, began in self._began.copy().items()}
