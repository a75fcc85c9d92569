"""How long an entry whose consumer was killed waited for another one, out of the journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, takewhile

from tests.chaos.faults import Window
from tests.chaos.journal import Event

ENOUGH = 2
"""Replicas that have to be up for a reclaim to be as quick as it should be: one may be busy."""
DOWN = frozenset({"killed", "stopped", "leaving"})
CHANGES = DOWN | {"ready", "woken"}


@dataclass(frozen=True, slots=True)
class Reclaim:
    """One entry that changed hands because its consumer was killed."""

    entry: str
    killed_at: float
    seconds: float
    disturbed: bool
    """A server was away in between, or too few replicas were up to claim it."""


def reclaims(events: Sequence[Event], outages: Sequence[Window]) -> list[Reclaim]:
    """Every entry in the hands of a replica that was killed, and when another one claimed it.

    An entry that came back under another id, because Redis lost it, is not among them.
    """
    changes = [event for event in events if event.name in CHANGES]
    found = []
    for number, event in enumerate(events):
        if event.name != "killed":
            continue
        for entry in _held(events[:number], event.pid):
            claim = _next_claim(events[number:], entry, event.pid)
            if claim is not None:
                disturbed = _disturbed(changes, outages, event, claim)
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
    changes: Sequence[Event], outages: Sequence[Window], kill: Event, claim: Event
) -> bool:
    if any(window.began <= claim.at and window.ended >= kill.at - 1 for window in outages):
        return True
    moments = count(kill.at, 0.1)
    return any(
        _up_at(changes, moment, kill.pid) < ENOUGH
        for moment in takewhile(lambda moment: moment < claim.at, moments)
    )


def _up_at(changes: Sequence[Event], moment: float, but: int) -> int:
    """Replicas that were up, besides one."""
    up: set[int] = set()
    down: set[int] = set()
    for event in changes:
        if event.at > moment:
            break
        if event.name in DOWN:
            down.add(event.pid)
        elif event.name == "woken":
            down.discard(event.pid)
        else:
            # A replica that has been stopped has children that start all the same.
            up.add(event.pid)
    return len(up - down - {but})
