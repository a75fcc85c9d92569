"""How a replica divides its slots between what people wait for and an archive."""

import time
from dataclasses import dataclass, field

from consumers.entry import lane_of
from consumers.stream import Claimed, Lane

LOOK_INTERVAL = 1.0
"""Seconds between looks at the archive's queue while it is known to be empty."""
TURN = 10
"""One claim in so many is the archive's, should live entries wait without end."""


@dataclass(slots=True)
class Share:
    """The archive's share of one replica; its slots say what they do."""

    limit: int = 0
    """Entries of the archive that may be in work at once; 0 for a replica that reads none."""
    _holders: set[str] = field(default_factory=set)
    """Consumers whose slot works for the archive, or may be about to."""
    _next_look: float = 0.0
    _live_claims: int = 0
    """Since an entry of the archive was last moved over."""

    def begin(self, consumer: str) -> bool:
        """A slot is free; returns whether it may take an entry of the archive.

        Its place is kept until it says what it has claimed: two slots that ask at once are not
        given the same one.
        """
        self._holders.discard(consumer)
        if len(self._holders) >= self.limit or time.monotonic() < self._next_look:
            return False
        self._holders.add(consumer)
        return True

    @property
    def is_turn(self) -> bool:
        """Whether the next claim is the archive's, also with live entries waiting."""
        return self._live_claims >= TURN

    def looked(self, *, moved: bool, left: int) -> None:
        """A slot has looked at the archive's queue: an entry was moved over, so many are left."""
        if moved:
            self._live_claims = 0
        self._next_look = 0.0 if left else time.monotonic() + LOOK_INTERVAL

    def claimed(self, consumer: str, claimed: Claimed | None) -> None:
        """What a slot has claimed in the end."""
        if claimed is not None and lane_of(claimed.fields) is Lane.BACKFILL:
            self._holders.add(consumer)
            return
        self._holders.discard(consumer)
        self._live_claims += claimed is not None
