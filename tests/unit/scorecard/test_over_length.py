from collections.abc import Callable

from pipeline.ocr.words import Page
from pipeline.scorecard.model import Innings
from pipeline.scorecard.parse import parse_pages

Typed = Callable[..., Page]

CARD = """
Australia Innings
Batting                                R
I Redpath    c Knott b Snow           45
K Stackpole  lbw b Lever              12
Extras                                 3
Total (2 wkts, 12.3 overs)            60
Bowling       O     M     R     W
Snow        6.7     0    33     1
Lever       5.4     0    24     1
"""


def innings_of(page: Page) -> Innings:
    (innings,) = parse_pages([page]).innings
    return innings


def balls_per_over(innings: Innings) -> set[int]:
    assert innings.bowling is not None
    assert innings.total is not None
    overs = [*(row.overs for row in innings.bowling), innings.total.overs]
    return {value.value.balls_per_over for value in overs if value is not None}


def test_bowlers_balls_tell_overs_of_eight(typed: Typed) -> None:
    assert balls_per_over(innings_of(typed(CARD))) == {8}


def test_overs_are_of_six_where_no_figure_says_otherwise(typed: Typed) -> None:
    page = typed(CARD.replace("6.7", "6.5").replace("12.3", "12.3"))
    assert balls_per_over(innings_of(page)) == {6}


def test_a_seventh_ball_alone_is_no_over_of_eight(typed: Typed) -> None:
    page = typed(CARD.replace("5.4", "4.4"))
    assert balls_per_over(innings_of(page)) == {6, 8}
