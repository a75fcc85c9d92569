from collections.abc import Callable

import pytest

from pipeline.ocr.words import Word
from pipeline.scorecard.dismissal import (
    ending_of,
    find_opening,
    is_unfinished,
    parse_dismissal,
    parted,
)
from pipeline.scorecard.endings import Ending

Words = Callable[[str], tuple[Word, ...]]


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        ("not out", "not out"),
        ("notout", "not out"),
        ("batting", "batting"),
        ("b NM Lyon", "b NM Lyon"),
        ("bowled NM Lyon", "b NM Lyon"),
        ("c K Verreynne b A Nortje", "c K Verreynne b A Nortje"),
        ("ct Smith b Starc", "c Smith b Starc"),
        ("caught Smith bowled Starc", "c Smith b Starc"),
        ("c & b KA Maharaj", "c & b KA Maharaj"),
        ("c and b KA Maharaj", "c & b KA Maharaj"),
        ("c&b KA Maharaj", "c & b KA Maharaj"),
        ("c &b KA Maharaj", "c & b KA Maharaj"),
        ("lbw b PJ Cummins", "lbw b PJ Cummins"),
        ("Ibw b PJ Cummins", "lbw b PJ Cummins"),
        ("1bw b PJ Cummins", "lbw b PJ Cummins"),
        ("st †Pant b Ashwin", "st Pant b Ashwin"),
        ("c sub (HE van der Dussen) b K Rabada", "c sub (HE van der Dussen) b K Rabada"),
        ("run out (A Smith/B Jones)", "run out (A Smith/B Jones)"),
        ("run out (Smith", "run out (Smith)"),
        ("run out", "run out"),
        ("rum out", "run out"),
        ("hit wicket b Starc", "hit wicket b Starc"),
        ("Hit wicket", "hit wicket"),
        ("retired hurt", "retired hurt"),
        ("retd hurt", "retired hurt"),
        ("retired not out", "retired not out"),
        ("retired out", "retired out"),
        ("absent hurt", "absent hurt"),
        ("obstructing the field", "obstructing the field"),
        ("timed out", "timed out"),
        ("handled the ball", "handled the ball"),
        ("did not bat", "did not bat"),
        ("C SMITH B STARC", "c SMITH b STARC"),
        ("c DE VILLIERS b NEL", "c DE VILLIERS b NEL"),
        ("¢ RM Siri 6 DM Lord", "c RM Siri b DM Lord"),
        ("Cc L Griffith b K Castle", "c L Griffith b K Castle"),
        ("low b DM Lord", "lbw b DM Lord"),
    ],
)
def test_the_forms_of_the_trade_are_read(words_of: Words, printed: str, told: str) -> None:
    assert str(parse_dismissal(words_of(printed))) == told


@pytest.mark.parametrize(
    ("how_out", "bowler", "told"),
    [
        ("bowled", "V.N. Watts", "b V.N. Watts"),
        ("c S.R. Taylor", "V.N. Watts", "c S.R. Taylor b V.N. Watts"),
        ("c & b", "S.R. Taylor", "c & b S.R. Taylor"),
        ("lbw", "N.A. Waisome", "lbw b N.A. Waisome"),
        ("st Pant", "Ashwin", "st Pant b Ashwin"),
        ("run out (N.Y. McLean)", "", "run out (N.Y. McLean)"),
    ],
)
def test_the_bowler_may_have_a_column(
    words_of: Words, how_out: str, bowler: str, told: str
) -> None:
    assert str(parse_dismissal(words_of(how_out), words_of(bowler))) == told


@pytest.mark.parametrize(
    ("line", "opening"),
    [
        ("A.S.S. Fletcher c V.N. Watts b S.R. Taylor", 2),
        ("C Anderson b Smith", 2),
        ("B C Lara not out", 3),
        ("UT Khawaja", None),
        ("A B de Villiers", None),
        ("Bowler", None),
        ("v lbw b Joseph", 1),
        ("c Mohammed Siraj b", 0),
        ("Kumara b", None),
    ],
)
def test_a_dismissal_begins_behind_the_name(
    words_of: Words, line: str, opening: int | None
) -> None:
    assert find_opening(words_of(line)) == opening


def test_a_letter_glued_to_a_name_is_cut_off(words_of: Words) -> None:
    words = parted(words_of("cR Ashwin bJA Morkel"))
    assert [word.text for word in words] == ["c", "R", "Ashwin", "b", "JA", "Morkel"]
    assert [word.text for word in parted(words_of("de Kock bowled"))] == ["de", "Kock", "bowled"]


def test_a_name_is_no_dismissal(words_of: Words) -> None:
    assert parse_dismissal(words_of("Steve Smith")) is None


def test_run_outs_and_retirements_credit_no_bowler() -> None:
    assert not Ending.RUN_OUT.credits_bowler
    assert not Ending.RETIRED_OUT.credits_bowler
    assert Ending.HIT_WICKET.credits_bowler


def test_retired_not_out_is_no_wicket_but_retired_out_is() -> None:
    assert not Ending.RETIRED_NOT_OUT.is_wicket
    assert not Ending.RETIRED_HURT.is_wicket
    assert Ending.RETIRED_OUT.is_wicket
    assert Ending.RUN_OUT.is_wicket


def test_the_document_tells_the_ending() -> None:
    assert ending_of("c & b KA Maharaj") is Ending.CAUGHT_AND_BOWLED
    assert ending_of("retired not out") is Ending.RETIRED_NOT_OUT
    assert ending_of("nothing of the kind") is None


def test_an_open_bracket_goes_on_in_the_next_row(words_of: Words) -> None:
    assert is_unfinished(words_of("c sub (HE van der"))
    assert is_unfinished(words_of("c Smith b"))
    assert not is_unfinished(words_of("c Smith b Starc"))
