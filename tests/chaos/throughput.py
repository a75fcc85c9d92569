"""What a card that kills its workers costs the others, out of the journal."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.chaos.journal import Event

SHORTEST = 20.0
"""Seconds of settlements, on either side, from which a rate can be told."""
RUNNING_OUT = 5.0
"""Seconds at the end of a run in which hands are free because nothing waits any more."""


@dataclass(frozen=True, slots=True)
class Throughput:
    """Uploads settled a second."""

    beside: float
    """While a poison card killed its workers: from the first death to its burial."""
    after: float


def beside_poison(events: Sequence[Event], lease: float) -> Throughput | None:
    """How quick the others were meanwhile; None where it was too short to tell.

    Args:
        events: of a run without other faults.
        lease: seconds; so long after the last death the card is claimed again, and buried.
    """
    deaths = [event.at for event in events if "poison" in event.details]
    settled = [event.at for event in events if event.name == "settled"]
    if not deaths or not settled:
        return None
    buried, end = deaths[-1] + lease, settled[-1] - RUNNING_OUT
    if min(buried - deaths[0], end - buried) < SHORTEST:
        return None
    return Throughput(_rate(settled, deaths[0], buried), _rate(settled, buried, end))


def _rate(settled: Sequence[float], begin: float, end: float) -> float:
    return sum(begin <= at < end for at in settled) / (end - begin)
