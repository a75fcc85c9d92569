"""Cards of other forms than tables with heads, read whole."""

from collections.abc import Callable
from typing import Any

from pipeline.ocr.words import Page
from pipeline.scorecard.document import document_of
from pipeline.scorecard.parse import parse_pages

Typed = Callable[..., Page]

NEWSPAPER = """
Punjab Kings v Sunrisers Hyderabad
PUNJAB KINGS
Dhawan c Jansen b Kumar ................................   8
Bairstow lbw b Suchith .................................  12
Smith c & b Umran Malik ................................ .13
Rabada not out .........................................   0
Extras (w 7) ...........................................   7
Total (for 3, 20 overs) ................................  40
Did not bat: Chahar, Arora,
Arshdeep Singh.
Fall of wickets: 1-10, 2-33,
3-40.
Bowling: Kumar 7-0-22-1; Jansen 7-0-10-0; Umran
Malik 6-1-8-2.
"""

CHAT = """
*India 168/6 (20 ov)*
Rohit c Smith b Starc 95 (33b, 4x4, 1x6)
Kohli 30* (20)
Pant 33 (9)
Extras 10
Bowling
Starc 4-0-23-1
Zampa 2/36 (4)
Australia 150/8 (20 ov)
Head 80 (40), Warner 60 (50), Smith 5 (10)
Bumrah 4-1-12-3
"""

SUMMARY = """
                    MATCH SUMMARY
West Indies                          (50 ov)    247/9
SD Hope           87   (108)    Mustafizur Rahman  4/43    (9)
JO Holder         62    (76)    Mashrafe Mortaza   3/60   (10)
SW Ambris         23    (19)    Shakib Al Hasan    1/27   (10)
Bangladesh                         (47.2 ov)    248/5
Mushfiqur Rahim   63    (73)    AR Nurse           3/53   (10)
Soumya Sarkar     54    (67)    JO Holder          1/43    (8)
"""

TELEVISION_SUMMARY = """
KENT                     20 OVERS         144-7
NORTHEAST        35   34        TYE         3-18
BELL-DRUMMOND    25   21        HOWELL      2-25
BLAKE            24*  24        NORWELL     1.32
"""


def innings_of(page: Page) -> list[dict[str, Any]]:
    return document_of(parse_pages([page]))["innings"]  # type: ignore[return-value]


def rows(table: list[dict[str, Any]], *fields: str) -> list[tuple[Any, ...]]:
    return [tuple(row[field] for field in fields) for row in table]


def test_a_newspaper_leads_to_the_runs_with_dots_and_tells_the_bowling_as_text(
    typed: Typed,
) -> None:
    (innings,) = innings_of(typed(NEWSPAPER))
    assert rows(innings["batting"], "name", "how_out", "runs") == [
        ("Dhawan", "c Jansen b Kumar", 8),
        ("Bairstow", "lbw b Suchith", 12),
        ("Smith", "c & b Umran Malik", 13),
        ("Rabada", "not out", 0),
    ]
    assert innings["total"] == {"runs": 40, "wickets": 3, "overs": "20"}
    assert innings["did_not_bat"] == ["Chahar", "Arora", "Arshdeep Singh"]
    assert [fall["runs"] for fall in innings["fall_of_wickets"]] == [10, 33, 40]
    assert rows(innings["bowling"], "name", "overs", "maidens", "runs", "wickets") == [
        ("Kumar", "7", 0, 22, 1),
        ("Jansen", "7", 0, 10, 0),
        ("Umran Malik", "6", 1, 8, 2),
    ]


def test_a_message_has_no_columns(typed: Typed) -> None:
    first, second = innings_of(typed(CHAT))
    assert (first["team"], first["total"]["runs"]) == ("India", 168)
    assert rows(first["batting"], "name", "how_out", "runs", "balls", "fours") == [
        ("Rohit", "c Smith b Starc", 95, 33, 4),
        ("Kohli", "not out", 30, 20, None),
        ("Pant", None, 33, 9, None),
    ]
    assert rows(first["bowling"], "name", "overs", "maidens", "runs", "wickets") == [
        ("Starc", "4", 0, 23, 1),
        ("Zampa", "4", None, 36, 2),
    ]
    assert (second["team"], second["total"]["wickets"]) == ("Australia", 8)
    assert rows(second["batting"], "name", "runs", "balls") == [
        ("Head", 80, 40),
        ("Warner", 60, 50),
        ("Smith", 5, 10),
    ]
    assert rows(second["bowling"], "name", "wickets") == [("Bumrah", 3)]


def test_a_summary_shows_the_best_of_both_sides(typed: Typed) -> None:
    first, second = innings_of(typed(SUMMARY))
    assert first["total"] == {"runs": 247, "wickets": 9, "overs": "50"}
    assert rows(first["batting"], "name", "runs", "balls", "fours") == [
        ("SD Hope", 87, 108, None),
        ("JO Holder", 62, 76, None),
        ("SW Ambris", 23, 19, None),
    ]
    assert rows(second["bowling"], "name", "overs", "runs", "wickets") == [
        ("AR Nurse", "10", 53, 3),
        ("JO Holder", "8", 43, 1),
    ]
    assert not first["verified"]


def test_a_television_summary_has_two_numbers_a_batter(typed: Typed) -> None:
    (innings,) = innings_of(typed(TELEVISION_SUMMARY))
    assert innings["total"] == {"runs": 144, "wickets": 7, "overs": "20"}
    assert rows(innings["batting"], "name", "runs", "balls") == [
        ("NORTHEAST", 35, 34),
        ("BELL-DRUMMOND", 25, 21),
        ("BLAKE", 24, 24),
    ]
    assert rows(innings["bowling"], "name", "runs", "wickets") == [
        ("TYE", 18, 3),
        ("HOWELL", 25, 2),
        ("NORWELL", 32, 1),
    ]


def test_a_row_of_runs_without_columns_ends_in_them(typed: Typed) -> None:
    page = typed("India 158/2\nKohli b Starc 100\nRohit c Smith b Starc 50\nPant not out 8")
    (innings,) = innings_of(page)
    assert rows(innings["batting"], "name", "how_out", "runs") == [
        ("Kohli", "b Starc", 100),
        ("Rohit", "c Smith b Starc", 50),
        ("Pant", "not out", 8),
    ]


def test_columns_stand_in_any_order_under_other_words(typed: Typed) -> None:
    page = typed(
        """
        Essex Innings
        Batter                                     R     B     M    4s   6s
        Cook AN (c)      c & b Stevens            45    60    80     4    0
        ten Doeschate R  st †Robinson b Milnes     7    11    13     1    0
        O'Brien K        run out (Kuhn/Robinson)  20    22    30     2    0
        Wheater A †      retired hurt             10    12    14     1    0
        Harmer S         retired not out           5     6     7     0    0
        Cook SJ          obstructing the field     2     3     4     0    0
        Porter J         timed out                 0     0     0     0    0
        Extras (b 4, lb 2, w 8, nb 1, p 5)        20
        Total (20 Ov, RR: 8.4)                 109/5d
        FOW: 1-23 (Cook AN, 3.4 ov), 2-30 (ten Doeschate R, 5.1 ov)
        Bowler          Wkts   Runs   Overs   Mdns  Econ  nb  wd  0s
        Stevens            1     50      10      0  5.00   1   4  30
        Milnes             1     48      10      1  4.80   0   4  28
        """
    )
    (innings,) = innings_of(page)
    assert rows(innings["batting"], "name", "how_out", "runs", "minutes") == [
        ("Cook AN", "c & b Stevens", 45, 80),
        ("ten Doeschate R", "st Robinson b Milnes", 7, 13),
        ("O'Brien K", "run out (Kuhn/Robinson)", 20, 30),
        ("Wheater A", "retired hurt", 10, 14),
        ("Harmer S", "retired not out", 5, 7),
        ("Cook SJ", "obstructing the field", 2, 4),
        ("Porter J", "timed out", 0, 0),
    ]
    assert innings["total"] == {"runs": 109, "wickets": 5, "overs": "20"}
    assert innings["extras"]["penalty"] == 5
    assert rows(innings["fall_of_wickets"], "wicket", "runs", "batter", "over") == [
        (1, 23, "Cook AN", "3.4"),
        (2, 30, "ten Doeschate R", "5.1"),
    ]
    assert rows(innings["bowling"], "name", "overs", "maidens", "runs", "wickets", "wides") == [
        ("Stevens", "10", 0, 50, 1, 4),
        ("Milnes", "10", 1, 48, 1, 4),
    ]


GARBLED_HEAD = """
sman How Owt          Bowier      Rons   Bals    As    63
1 Devine    cF Khatun  S Khatun      12     15     1     0
2 Priest    lbw        S Khatun      25     32     3     0
3 Bates     bowled     R Moni        15     14     2     0
Extras (w 2)                          2
Total                              54/3
"""


def test_the_first_row_below_a_garbled_head_is_one_of_the_table(typed: Typed) -> None:
    (innings,) = innings_of(typed(GARBLED_HEAD))
    assert [batter["runs"] for batter in innings["batting"]] == [12, 25, 15]


NO_WICKET = """
Fall of wickets     Score   Over
"""


def test_the_number_of_a_page_far_below_is_no_wicket(typed: Typed) -> None:
    text = f"{SHORT_CARD}{NO_WICKET}" + "\n" * 6
    assert innings_of(typed(f"{text}1-8    3.2"))[0]["fall_of_wickets"] is None
    near = innings_of(typed(f"{SHORT_CARD}{NO_WICKET}1-8    3.2"))[0]["fall_of_wickets"]
    assert near is not None
    assert near[0]["runs"] == 8


DISPLACED = """
Batter    Dismissal                 R    B   4s   6s
Gambhir   c Kandamby b Muralitharan 68   62   5    0
Raina     run out (Muralitharan/Sangakkara/Mendis)  54   71    3    1
Dhoni     not out                   61   65   5    0
Extras (w 2)                         2
Total                              185/2
"""


def test_numbers_that_a_long_text_pushed_out_of_their_columns_keep_their_order(
    typed: Typed,
) -> None:
    (innings,) = innings_of(typed(DISPLACED))
    raina = innings["batting"][1]
    assert [raina[field] for field in ("runs", "balls", "fours", "sixes")] == [54, 71, 3, 1]
    assert not innings["verified"]


def test_the_last_bowler_above_the_next_head_is_none_of_its_titles(typed: Typed) -> None:
    text = f"""{SHORT_CARD}
PALL or
Bumrah      2   0   30   0
Shami       1   0   20   0
Second innings
{SHORT_CARD}"""
    first, second = innings_of(typed(text.replace("\n\n", "\n")))
    assert [bowler["name"] for bowler in first["bowling"]] == ["Bumrah", "Shami"]
    assert second["bowling"] is None


SHORT_CARD = """
Batting             R     B
Krishna  not out   30    12
Kapish   not out   20     6
Extras (w 6)        6
Total (3.0 overs)  56-0
"""
