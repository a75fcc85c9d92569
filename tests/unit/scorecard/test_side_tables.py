"""Tables that stand beside others, boxes of numbers, and the fall of wickets in its many forms."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.ocr.words import Page
from pipeline.scorecard.arithmetic import audited
from pipeline.scorecard.extras_table import extras_below
from pipeline.scorecard.model import Innings
from pipeline.scorecard.parse import parse_pages
from pipeline.scorecard.rows import Row, find_rows
from pipeline.scorecard.vocabulary import Label

Typed = Callable[..., Page]

FALLS_BESIDE_BOWLING = """
Kings XI Punjab - 1st Innings
Batting                                   M    R    BF   4   6      SR
SE Marsh         c A Chopra b Mendis     36   40    31   3   2  129.03
JR Hopes         lbw b Umar Gul          15   13    10   2   0  130.00
IK Pathan        not out                  7    7     4   1   0  175.00
Extras           lb1 w10                        11
Total            2 wkts, 7.3 overs              71
Bowling     O   M   R   W   RPO              FoW   Score  Batter     Over
Umar Gul    4   0   23  1   5.75               1      24  JR Hopes    3.1
BA Mendis  3.3  0   47  1  13.43               2      61  SE Marsh    6.4
"""


def innings_of(page: Page) -> list[Innings]:
    return list(parse_pages([page]).innings)


def falls(innings: Innings) -> list[tuple[object, ...]]:
    return [
        (
            fall.wicket and fall.wicket.value,
            fall.runs and fall.runs.value,
            fall.batter and fall.batter.value,
            str(fall.over and fall.over.value),
        )
        for fall in innings.fall_of_wickets or ()
    ]


def test_a_fall_of_wickets_beside_the_bowling_is_a_table_of_its_own(typed: Typed) -> None:
    (innings,) = innings_of(typed(FALLS_BESIDE_BOWLING))
    assert [
        tuple(v and v.value for v in (b.maidens, b.runs, b.wickets)) for b in innings.bowling or ()
    ] == [(0, 23, 1), (0, 47, 1)]
    assert falls(innings) == [(1, 24, "JR Hopes", "3.1"), (2, 61, "SE Marsh", "6.4")]
    assert innings.verified


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            """
            Fall of wickets
            1st wicket: 94 (HK Matthews, 9.4 ov)      3rd wicket: 146 (NY McLean, 15.2 ov)
            2nd wicket: 127 (DJS Dottin, 12.3 ov)
            """,
            [
                (1, 94, "HK Matthews", "9.4"),
                (2, 127, "DJS Dottin", "12.3"),
                (3, 146, "NY McLean", "15.2"),
            ],
        ),
        (
            """
            Over    Score   Wicket
            2.2     15/1    S Dhawan
            10.3    67/2    KL Rahul
            """,
            [(1, 15, "S Dhawan", "2.2"), (2, 67, "KL Rahul", "10.3")],
        ),
        (
            """
            Wicket                Team score
            1. Livingstone                68
            2. Davies                     82
            """,
            [(1, 68, "Livingstone", "None"), (2, 82, "Davies", "None")],
        ),
        (
            "Fall of wickets - 1 for 26, 2 for 34, 3 for 155",
            [(1, 26, None, "None"), (2, 34, None, "None"), (3, 155, None, "None")],
        ),
        (
            "Fall of wickets: 50-1 IR James 4.10v; 62-2 ON Gain 5.4o0v",
            [(1, 50, "IR James", "4.1"), (2, 62, "ON Gain", "5.4")],
        ),
        (
            """
            FALL OF      1    2    3
            WICKETS     94  127  146
            """,
            [(1, 94, None, "None"), (2, 127, None, "None"), (3, 146, None, "None")],
        ),
    ],
)
def test_the_fall_of_wickets_is_told_in_many_forms(
    typed: Typed, text: str, expected: list[tuple[object, ...]]
) -> None:
    (innings,) = innings_of(typed(text))
    assert falls(innings) == expected


def test_boxes_of_numbers_stand_below_their_labels(typed: Typed) -> None:
    head, below = find_rows(
        typed(
            """
            Byes   Leg byes   Wides   No balls   Extras          Total   Wickets   Overs
             4        2         2         1         9             187       5        20
            """
        )
    )
    lines = extras_below(head, below)
    assert [line.label for line in lines] == [
        Label.EXTRAS,
        Label.TOTAL,
        Label.WICKETS,
        Label.OVERS,
    ]
    assert Row(1, lines[0].words).text == "Byes 4 Leg byes 2 Wides 2 No balls 1 Extras 9"
    assert [line.words[0].text for line in lines[1:]] == ["187", "5", "20"]


def test_a_row_of_other_words_is_no_head_of_such_boxes(typed: Typed) -> None:
    head, below = find_rows(
        typed(
            """
            Batting      Runs   Balls   Wides
            12            24      5       6
            """
        )
    )
    assert extras_below(head, below) == ()


def test_figures_may_be_told_with_for(typed: Typed) -> None:
    (innings,) = innings_of(
        typed(
            """
            MELBOURNE STARS 40 for 1 (4 overs)
            Lee 20 (10) c Reakes b Kapp
            Mack 15* (14)
            Extras 5 (lb3 w2)
            Bowling
            Kapp 1 for 13 (2 ov)
            Garth 0 for 24 (2 ov)
            """
        )
    )
    assert innings.total is not None
    assert innings.total.runs is not None
    assert innings.total.runs.value == 40
    assert [
        (b.wickets and b.wickets.value, b.runs and b.runs.value) for b in innings.bowling or ()
    ] == [(1, 13), (0, 24)]


def test_a_score_above_an_innings_is_no_wicket_of_the_one_before(typed: Typed) -> None:
    first, second = innings_of(
        typed(
            """
            Sunrisers 67/2 (10.3 ov)
            Batters                    R    B
            Dhawan    b Sharma        30   40
            Rahul     b Sharma        20   11
            Warner    not out         10   12
            Over    Score   Wicket
            2.2     15/1    Dhawan
            10.3    67/2    Rahul
            Super Kings 146/2 (19.3 ov)
            Batters                    R    B
            Smith     b Kumar         66   46
            Raina     b Kumar         40   33
            Dhoni     not out         30   33
            """
        )
    )
    assert len(first.fall_of_wickets or ()) == 2
    assert second.team is not None
    assert second.team.value == "Super Kings"
    assert second.total is not None
    assert second.total.runs is not None
    assert second.total.runs.value == 146


def test_batters_are_told_in_running_text_with_their_dismissals_behind(typed: Typed) -> None:
    (innings,) = innings_of(
        typed(
            """
            KNIGHTS 176-3 (20 overs)
            Hendricks 60 (46) c Chetty b Alexander, Rossouw 51 (33) c Miller b
            Maharaj, Elgar 52* (33), van Biljon 1 (2) c Delport b Abbott, Pienaar
            7* (6). Extras 5 (b1
            w4). DNB McLaren, Mosena.
            Bowling: Abbott 7-0-61-1, Maharaj 7-0-65-1, Alexander 6-0-49-1
            Wkts: 1/104, 2/153, 3/155
            """
        )
    )
    assert [
        (b.name.value, b.how_out and b.how_out.value, b.runs and b.runs.value)
        for b in innings.batting or ()
    ] == [
        ("Hendricks", "c Chetty b Alexander", 60),
        ("Rossouw", "c Miller b Maharaj", 51),
        ("Elgar", "not out", 52),
        ("van Biljon", "c Delport b Abbott", 1),
        ("Pienaar", "not out", 7),
    ]
    assert [name.value for name in innings.did_not_bat or ()] == ["McLaren", "Mosena"]
    assert innings.extras is not None
    assert [kind.value for kind in innings.extras.parts] == [1, 4]
    assert [fall[1] for fall in falls(innings)] == [104, 153, 155]
    assert [b.name.value for b in innings.bowling or ()] == ["Abbott", "Maharaj", "Alexander"]
    assert innings.verified


def test_a_name_that_swallowed_numbers_verifies_nothing(typed: Typed) -> None:
    (innings,) = innings_of(typed(FALLS_BESIDE_BOWLING))
    first, *others = innings.bowling or ()
    swallowed = replace(first, name=first.name.become("Umar Gul Wkts: 1/24, 2/61"))
    assert not audited(replace(innings, bowling=(swallowed, *others))).verified
