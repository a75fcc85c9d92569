"""Equations within the batting, the extras and the total."""

from collections.abc import Container, Iterator
from typing import Final

from pipeline.scorecard.dismissal import ending_of
from pipeline.scorecard.equations import Term, bound, equation, finding, term, total_of
from pipeline.scorecard.model import Batting, Check, Extras, Innings, Total
from pipeline.scorecard.rates import strike_rate_fits

RUNS: Final = "batting runs and extras make the total"
EXTRAS: Final = "kinds of extras make the extras"
WICKETS: Final = "dismissals make the wickets"
BALLS: Final = "balls faced make the overs"

KINDS: Final = ("byes", "leg_byes", "wides", "no_balls", "penalty")


def batting_checks(innings: Innings, rows: Container[int] | None = None) -> Iterator[Check]:
    """Checks of one innings' batting; none for a section that is not shown.

    Args:
        innings: the innings.
        rows: numbers of the batters whose own rows are checked; None for all.
    """
    extras = innings.extras or Extras()
    total = innings.total or Total()
    if innings.batting:
        yield equation(
            RUNS,
            total_of(
                [
                    *(term(b.runs, f"batting/{n}/runs") for n, b in enumerate(innings.batting)),
                    term(extras.total, "extras/total"),
                ]
            ),
            term(total.runs, "total/runs"),
            "Batting runs and extras against the total",
        )
        yield _wickets(innings.batting, total)
        yield _balls(innings.batting, extras, total)
        for number, batter in enumerate(innings.batting):
            if rows is None or number in rows:
                yield from _row_checks(number, batter)
    if extras.parts:
        yield equation(
            EXTRAS,
            total_of(extra_kinds(extras)),
            term(extras.total, "extras/total"),
            "Kinds of extras against the extras",
        )


def extra_kinds(extras: Extras) -> list[Term]:
    """The kinds of extras that the card lists."""
    return [
        term(value, f"extras/{kind}")
        for kind in KINDS
        if (value := getattr(extras, kind)) is not None
    ]


def _wickets(batting: tuple[Batting, ...], total: Total) -> Check:
    endings = [ending_of(b.how_out.value) if b.how_out else None for b in batting]
    known = all(ending is not None for ending in endings)
    lost = sum(ending.is_wicket for ending in endings if ending is not None)
    return equation(
        WICKETS,
        Term(lost if known else None),
        term(total.wickets, "total/wickets"),
        "Batters out against the wickets",
    )


def _balls(batting: tuple[Batting, ...], extras: Extras, total: Total) -> Check:
    """A no-ball is faced but is none of the over's balls; a wide is neither."""
    faced = total_of(term(b.balls, f"batting/{n}/balls") for n, b in enumerate(batting))
    if not extras.parts or total.overs is None:
        return equation(BALLS, faced, Term(None), "Balls faced against the overs bowled")
    no_balls = extras.no_balls.value if extras.no_balls else 0
    bowled = total.overs.value.total_balls
    cells: tuple[str, ...] = ("total/overs",)
    if extras.no_balls:
        cells = (*cells, "extras/no_balls")
    # A no-ball may cost several runs, and scorers disagree whether it is faced at all.
    if faced.number is not None and bowled < faced.number < bowled + no_balls:
        return bound(BALLS, faced, Term(bowled + no_balls, cells), "Balls faced against the overs")
    if faced.number == bowled:
        # No-balls take no part then, and are not proven by it.
        return equation(
            BALLS, faced, Term(bowled, cells[:1]), "Balls faced against the overs bowled"
        )
    expected = Term(bowled + no_balls, cells)
    return equation(BALLS, faced, expected, "Balls faced against the overs bowled")


def _row_checks(number: int, batter: Batting) -> Iterator[Check]:
    at, name = f"batting/{number}", batter.name.value
    runs, balls, rate = batter.runs, batter.balls, batter.strike_rate
    if runs and balls and rate:
        yield finding(
            f"strike rate of {name}",
            holds=strike_rate_fits(rate.value, runs.value, balls.value),
            cells=(f"{at}/runs", f"{at}/balls", f"{at}/strike_rate"),
            what=f"{name}: {runs.value} from {balls.value} balls at {rate.value}",
        )
    if runs and (batter.fours or batter.sixes):
        fours, sixes = (batter.fours, 4), (batter.sixes, 6)
        boundary = sum(value.value * each for value, each in (fours, sixes) if value)
        cells = (f"{at}/fours", f"{at}/sixes")
        yield bound(
            f"boundaries of {name}",
            Term(boundary, cells),
            term(runs, f"{at}/runs"),
            f"{name}: runs in boundaries against runs",
        )
        hits = sum(value.value for value in (batter.fours, batter.sixes) if value)
        if balls:
            yield bound(
                f"boundary balls of {name}",
                Term(hits, cells),
                term(balls, f"{at}/balls"),
                f"{name}: boundaries against balls",
            )
