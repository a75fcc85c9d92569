"""Draining: claiming is paused, and what is in work ends."""

from dataclasses import dataclass
from datetime import timedelta

from consumers.claiming import PAUSED
from consumers.queue import Snapshot


@dataclass(frozen=True, slots=True)
class InHands:
    """What replicas hold while claiming is paused."""

    in_work: int
    """Entries in the hands of consumers that live."""
    left_behind: int
    """Entries of dead or departed consumers: nobody takes them up before `resume`."""
    not_paused: int
    """Live replicas that have not said yet that they claim nothing."""

    @property
    def drained(self) -> bool:
        """Whether nothing is in work, and nothing can come to be."""
        return not self.in_work and not self.not_paused


def in_hands(snapshot: Snapshot, lease: timedelta) -> InHands:
    """What a snapshot shows of it."""
    alive = {each.name for each in snapshot.live_consumers(lease)}
    in_work = sum(each.consumer in alive for each in snapshot.pending)
    not_paused = sum(
        each.lives and each.slots > 0 and PAUSED not in each.obstacles for each in snapshot.replicas
    )
    return InHands(in_work, len(snapshot.pending) - in_work, not_paused)
