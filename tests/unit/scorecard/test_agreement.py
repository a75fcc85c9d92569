from collections.abc import Callable

from pipeline.ocr.words import Page
from pipeline.scorecard.agreement import agreed
from pipeline.scorecard.model import Innings
from pipeline.scorecard.parse import parse_pages

Typed = Callable[..., Page]

CARD = """
India Innings
Batting                                R      B
V Kohli      c Carey b Cummins        45     33
R Sharma     b Cummlns                12     10
S Gill       lbw b Starc              15     17
Fall of wickets: 1-20 (R Sharma, 3.4 ov), 2-50 (V Kohli, 5.1 ov)
Bowling       O     M     R     W
Cummins       4     0    31     2
Starc         4     0    23     1
"""


def innings_of(page: Page) -> Innings:
    (innings,) = parse_pages([page]).innings
    return innings


def test_a_name_misread_once_is_spelt_as_the_rest_of_the_card_spells_it(typed: Typed) -> None:
    innings = innings_of(typed(CARD))
    assert innings.batting is not None
    assert [row.how_out.value for row in innings.batting if row.how_out] == [
        "c Carey b Cummins",
        "b Cummins",
        "lbw b Starc",
    ]


def test_what_was_read_stays_beside_the_agreed_spelling(typed: Typed) -> None:
    innings = innings_of(typed(CARD))
    assert innings.batting is not None
    assert innings.batting[1].how_out is not None
    assert innings.batting[1].how_out.text == "b Cummlns"


def test_two_players_of_one_list_keep_their_names(typed: Typed) -> None:
    page = typed(CARD.replace("S Gill  ", "V Kohly ").replace("(R Sharma,", "(V Kohly,"))
    innings = innings_of(page)
    assert innings.batting is not None
    assert [row.name.value for row in innings.batting] == ["V Kohli", "R Sharma", "V Kohly"]


def test_initials_are_never_changed(typed: Typed) -> None:
    innings = innings_of(typed(CARD.replace("(V Kohli,", "(W Kohli,")))
    assert innings.fall_of_wickets is not None
    assert [fall.batter.value for fall in innings.fall_of_wickets if fall.batter] == [
        "R Sharma",
        "W Kohli",
    ]


def test_a_card_that_agrees_with_itself_stays_as_it_is(typed: Typed) -> None:
    innings = innings_of(typed(CARD.replace("Cummlns", "Cummins")))
    assert agreed([innings]) == (innings,)
