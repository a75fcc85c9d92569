"""How long an entry whose consumer was killed waited for another one, out of the journal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.chaos.faults import Window
from tests.chaos.journal import Event


@dataclass(frozen=True, slots=True)
class Reclaim:
    """One entry that changed hands because its consumer was killed."""

    entry: str
    killed_at: float
    seconds: float
    disturbed: bool
    """A server was away in between, or fewer than two replicas were up to claim it: one may have
    its hands full."""


def reclaims(events: Sequence[Event], outages: Sequence[Window]) -> list[Reclaim]:
    """Every entry in the hands of a replica that was killed, and when another one claimed it.

    An entry that came back under another id, because Redis lost it, is not among them.
    """
    found = []
    for number, event in enumerate(events):
        if event.name != "killed":
            continue
        for entry in _held(events[:number], event.pid):
            claim = _next_claim(events[number:], entry, event.pid)
            if claim is not None:
                disturbed = _disturbed(events, outages, event, claim)
                found.append(Reclaim(entry, event.at, claim.at - event.at, disturbed))
    return found


def executions_beyond_the_first(events: Sequence[Event]) -> int:
    """How often a card was read again."""
    cards = [event.details["card"] for event in events if event.name == "reading"]
    return len(cards) - len(set(cards))


def _held(before: Sequence[Event], replica: int) -> set[str]:
    """Entries that the replica had claimed and not settled, and nobody else had claimed since."""
    holder: dict[str, int] = {}
    for event in before:
        if event.name == "claimed":
            holder[event.details["entry"]] = event.pid
        elif event.name == "settled" and holder.get(event.details["entry"]) == event.pid:
            del holder[event.details["entry"]]
    return {entry for entry, pid in holder.items() if pid == replica}


def _next_claim(after: Sequence[Event], entry: str, replica: int) -> Event | None:
    for event in after:
        if event.name == "claimed" and event.pid != replica and event.details["entry"] == entry:
            return event
    return None


def _disturbed(
    events: Sequence[Event], outages: Sequence[Window], kill: Event, claim: Event
) -> bool:
    if any(window.began <= claim.at and window.ended >= kill.at - 1 for window in outages):
        return True
    return any(_up_at(events, moment, kill.pid) < 2 for moment in _moments(kill, claim))


def _moments(kill: Event, claim: Event) -> Iterator[float]:
    """Every tenth of a second between the two."""
    moment = kill.at
    while moment < claim.at:
        yield moment
        moment += 0.1


def _up_at(events: Sequence[Event], moment: float, but: int) -> int:
    """Replicas that were up."""
    up: set[int] = set()
    for event in events:
        if event.at > moment:
            break
        if event.name in {"ready", "woken"}:
            up.add(event.pid)
        elif event.name in {"killed", "stopped", "leaving"}:
            up.discard(event.pid)
    return len(up - {but})
