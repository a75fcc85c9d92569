"""A reading against its card's truth.

A value that the truth leaves out does not stand on the picture, and is not counted. An innings
that calls itself verified and holds a wrong number is silent: nobody would look at it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.accuracy.alignment import Json, innings_matched, rows_of
from benchmarks.accuracy.consistency import adds_up
from benchmarks.accuracy.innings import compare_innings
from benchmarks.accuracy.sameness import same_date, same_name, same_text, same_word
from benchmarks.accuracy.tally import Cells, Mistake, Tally

_NAMES = ("bat.name~", "bowl.name~")


@dataclass(frozen=True, slots=True)
class Score:
    """What was counted of one card."""

    cells: Mapping[str, Cells]
    numbers: int
    right: int
    """Of the numbers."""
    perfect: bool
    """Every number right, and no row too many."""
    innings: int
    """Of the truth."""
    verifiable: int
    """Those of them that add up from what the picture shows."""
    verified: int
    """Those that the reading calls verified, or that add up where it says nothing."""
    silent: int
    """Verified, and wrong."""
    mistakes: tuple[Mistake, ...]


def compare(true: Json, read: Json | None) -> Score:
    """Counts every cell of a card.

    Args:
        true: the card's truth.
        read: the document of its reading; None where it could not be read.
    """
    document: Json = read or {}
    tally = Tally()
    innings = true["innings"]
    others = rows_of(document, "innings")
    matched = innings_matched(innings, others)
    verified = silent = 0
    for number, each in enumerate(innings):
        other = others[matched[number]] if number in matched else None
        wrong = compare_innings(each, other or {}, tally)
        if other is not None and _is_verified(other):
            verified += 1
            silent += wrong > 0
    spurious = [
        _spurious(other, tally) for j, other in enumerate(others) if j not in matched.values()
    ]
    _compare_match(true["match"], document.get("match") or {}, tally)
    right = tally.numbers - len(tally.mistakes)
    too_many = any(spurious) or any(
        tally.cells[name].wrong > tally.cells[name].missed for name in _NAMES
    )
    return Score(
        cells=dict(tally.cells),
        numbers=tally.numbers,
        right=right,
        perfect=tally.numbers > 0 and right == tally.numbers and not too_many,
        innings=len(innings),
        verifiable=sum(map(adds_up, innings)),
        verified=verified,
        silent=silent,
        mistakes=tuple(tally.mistakes),
    )


def _is_verified(innings: Json) -> bool:
    verified = innings.get("verified")
    return adds_up(innings) if verified is None else bool(verified)


def _spurious(innings: Json, tally: Tally) -> bool:
    """Counts an innings that is none of the truth's; whether it has rows."""
    rows = 0
    for section, kind in (("batting", "bat"), ("bowling", "bowl")):
        count = len(innings.get(section) or [])
        tally.made_up(f"{kind}.name", count)
        rows += count
    return rows > 0


def _compare_match(true: Json, read: Json, tally: Tally) -> None:
    left = list(read.get("teams") or [])
    for team in true.get("teams") or []:
        found = next((each for each in left if each and same_name(team, each)), None)
        if found is not None:
            left.remove(found)
        tally.word("teams", team, found, same_name)
    tally.made_up("teams", len(left))
    for fact in ("venue", "toss", "result", "umpires"):
        if true.get(fact):
            tally.word("meta", true[fact], read.get(fact), same_text)
    for fact, same in (("date", same_date), ("match_type", same_word)):
        if true.get(fact):
            tally.word("meta", true[fact], read.get(fact), same)
