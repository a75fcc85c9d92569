"""Equations within the bowling, and between it and the other side's innings."""

from collections.abc import Container, Iterator
from typing import Final

from pipeline.scorecard.batting_checks import extra_kinds
from pipeline.scorecard.credits import is_of_another_side
from pipeline.scorecard.dismissal import ending_of
from pipeline.scorecard.equations import Term, bound, equation, finding, term, total_of
from pipeline.scorecard.model import Bowling, Check, Extras, Innings, Total
from pipeline.scorecard.rates import economy_fits

RUNS: Final = "bowlers' runs and other extras make the total"
BALLS: Final = "bowlers' balls make the overs"
WICKETS: Final = "bowlers' wickets make the dismissals"
OR_LESS: Final = ", or less"
"""How the name of a check ends that bounds a column of wides or no-balls and does not prove it."""
SIDE: Final = "bowlers are those of the dismissals"


def bowling_checks(innings: Innings, rows: Container[int] | None = None) -> Iterator[Check]:
    """Checks of the bowling; none where it is not shown.

    Args:
        innings: the innings.
        rows: numbers of the bowlers whose own rows are checked, where only numbers have changed;
            None for all, and for the bowlers' names.
    """
    if not innings.bowling:
        return
    total = innings.total or Total()
    yield from _runs(innings.bowling, innings.extras or Extras(), total)
    overs = total.overs
    yield equation(
        BALLS,
        total_of(
            Term(b.overs.value.total_balls if b.overs else None, (f"bowling/{n}/overs",))
            for n, b in enumerate(innings.bowling)
        ),
        Term(overs.value.total_balls, ("total/overs",)) if overs else Term(None),
        "Bowlers' balls against the overs",
    )
    yield _wickets(innings, total)
    if rows is None and is_of_another_side(innings):
        yield finding(
            SIDE,
            holds=False,
            # No cells: not one name is misread, the whole table belongs elsewhere.
            cells=[],
            what="Bowlers whom the dismissals name against those who bowled",
            pins=False,
        )
    yield from _column(innings, "wides")
    yield from _column(innings, "no_balls")
    for number, bowler in enumerate(innings.bowling):
        if rows is None or number in rows:
            yield from _row_checks(number, bowler)


def _runs(bowling: tuple[Bowling, ...], extras: Extras, total: Total) -> Iterator[Check]:
    conceded = total_of(term(b.runs, f"bowling/{n}/runs") for n, b in enumerate(bowling))
    if not extras.parts:
        yield bound(
            "bowlers' runs are within the total",
            conceded,
            term(total.runs, "total/runs"),
            "Bowlers' runs against the total",
        )
        nothing_else = Term(0, ("extras/total",)) if _is_nought(extras) else Term(None)
        yield equation(
            RUNS,
            total_of([conceded, nothing_else]),
            term(total.runs, "total/runs"),
            "Bowlers' runs, byes, leg byes and penalties against the total",
        )
        return
    kinds = extra_kinds(extras)
    not_bowled = [
        kind for kind in kinds if kind.cells[0].split("/")[1] not in ("wides", "no_balls")
    ]
    modern = total_of([conceded, *not_bowled])
    # Before wides and no-balls were charged to bowlers, all extras stood beside their runs.
    older = total_of([conceded, *kinds])
    is_older = (
        older.number is not None and total.runs is not None and older.number == total.runs.value
    )
    yield equation(
        RUNS,
        older if is_older else modern,
        term(total.runs, "total/runs"),
        "Bowlers' runs, byes, leg byes and penalties against the total",
    )


def _is_nought(extras: Extras) -> bool:
    return extras.total is not None and extras.total.value == 0


def _wickets(innings: Innings, total: Total) -> Check:
    bowling = innings.bowling or ()
    taken = total_of(term(b.wickets, f"bowling/{n}/wickets") for n, b in enumerate(bowling))
    endings = [ending_of(b.how_out.value) if b.how_out else None for b in innings.batting or ()]
    if not endings or any(ending is None for ending in endings):
        return bound(
            "bowlers' wickets are within the wickets",
            taken,
            term(total.wickets, "total/wickets"),
            "Bowlers' wickets against the wickets",
        )
    credited = sum(ending.credits_bowler for ending in endings if ending is not None)
    return equation(
        WICKETS,
        taken,
        Term(credited),
        "Bowlers' wickets against the dismissals they are credited with",
    )


def _column(innings: Innings, kind: str) -> Iterator[Check]:
    """Wides or no-balls of the bowlers against the extras; a card may count balls, not runs."""
    bowling = innings.bowling or ()
    if all(getattr(bowler, kind) is None for bowler in bowling):
        return
    bowled = total_of(term(getattr(b, kind), f"bowling/{n}/{kind}") for n, b in enumerate(bowling))
    extras = getattr(innings.extras, kind, None)
    if extras is None and innings.extras is not None and innings.extras.parts:
        # Kinds that the card does not list did not occur.
        yield bound(
            f"bowlers' {kind.replace('_', '-')} are among the extras",
            bowled,
            Term(0),
            f"Bowlers' {kind.replace('_', '-')} against extras that list none",
        )
        return
    name = f"bowlers' {kind.replace('_', '-')} make the extras"
    what = f"Bowlers' {kind.replace('_', '-')} against the extras"
    same = bowled.number is not None and extras is not None and bowled.number == extras.value
    if same:
        yield equation(name, bowled, term(extras, f"extras/{kind}"), what)
    else:
        yield bound(f"{name}{OR_LESS}", bowled, term(extras, f"extras/{kind}"), what)


def _row_checks(number: int, bowler: Bowling) -> Iterator[Check]:
    at, name = f"bowling/{number}", bowler.name.value
    overs, runs = bowler.overs, bowler.runs
    if overs and runs and bowler.economy:
        yield finding(
            f"economy of {name}",
            holds=economy_fits(bowler.economy.value, runs.value, overs.value),
            cells=(f"{at}/runs", f"{at}/overs", f"{at}/economy"),
            what=f"{name}: {runs.value} in {overs.value} overs at {bowler.economy.value}",
        )
    if overs and bowler.maidens:
        yield bound(
            f"maidens of {name}",
            term(bowler.maidens, f"{at}/maidens"),
            Term(overs.value.completed, (f"{at}/overs",)),
            f"{name}: maidens against overs",
        )
    if overs and bowler.wickets:
        yield bound(
            f"wickets of {name}",
            term(bowler.wickets, f"{at}/wickets"),
            Term(min(10, overs.value.total_balls), (f"{at}/overs",)),
            f"{name}: wickets against balls",
        )
