from collections.abc import Callable
from dataclasses import replace

from pipeline.ocr.words import Page, Word
from pipeline.scorecard.model import Innings
from pipeline.scorecard.parse import parse_pages
from pipeline.scorecard.pointers import value_at

Typed = Callable[..., Page]

CARD = """
Australia Innings
Batting                                R      B     4s    6s       SR
UT Khawaja       not out              21     40      3     0    52.50
DA Warner        c A b Nortje         10     11      2     0    90.91
SPD Smith        run out (C)           7     12      1     0    58.33
Extras (lb 5, w 1)                     6
Total (10.3 Overs)                           44/2
Bowling               O      M      R      W        Econ
K Rabada              5      1     19      0        3.80
A Nortje            5.3      0     20      1        3.64
"""


def misread(page: Page, true: str, read: str, alternatives: tuple[str, ...] = ()) -> Page:
    """The page with the first word of a text read as another."""
    word = next(word for word in page.words if word.text == true)
    wrong = Word(read, word.box, 0.5, alternatives)
    return replace(page, words=tuple(wrong if w is word else w for w in page.words))


def read(page: Page) -> Innings:
    (innings,) = parse_pages([page]).innings
    return innings


def number(innings: Innings, cell: str) -> object:
    value = value_at(innings, cell)
    return value.value if value else None


def test_another_reading_of_the_ink_settles_the_sums(typed: Typed) -> None:
    innings = read(misread(typed(CARD), "21", "27", alternatives=("x", "21")))
    assert number(innings, "batting/0/runs") == 21
    (repair,) = innings.repairs
    assert (repair.cell, repair.read, repair.became) == ("batting/0/runs", "27", "21")
    assert "batting runs and extras make the total" in repair.settles
    assert "strike rate of UT Khawaja" in repair.settles
    assert not repair.by_inference
    assert innings.verified


def test_a_digit_that_engines_mistake_is_mended_where_two_equations_agree(typed: Typed) -> None:
    innings = read(misread(typed(CARD), "19", "79"))
    assert number(innings, "bowling/0/runs") == 19
    assert innings.repairs[0].by_inference


def test_a_lost_point_is_put_back(typed: Typed) -> None:
    innings = read(misread(typed(CARD), "5.3", "53"))
    assert str(number(innings, "bowling/1/overs")) == "5.3"


def test_ink_that_is_no_number_takes_the_number_that_the_equations_name(typed: Typed) -> None:
    innings = read(misread(typed(CARD), "40", "#?"))
    assert number(innings, "batting/0/balls") == 40
    assert innings.unread == ()


def test_a_slip_of_the_scorer_is_reported_and_not_mended(typed: Typed) -> None:
    innings = read(typed(CARD.replace("44/2", "46/2")))
    assert number(innings, "total/runs") == 46
    assert innings.repairs == ()
    assert not innings.verified


def test_two_readings_that_settle_as_well_settle_nothing(typed: Typed) -> None:
    card = "\n".join(line for line in CARD.split("\n") if "Nortje   " not in line)
    bare = "\n".join(line[:40] for line in card.split("\n")[:5]) + "\nExtras 6\nTotal 47/2"
    innings = read(typed(bare))
    assert number(innings, "total/runs") == 47
    assert not innings.repairs or not innings.verified


def test_a_card_without_faults_is_left_alone(typed: Typed) -> None:
    assert read(typed(CARD)).repairs == ()


def test_a_card_on_which_nothing_adds_up_is_given_up_soon(typed: Typed) -> None:
    lines = [f"Man{n}   not out    {n * 7 % 90}   {n * 3 % 80}   3   1   88.88" for n in range(60)]
    head = "Batting              R    B    4s   6s   SR\n"
    innings = read(typed(head + "\n".join(lines) + "\nExtras 9\nTotal 999"))
    assert len(innings.batting or ()) == 60
    assert not innings.verified
