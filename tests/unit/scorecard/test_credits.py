from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.ocr.words import Page
from pipeline.scorecard import bowling_checks
from pipeline.scorecard.arithmetic import audited, check
from pipeline.scorecard.credits import credited, share_known, with_own_bowling
from pipeline.scorecard.model import Innings, Verdict
from pipeline.scorecard.parse import parse_pages
from pipeline.scorecard.repair import repaired

Typed = Callable[..., Page]

CARD = """
Australia Innings
Batting                                R      B     4s    6s
UT Khawaja       c Bavuma b Rabada    21     40      3     0
DA Warner        lbw b Nortje         10     11      2     0
SPD Smith        c & b Rabada          7     12      1     0
MS Wade          run out (Bavuma)      1      2      0     0
Extras (lb 5, w 1)                     6
Total (10.5 Overs)                           45/4
Bowling               O      M      R      W
K Rabada              5      1     19      2
A Nortje            5.5      0     21      1
South Africa Innings
Batting                                R      B     4s    6s
T Bavuma         c Wade b Starc       20     40      3     0
D Elgar          lbw b Cummins        11     11      2     0
A Markram        b Starc               7     12      1     0
Extras (lb 5, w 1)                     6
Total (10.3 Overs)                           44/3
Bowling               O      M      R      W
M Starc               5      1     19      2
P Cummins           5.3      0     20      1
"""


@pytest.fixture
def innings(typed: Typed) -> tuple[Innings, Innings]:
    one, other = parse_pages([typed(CARD)]).innings
    return one, other


def bowlers(innings: Innings) -> list[str]:
    return [bowler.name.value for bowler in innings.bowling or ()]


def test_dismissals_name_those_who_are_credited(innings: tuple[Innings, Innings]) -> None:
    assert credited(innings[0].batting) == ["Rabada", "Nortje", "Rabada"]
    assert share_known(innings[0].batting, innings[0].bowling or ()) == 1.0
    assert share_known(innings[0].batting, innings[1].bowling or ()) == 0.0


def test_bowling_that_was_read_into_the_other_innings_comes_home(
    innings: tuple[Innings, Innings],
) -> None:
    first, second = innings
    swapped = (
        replace(first, bowling=second.bowling),
        replace(second, bowling=first.bowling),
    )
    assert list(map(bowlers, with_own_bowling(swapped))) == list(map(bowlers, innings))


def test_bowling_that_was_read_as_an_innings_of_its_own_comes_home(
    innings: tuple[Innings, Innings],
) -> None:
    first, second = innings
    apart = (replace(first, bowling=None), second, Innings(bowling=first.bowling))
    assert list(map(bowlers, with_own_bowling(apart))) == list(map(bowlers, innings))


def test_bowling_of_the_other_side_is_a_check_that_fails(
    innings: tuple[Innings, Innings],
) -> None:
    first, second = innings
    assert first.verified
    wrong = replace(first, bowling=second.bowling)
    found = [one.verdict for one in check(wrong) if one.name == bowling_checks.SIDE]
    assert found == [Verdict.FAILS]
    assert not audited(wrong).verified


def test_a_name_that_was_also_read_as_a_number_stays_a_name(
    innings: tuple[Innings, Innings],
) -> None:
    first, second = innings
    starc, *others = second.bowling or ()
    also = replace(starc, name=replace(starc.name, alternatives=("12",)))
    wrong = repaired(replace(first, bowling=(also, *others)))
    assert bowlers(wrong) == ["M Starc", "P Cummins"]
