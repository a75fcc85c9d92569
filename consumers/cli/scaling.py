"""How many replicas one machine should run: a decision a look, and its reason.

Grows at once and shrinks slowly, as what waits is worse than a replica too many: one more while
uploads wait behind those that are read, one less after a quiet time.
"""

from dataclasses import dataclass
from datetime import timedelta

from consumers.cli.memory import Memory
from consumers.cli.wording import some
from consumers.console.wording import size, span

WAITING_A_SLOT = 2
"""So many uploads may wait for each slot before there is one more replica."""
SPARE_MEMORY = 0.05
"""Share of the machine's memory that stays free."""
LIKELY_SIZE = 400 * 2**20
"""Bytes that a replica is taken to need before one has told what it uses."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The fewest and the most replicas."""

    fewest: int
    most: int

    @classmethod
    def parse(cls, text: str) -> "Bounds":
        """From `1,4`; Celery's order, `4,1`, means the same.

        Raises:
            ValueError: with a sentence on what is wrong.
        """
        try:
            fewest, most = sorted(int(part) for part in text.split(","))
        except ValueError:
            raise ValueError(f"takes two numbers such as 1,4, not {text!r}") from None
        if fewest < 1:
            raise ValueError(
                "the fewest is 1: with no replica here nothing would look at the queue"
            )
        return cls(fewest, most)


@dataclass(frozen=True, slots=True)
class Load:
    """The queue and this machine's replicas at one moment."""

    waiting: int
    """Uploads that nobody has claimed."""
    slots: int
    """Uploads that all living replicas, here and elsewhere, read at once."""
    slots_each: int
    """Uploads that one replica here reads at once."""
    busy: int
    """Uploads in work."""
    running: int
    """Replicas here that have not been told to leave."""
    unready: int
    """Those of them that do not claim yet."""
    held_up: str | None
    """What keeps the living replicas from claiming, in words; None where nothing does."""
    largest: int | None
    """Bytes that the largest replica here uses; None where none has told."""
    memory: Memory | None
    """None where the system does not tell."""


@dataclass(frozen=True, slots=True)
class Step:
    """One replica more or less."""

    change: int
    """1 or -1."""
    why: str


class Scaler:
    """Decides, look by look.

    Args:
        bounds: of the number of replicas.
        quiet: how long one must have been to spare before it goes.
    """

    def __init__(self, bounds: Bounds, quiet: timedelta) -> None:
        self._bounds = bounds
        self._quiet = quiet.total_seconds()
        self._spare_since: float | None = None
        self.held_back: str | None = None
        """Why the last look gave no further replica though one was wanted."""

    def look(self, load: Load, now: float) -> Step | None:
        """What to do about a load; at most one replica a look.

        Args:
            load: what is seen.
            now: seconds of a clock that only rises.
        """
        self.held_back = None
        crowded = load.waiting > WAITING_A_SLOT * load.slots
        if not self._is_spare(load):
            self._spare_since = None
        elif self._spare_since is None:
            self._spare_since = now
        if load.running > self._bounds.fewest and (why := _too_large(load)):
            return self._step(-1, why)
        if crowded and load.running < self._bounds.most and not load.unready:
            self.held_back = load.held_up or _no_room(load)
            if self.held_back is None:
                return self._step(1, f"{_waiting(load.waiting)} for {some(load.slots, 'slot')}")
        if self._spare_since is not None and now - self._spare_since >= self._quiet:
            return self._step(-1, f"it was to spare for {span(self._quiet)}")
        return None

    def _is_spare(self, load: Load) -> bool:
        """Whether one replica fewer would still have a slot for each upload in work."""
        if load.running <= self._bounds.fewest or load.waiting:
            return False
        return load.busy <= load.slots - load.slots_each

    def _step(self, change: int, why: str) -> Step:
        self._spare_since = None
        return Step(change, why)


def _too_large(load: Load) -> str | None:
    if load.memory is None or load.memory.left >= SPARE_MEMORY * load.memory.total:
        return None
    return f"only {size(load.memory.left)} of memory are left"


def _no_room(load: Load) -> str | None:
    needed = load.largest or LIKELY_SIZE
    if load.memory is None or load.memory.left - needed >= SPARE_MEMORY * load.memory.total:
        return None
    return f"another one takes {size(needed)} of memory, and {size(load.memory.left)} are left"


def _waiting(number: int) -> str:
    return f"{some(number, 'upload')} {'waits' if number == 1 else 'wait'}"
