"""The fall of wickets only rises, and ends at or below the total."""

from collections.abc import Iterator
from itertools import pairwise

from pipeline.scorecard.equations import Term, bound, equation, finding, term
from pipeline.scorecard.model import Check, Innings, Total


def fall_checks(innings: Innings) -> Iterator[Check]:
    """Checks of the fall of wickets; none where it is not shown."""
    falls = innings.fall_of_wickets
    if not falls:
        return
    total = innings.total or Total()
    numbers = [fall.wicket.value if fall.wicket else None for fall in falls]
    yield finding(
        "wickets fall one by one",
        holds=numbers == list(range(1, len(falls) + 1)),
        cells=[f"fall_of_wickets/{n}/wicket" for n in range(len(falls))],
        what="Wickets counted from one",
    )
    scores = [fall.runs.value for fall in falls if fall.runs]
    yield finding(
        "fall of wickets rises",
        holds=all(one <= next_ for one, next_ in pairwise(scores)),
        cells=[f"fall_of_wickets/{n}/runs" for n, fall in enumerate(falls) if fall.runs],
        what=f"Scores at the fall of wickets, {', '.join(map(str, scores))}, rise",
        pins=False,
    )
    last = falls[-1]
    yield bound(
        "fall of wickets ends within the total",
        term(last.runs, f"fall_of_wickets/{len(falls) - 1}/runs"),
        term(total.runs, "total/runs"),
        "Score at the last wicket against the total",
    )
    yield equation(
        "as many wickets fall as are lost",
        Term(len(falls)),
        term(total.wickets, "total/wickets"),
        "Wickets that fell against the wickets",
    )
    yield from _overs(innings)


def _overs(innings: Innings) -> Iterator[Check]:
    falls = innings.fall_of_wickets or ()
    overs = [(n, fall.over.value.total_balls) for n, fall in enumerate(falls) if fall.over]
    if not overs:
        return
    cells = [f"fall_of_wickets/{n}/over" for n, _ in overs]
    yield finding(
        "overs at the fall of wickets rise",
        holds=all(one[1] <= other[1] for one, other in pairwise(overs)),
        cells=cells,
        what="Overs at the fall of wickets rise",
        pins=False,
    )
    total = innings.total or Total()
    if total.overs:
        yield bound(
            "wickets fall within the overs",
            Term(overs[-1][1], (cells[-1],)),
            Term(total.overs.value.total_balls, ("total/overs",)),
            "Over of the last wicket against the overs",
        )
