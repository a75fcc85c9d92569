from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pipeline.ocr.words import Page
from pipeline.scorecard.document import document_of
from pipeline.scorecard.parse import NO_SCORECARD, parse_pages

Typed = Callable[..., Page]

WEB = """
LIVE  SCORECARD  COMMENTARY
Australia vs South Africa, Test
Sydney Cricket Ground, 4 January 2023
Match drawn
Australia Innings
Batting                                R      B     4s    6s       SR
UT Khawaja                            21     40      3     0    52.50
not out
DA Warner                             10     11      2     0    90.91
c M Jansen b A Nortje
SPD Smith                              7     12      1     0    58.33
c sub (HE van der Dussen) b K Rabada
Extras (lb 5, w 1)                     6
Total (10.3 Overs, RR: 4.19)                 44/2
Did not bat: AT Carey, AC Agar, PJ Cummins
Fall of wickets: 1-12 (DA Warner, 3.4 ov), 2-40 (SPD
Smith, 9.6 ov)
Bowling               O      M      R      W        Econ
K Rabada              5      1     19      1        3.80
A Nortje            5.3      0     20      1        3.64
"""

CLUB = """
          JAMAICA v WINDWARD ISLANDS
Played at: Guyana National Stadium    Date: 20 June 2022
Toss: Jamaica, elected to field
Result: Jamaica won by 8 wickets
Umpires: R Banwarie, N Duguid
INNINGS OF WINDWARD ISLANDS
-------------------------------------------------
    BATSMAN         HOW OUT          BOWLER        RUNS
 1. M. Edward       bowled           V.N. Watts      11
 2. A.S.S. Fletcher c V.N. Watts     S.R. Taylor      1
 3. Z. James        c & b            S.R. Taylor      3
 4. C. Noel         run out (McLean)                 21
 5. P.S. Etienne    not out                           0
 6. J. Brown        did not bat
    EXTRAS  (B 0  LB 3  W 11  NB 0)                  14
    TOTAL   (for 4 wkts, 8.1 overs)                  50
FALL OF WICKETS
      1     2     3     4
      9    14    22    50
BOWLING           O     M     R     W
V.N. Watts        4     0    19     1
S.R. Taylor     4.1     0    28     2
"""

TELEVISION = """
WEST INDIES                              v SOUTH AFRICA
GAYLE           c MCKENZIE b NEL         46         49
GANGA           b STEYN                   3         17
CHANDERPAUL     not out                  65        223
SAMUELS         not out                   0          4
LARA
EXTRAS 24            OVERS 48.5           TOTAL 138-2
"""

MOBILE = """
16:16                                    4G 71%
< England v India
India won by 7 wickets
England                          75-2 (20 Ov)
Batter              R     B    4s    6s       SR
AJ Strauss          4     9     1     0    44.44
c SR Tendulkar b Z Khan
AN Cook            43   100     6     0    43.00
not out
MP Vaughan          9    11     1     0    81.82
lbw b Z Khan
Extras                     19 (b 8, lb 7, w 1, nb 3)
Total                           75-2 (20 overs)
Bowler              O     M     R     W      ECO
Z Khan             10     5    34     2      3.4
S Sreesanth        10     7    26     0      2.6
Fall of Wickets          Score         Over
AJ Strauss                 4-1          2.3
MP Vaughan                70-2         18.6
"""


def document(*pages: Page) -> dict[str, Any]:
    return document_of(parse_pages(pages))


def rows(table: list[dict[str, Any]], *fields: str) -> list[tuple[Any, ...]]:
    return [tuple(row[field] for field in fields) for row in table]


def test_a_page_of_the_web_is_read_whole(typed: Typed) -> None:
    card = document(typed(WEB))
    (innings,) = card["innings"]
    assert card["match"]["teams"] == ["Australia", "South Africa"]
    assert innings["team"] == "Australia"
    assert rows(innings["batting"], "name", "how_out", "runs", "balls", "fours", "sixes") == [
        ("UT Khawaja", "not out", 21, 40, 3, 0),
        ("DA Warner", "c M Jansen b A Nortje", 10, 11, 2, 0),
        ("SPD Smith", "c sub (HE van der Dussen) b K Rabada", 7, 12, 1, 0),
    ]
    assert innings["did_not_bat"] == ["AT Carey", "AC Agar", "PJ Cummins"]
    assert innings["extras"] == {
        "total": 6,
        "byes": None,
        "leg_byes": 5,
        "wides": 1,
        "no_balls": None,
        "penalty": None,
    }
    assert innings["total"] == {"runs": 44, "wickets": 2, "overs": "10.3"}
    assert rows(innings["fall_of_wickets"], "wicket", "runs", "batter", "over") == [
        (1, 12, "DA Warner", "3.4"),
        (2, 40, "SPD Smith", "9.6"),
    ]
    assert rows(innings["bowling"], "name", "overs", "maidens", "runs", "wickets", "economy") == [
        ("K Rabada", "5", 1, 19, 1, 3.8),
        ("A Nortje", "5.3", 0, 20, 1, 3.64),
    ]
    assert innings["verified"]


def test_a_typewritten_sheet_has_the_bowler_in_a_column_of_his_own(typed: Typed) -> None:
    card = document(typed(CLUB))
    (innings,) = card["innings"]
    assert innings["team"] == "WINDWARD ISLANDS"
    assert rows(innings["batting"], "name", "how_out", "runs") == [
        ("M. Edward", "b V.N. Watts", 11),
        ("A.S.S. Fletcher", "c V.N. Watts b S.R. Taylor", 1),
        ("Z. James", "c & b S.R. Taylor", 3),
        ("C. Noel", "run out (McLean)", 21),
        ("P.S. Etienne", "not out", 0),
    ]
    assert innings["did_not_bat"] == ["J. Brown"]
    assert innings["total"] == {"runs": 50, "wickets": 4, "overs": "8.1"}
    assert [fall["runs"] for fall in innings["fall_of_wickets"]] == [9, 14, 22, 50]
    assert innings["bowling"][1]["overs"] == "4.1"
    assert innings["batting"][0]["balls"] is None
    assert card["match"]["umpires"] == ["R Banwarie", "N Duguid"]
    assert innings["verified"]


def test_a_television_card_has_no_head(typed: Typed) -> None:
    card = document(typed(TELEVISION))
    (innings,) = card["innings"]
    assert innings["team"] == "WEST INDIES"
    assert sorted(card["match"]["teams"]) == ["SOUTH AFRICA", "WEST INDIES"]
    assert rows(innings["batting"], "name", "how_out", "runs", "balls") == [
        ("GAYLE", "c MCKENZIE b NEL", 46, 49),
        ("GANGA", "b STEYN", 3, 17),
        ("CHANDERPAUL", "not out", 65, 223),
        ("SAMUELS", "not out", 0, 4),
    ]
    assert innings["did_not_bat"] == ["LARA"]
    assert innings["total"] == {"runs": 138, "wickets": 2, "overs": "48.5"}
    assert innings["extras"]["total"] == 24


def test_a_card_of_bowling_alone_is_the_other_sides_innings(typed: Typed) -> None:
    card = document(
        typed(
            """
            ENGLAND                            v WEST INDIES
            BOWLING        O     M     R     W      ECON
            TOPLEY         4     0    43     0     10.75
            RASHID         4     0    17     2      4.25
            FALL OF WICKETS   1 20  2 67         TOTAL 67-2
            """
        )
    )
    (innings,) = card["innings"]
    assert innings["team"] == "WEST INDIES"
    assert innings["batting"] is None
    assert rows(innings["bowling"], "name", "overs", "runs") == [
        ("TOPLEY", "4", 43),
        ("RASHID", "4", 17),
    ]
    assert [fall["runs"] for fall in innings["fall_of_wickets"]] == [20, 67]
    assert not innings["verified"]


def test_an_application_lists_the_fall_of_wickets_in_a_table(typed: Typed) -> None:
    (innings,) = document(typed(MOBILE))["innings"]
    assert innings["team"] == "England"
    assert rows(innings["fall_of_wickets"], "wicket", "runs", "batter", "over") == [
        (1, 4, "AJ Strauss", "2.3"),
        (2, 70, "MP Vaughan", "18.6"),
    ]
    assert innings["extras"]["total"] == 19
    assert innings["total"]["wickets"] == 2


def test_innings_follow_one_another_over_pages(typed: Typed) -> None:
    card = document(typed(WEB), typed(CLUB, number=2))
    assert [innings["team"] for innings in card["innings"]] == ["Australia", "WINDWARD ISLANDS"]
    assert card["readings"]["/innings/1/batting/0/runs"]["page"] == 2


def test_a_leaning_page_is_read_like_a_level_one(typed: Typed) -> None:
    for text in (WEB, CLUB, MOBILE):
        level, leaning = document(typed(text)), document(typed(text, slope=0.015))
        assert leaning["innings"] == level["innings"]


def test_a_table_without_its_head_is_read_by_its_arithmetic(typed: Typed) -> None:
    lines = WEB.split("\n")
    without = "\n".join(line for line in lines if not line.startswith(("Batting", "Bowling")))
    (whole,) = document(typed(WEB))["innings"]
    (innings,) = document(typed(without))["innings"]
    fields = ("name", "how_out", "runs", "balls", "fours", "sixes")
    assert rows(innings["batting"], *fields) == rows(whole["batting"], *fields)
    figures = ("name", "overs", "maidens", "runs", "wickets")
    assert rows(innings["bowling"], *figures) == rows(whole["bowling"], *figures)


def test_a_garbled_dismissal_below_a_name_is_no_batter(typed: Typed) -> None:
    (innings,) = document(typed(MOBILE.replace("lbw b Z Khan", "o0w Z Khar")))["innings"]
    assert rows(innings["batting"], "name", "how_out") == [
        ("AJ Strauss", "c SR Tendulkar b Z Khan"),
        ("AN Cook", "not out"),
        ("MP Vaughan", None),
    ]


def test_dirt_above_a_table_is_no_team(typed: Typed) -> None:
    page = typed(WEB.replace("Batting       ", "aa\n=\nBatting       "))
    (innings,) = document(page)["innings"]
    assert innings["team"] == "Australia"


def test_the_side_is_spelt_as_the_match_spells_it_more_surely(typed: Typed) -> None:
    page = typed(WEB.replace("Australia Innings", "\\ustralia Innings"))
    unsure = tuple(replace(w, confidence=0.5) if "ustralia" in w.text else w for w in page.words)
    sure = tuple(replace(w, confidence=0.9) if w.text == "Australia" else w for w in unsure)
    (innings,) = document(replace(page, words=sure))["innings"]
    assert innings["team"] == "Australia"


def test_the_foot_of_a_page_is_no_wicket(typed: Typed) -> None:
    (innings,) = document(typed(MOBILE + "\n\n\n\n        1 / 1\n"))["innings"]
    assert len(innings["fall_of_wickets"]) == 2


def test_a_picture_without_a_scorecard_is_an_empty_document(typed: Typed) -> None:
    card = document(typed("A shopping list\nmilk 2\nbread 1"))
    assert card["innings"] == []
    assert card["warnings"] == [NO_SCORECARD]


def test_no_words_at_all_are_an_empty_document() -> None:
    assert document()["warnings"] == [NO_SCORECARD]


def test_every_value_is_found_on_the_page(typed: Typed) -> None:
    page = typed(WEB)
    card = document(page)
    reading = card["readings"]["/innings/0/batting/1/runs"]
    word = next(word for word in page.words if word.text == "10")
    assert reading == {
        "page": 1,
        "box": [word.box.left, word.box.top, word.box.right, word.box.bottom],
        "confidence": 0.97,
        "read": "10",
        "alternatives": [],
    }
    assert "/match/venue" in card["readings"]


def test_a_number_that_nobody_can_read_stays_null_and_is_shown(typed: Typed) -> None:
    card = document(typed(WEB.replace(" 5.3      0 ", " 5.3     ## ")))
    (innings,) = card["innings"]
    assert innings["bowling"][1]["maidens"] is None
    assert [unread["cell"] for unread in card["unread"]] == ["/innings/0/bowling/1/maidens"]
    assert card["warnings"] == ["innings 1: 1 number(s) could not be read"]
    assert not innings["verified"]
