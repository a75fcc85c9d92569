"""Entries that somebody has claimed: in work, or in dead hands."""

from datetime import timedelta

from consumers.queue import PendingEntry, Replica
from consumers.queue.replicas import QUIET_AFTER
from consumers.stream import HANDED_BACK
from consumers.why.evidence import Evidence, Place
from consumers.why.sentence import Answer, State
from consumers.why.waiting import nobody_reads

Figures = dict[str, float | int | str | None]


def claimed(evidence: Evidence) -> Answer | None:
    """An entry in somebody's hands."""
    place = evidence.place
    if place is None or not place.claimed:
        return None
    entry = max(place.claimed, key=lambda each: (each.age or timedelta(0), -each.idle))
    if entry.consumer == HANDED_BACK:
        return _handed_back(evidence, place)
    replica = next((each for each in place.replicas if each.owns(entry.consumer)), None)
    if replica is not None and replica.hangs(entry.idle):
        return _hung(evidence, entry, replica)
    if _is_renewed(evidence, entry) and (replica is None or replica.lives):
        return _alive(evidence, entry, replica)
    return _dead(evidence, place, entry)


def _is_renewed(evidence: Evidence, entry: PendingEntry) -> bool:
    """Leases are renewed four times in their length."""
    return entry.idle <= evidence.rules.lease / 2


def _alive(evidence: Evidence, entry: PendingEntry, replica: Replica | None) -> Answer:
    who = _who(entry, replica)
    figures = _figures(entry)
    number = f"delivery {entry.deliveries} of {evidence.rules.max_deliveries}"
    if entry.age is not None and entry.age > evidence.rules.in_work:
        limit = evidence.rules.in_work.total_seconds()
        return Answer(
            State.IN_WORK_TOO_LONG,
            f"In work for {_s(entry.age)}, longer than the {limit:g} s that an upload may take: "
            f"{_stage(entry)} at {who}; {number}. Its child process should have been killed by its "
            "time limit. End the replica: the entry is then reclaimed by another.",
            "" if replica is None else f"kill -9 {replica.pid}  # on {replica.host}",
            problem=True,
            figures=figures,
        )
    if entry.stage is None and entry.age is None:
        text = f"Just claimed by {who}, and not begun yet; {number}."
    else:
        since = f", {_s(entry.age)} since it was first claimed" if entry.age is not None else ""
        text = f"In work: {_stage(entry)} at {who}{since}; {number}."
    if replica is not None and replica.silent_for > QUIET_AFTER:
        text += (
            f" The replica has shown no life for {_s(replica.silent_for)}: should it have died, "
            f"the upload is reclaimed in {_s(evidence.rules.lease - entry.idle)}."
        )
    return Answer(State.IN_WORK, text, "", problem=False, figures=figures)


def _hung(evidence: Evidence, entry: PendingEntry, replica: Replica) -> Answer:
    """The thread that renews leases lives, and nothing else does."""
    return Answer(
        State.OWNER_HUNG,
        f"Replica {replica.name} hangs: it has shown no life for {_s(replica.silent_for)}, yet "
        f"renews its lease, so that nobody reclaims the upload from {_where(entry)}; delivery "
        f"{entry.deliveries} of {evidence.rules.max_deliveries}. End its process {replica.pid} on "
        f"{replica.host}.",
        f"kill -9 {replica.pid}  # on {replica.host}",
        problem=True,
        figures=_figures(entry),
    )


def _dead(evidence: Evidence, place: Place, entry: PendingEntry) -> Answer:
    left = (evidence.rules.lease - entry.idle).total_seconds()
    begun = f"Replica {entry.consumer} died in {_where(entry)}, {_s(entry.idle)} ago"
    number = f"delivery {entry.deliveries} of {evidence.rules.max_deliveries}"
    figures = {**_figures(entry), "reclaimed_in_seconds": round(max(left, 0), 1)}
    hindered = nobody_reads(evidence, place)
    if hindered is not None:
        text = f"{begun}; {number}. Nobody would reclaim it: {hindered.text}"
        return Answer(State.ABANDONED, text, hindered.command, problem=True, figures=figures)
    if left > 0:
        text = f"{begun}; it is reclaimed in {left:.0f} s; {number}."
        return Answer(State.OWNER_DEAD, text, "", problem=True, figures=figures)
    text = f"{begun}; its lease has run out, and the next free slot reclaims it; {number}."
    if entry.deliveries >= evidence.rules.max_deliveries:
        text += " Should it be found to have killed its workers each time, it is given up then."
    return Answer(State.ABANDONED, text, "cricksy-ocr stuck", problem=True, figures=figures)


def _handed_back(evidence: Evidence, place: Place) -> Answer:
    hindered = nobody_reads(evidence, place)
    begun = "A replica that left has handed it back unfinished"
    if hindered is None:
        text = f"{begun}; the next free slot takes it up."
        return Answer(State.HANDED_BACK, text, "", problem=False)
    text = f"{begun}, and nobody takes it up: {hindered.text}"
    return Answer(State.HANDED_BACK, text, hindered.command, problem=True)


def _who(entry: PendingEntry, replica: Replica | None) -> str:
    if replica is None:
        return entry.consumer
    return f"{entry.consumer} (process {replica.pid} on {replica.host})"


def _stage(entry: PendingEntry) -> str:
    if entry.stage is None:
        return "between two stages"
    return f"{entry.stage} for {_s(entry.stage.since)}"


def _where(entry: PendingEntry) -> str:
    return "a stage that is not known" if entry.stage is None else str(entry.stage)


def _figures(entry: PendingEntry) -> Figures:
    return {
        "entry_id": entry.entry_id,
        "consumer": entry.consumer,
        "delivery": entry.deliveries,
        "idle_seconds": round(entry.idle.total_seconds(), 1),
        "age_seconds": None if entry.age is None else round(entry.age.total_seconds(), 1),
        "stage": None if entry.stage is None else entry.stage.name,
        "page": None if entry.stage is None else entry.stage.page,
    }


def _s(duration: timedelta) -> str:
    return f"{duration.total_seconds():.0f} s"
