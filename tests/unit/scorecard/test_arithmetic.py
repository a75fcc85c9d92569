from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.ocr.words import Page
from pipeline.scorecard import batting_checks, bowling_checks
from pipeline.scorecard.arithmetic import audited, check
from pipeline.scorecard.model import Innings, Repair, Verdict
from pipeline.scorecard.parse import parse_pages
from pipeline.scorecard.pointers import value_at, with_value

Typed = Callable[..., Page]

CARD = """
Australia Innings
Batting                                R      B     4s    6s       SR
UT Khawaja       not out              21     40      3     0    52.50
DA Warner        c A b Nortje         10     11      2     0    90.91
SPD Smith        run out (C)           7     12      1     0    58.33
Extras (lb 5, w 1)                     6
Total (10.3 Overs)                           44/2
Fall of wickets: 1-12 (DA Warner, 3.4 ov), 2-40 (SPD Smith, 9.6 ov)
Bowling               O      M      R      W        Econ
K Rabada              5      1     19      0        3.80
A Nortje            5.3      0     20      1        3.64
"""


@pytest.fixture
def innings(typed: Typed) -> Innings:
    (one,) = parse_pages([typed(CARD)]).innings
    return one


def changed(innings: Innings, cell: str, number: object, confidence: float = 0.97) -> Innings:
    value = value_at(innings, cell)
    assert value is not None
    other = replace(value, value=number, text=str(number), confidence=confidence)
    return audited(with_value(innings, cell, other))


def verdict(innings: Innings, name: str) -> Verdict:
    return next(one.verdict for one in check(innings) if one.name == name)


def test_a_card_whose_sums_agree_is_verified(innings: Innings) -> None:
    assert {one.verdict for one in innings.checks} == {Verdict.HOLDS}
    assert innings.verified


@pytest.mark.parametrize(
    ("cell", "number", "name"),
    [
        ("batting/0/runs", 22, batting_checks.RUNS),
        ("total/runs", 45, batting_checks.RUNS),
        ("extras/leg_byes", 4, batting_checks.EXTRAS),
        ("total/wickets", 3, batting_checks.WICKETS),
        ("batting/2/balls", 13, batting_checks.BALLS),
        ("batting/2/balls", 13, "strike rate of SPD Smith"),
        ("batting/1/fours", 3, "boundaries of DA Warner"),
        ("bowling/0/runs", 20, bowling_checks.RUNS),
        ("bowling/0/wickets", 1, bowling_checks.WICKETS),
        ("bowling/0/runs", 20, "economy of K Rabada"),
        ("bowling/0/maidens", 6, "maidens of K Rabada"),
        ("fall_of_wickets/0/runs", 41, "fall of wickets rises"),
        ("fall_of_wickets/1/runs", 45, "fall of wickets ends within the total"),
    ],
)
def test_one_wrong_number_fails_a_check_and_denies_the_innings(
    innings: Innings, cell: str, number: int, name: str
) -> None:
    wrong = changed(innings, cell, number)
    assert verdict(wrong, name) is Verdict.FAILS
    assert not wrong.verified


def test_what_the_card_does_not_show_is_not_supported(innings: Innings) -> None:
    bare = replace(innings, total=None, extras=None)
    assert verdict(bare, batting_checks.RUNS) is Verdict.NOT_SUPPORTED
    assert verdict(bare, bowling_checks.BALLS) is Verdict.NOT_SUPPORTED
    assert not audited(bare).verified


def test_a_failing_check_says_how_far_apart(innings: Innings) -> None:
    wrong = changed(innings, "total/runs", 47)
    one = next(one for one in wrong.checks if one.name == batting_checks.RUNS)
    assert (one.left, one.right) == ("44", "47")
    assert "44 = 47 fails, 3 apart" in one.sentence


def test_doubt_where_no_equation_looks_denies_the_innings(innings: Innings) -> None:
    assert not changed(innings, "batting/1/fours", 1, confidence=0.6).verified


def test_doubt_where_an_equation_agrees_is_settled(innings: Innings) -> None:
    assert changed(innings, "batting/0/runs", 21, confidence=0.3).verified


def test_an_empty_cell_among_full_ones_denies_the_innings(innings: Innings) -> None:
    batting = innings.batting
    assert batting is not None
    holed = replace(innings, batting=(replace(batting[0], sixes=None), *batting[1:]))
    assert not audited(holed).verified


def test_a_no_ball_may_be_faced_or_not(innings: Innings) -> None:
    extras = innings.extras
    assert extras is not None
    assert extras.wides is not None
    with_no_ball = replace(innings, extras=replace(extras, wides=None, no_balls=extras.wides))
    assert verdict(with_no_ball, batting_checks.BALLS) is Verdict.HOLDS
    faced = changed(with_no_ball, "batting/2/balls", 13)
    assert verdict(faced, batting_checks.BALLS) is Verdict.HOLDS


def test_older_cards_charge_no_wides_to_the_bowler(innings: Innings) -> None:
    older = changed(changed(innings, "bowling/0/runs", 18), "total/runs", 44)
    assert verdict(older, bowling_checks.RUNS) is Verdict.HOLDS


def test_boundaries_that_are_marked_where_there_are_any_leave_no_hole(typed: Typed) -> None:
    page = typed("""
Australia Innings
UT Khawaja not out 21* (40) 3x4
DA Warner c A b Nortje 10 (11) 2x4
SPD Smith run out (C) 7 (12)
Extras (lb 5, w 1) 6
Total (10.3 Overs) 44/2
""")
    (innings,) = parse_pages([page]).innings
    assert innings.marked == {"batting/fours"}
    assert innings.verified


def test_ink_that_may_have_been_a_marked_number_leaves_a_hole(typed: Typed) -> None:
    page = typed("""
Australia Innings
UT Khawaja not out 21* (40) 3x4
DA Warner c A b Nortje2z4 10 (11)
SPD Smith run out (C) 7 (12)
Extras (lb 5, w 1) 6
Total (10.3 Overs) 44/2
""")
    (innings,) = parse_pages([page]).innings
    assert not innings.verified


def test_economies_prove_the_bowlers_where_byes_are_not_told(innings: Innings) -> None:
    assert innings.extras is not None
    extras = replace(innings.extras, leg_byes=None, wides=None)
    without_kinds = audited(replace(innings, extras=extras))
    assert without_kinds.verified
    assert without_kinds.bowling is not None
    bowling = tuple(replace(row, economy=None) for row in without_kinds.bowling)
    assert not audited(replace(without_kinds, bowling=bowling)).verified


def test_a_maiden_is_believed_where_all_else_of_its_word_is_proven(typed: Typed) -> None:
    text = """
Australia Innings
Khawaja  c A b Nortje          21
Warner   c A b Nortje          10
Smith    not out                7
Extras (lb 5, w 1)              6
Total (2 wkts, 10.3 overs)     44
Bowling: Rabada 5-1-19-0; Nortje 5.3-2-20-2
"""
    assert with_confidence(typed(text), "5-1-19-0;", 0.8).verified
    # A nought may be read as 6, 8 or 9, and every time.
    assert not with_confidence(typed(text.replace("5.3-2-", "5.3-6-")), "5.3-6-20-2", 0.8).verified


def with_confidence(page: Page, text: str, confidence: float) -> Innings:
    words = tuple(
        replace(word, confidence=confidence if word.text == text else word.confidence)
        for word in page.words
    )
    (innings,) = parse_pages([replace(page, words=words)]).innings
    return innings


def test_a_rate_that_was_itself_inferred_proves_nothing(innings: Innings) -> None:
    assert innings.total is not None
    alone = replace(innings, bowling=None, total=replace(innings.total, overs=None))
    proven = changed(alone, "batting/1/balls", 11, confidence=0.5)
    assert proven.verified
    mended = Repair("batting/1/strike_rate", "99.91", "90.91", (), by_inference=True)
    assert not audited(replace(proven, repairs=(mended,))).verified
    assert audited(replace(alone, repairs=(mended,))).verified


def test_more_certainty_is_asked_on_a_poor_picture(typed: Typed) -> None:
    page = typed(CARD)
    names = ("Khawaja", "Warner", "Smith", "Rabada", "Nortje")
    poor = tuple(
        replace(word, confidence=0.3 if word.text.strip(",") in names else 0.94)
        for word in page.words
    )
    good = tuple(replace(word, confidence=0.94) for word in page.words)
    assert parse_pages([replace(page, words=good)]).innings[0].verified
    assert not parse_pages([replace(page, words=poor)]).innings[0].verified


def test_a_row_whose_name_and_dismissal_were_garbled_keeps_an_innings_unverified(
    innings: Innings,
) -> None:
    assert innings.batting is not None
    first, *others = innings.batting
    garbled = replace(first, name=replace(first.name, value="Khaw t pus", confidence=0.2))
    untold = replace(garbled, how_out=None)
    assert audited(replace(innings, batting=(garbled, *others))).verified
    assert not audited(replace(innings, batting=(untold, *others))).verified


def test_no_balls_that_take_no_part_in_the_balls_faced_are_not_proven_by_them(
    innings: Innings,
) -> None:
    assert innings.extras is not None
    assert innings.extras.wides is not None
    no_balls = replace(innings.extras.wides, value=0, text="0")
    with_none = replace(innings, extras=replace(innings.extras, no_balls=no_balls))
    (balls,) = (one for one in check(with_none) if one.name == batting_checks.BALLS)
    assert balls.verdict is Verdict.HOLDS
    assert "extras/no_balls" not in balls.cells


WIDES = """
Australia Innings
Batting                                R      B     4s    6s
UT Khawaja       not out              21     40      3     0
DA Warner        b Nortje             10     11      2     0
Extras {extras}                        {total}
Total (8.3 Overs)                           {score}/1
Bowling               O      M      R      W     WD
K Rabada              4      1     {runs}      0      {one}
A Nortje            4.3      0     20      1      {other}
"""


@pytest.mark.parametrize(
    ("one", "other", "extras", "verified"),
    [
        (1, 2, "(lb 5, w 3)", True),
        (1, 1, "(lb 5, w 3)", False),
        (0, 1, "(lb 5, nb 3)", False),
        (0, 0, "(lb 5, nb 3)", True),
    ],
)
def test_bowlers_wides_have_to_make_those_of_the_extras(
    typed: Typed, one: int, other: int, extras: str, *, verified: bool
) -> None:
    text = WIDES.format(extras=extras, total=8, score=39, runs=14, one=one, other=other)
    (innings,) = parse_pages([typed(text)]).innings
    assert innings.verified is verified
