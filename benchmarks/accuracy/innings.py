"""One innings of a reading, cell by cell."""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from benchmarks.accuracy.alignment import Column, Json, rows_matched, rows_of
from benchmarks.accuracy.sameness import (
    same_answer,
    same_dismissal,
    same_dismissal_exactly,
    same_name,
    same_name_exactly,
    same_number,
    same_overs,
    same_rate,
)
from benchmarks.accuracy.tally import Tally

BATTING: tuple[Column, ...] = (
    ("runs", "R", same_number),
    ("balls", "B", same_number),
    ("fours", "4s", same_number),
    ("sixes", "6s", same_number),
    ("minutes", "min", same_number),
)
BOWLING: tuple[Column, ...] = (
    ("overs", "O", same_overs),
    ("maidens", "M", same_number),
    ("runs", "R", same_number),
    ("wickets", "W", same_number),
    ("no_balls", "nb", same_number),
    ("wides", "wd", same_number),
)
EXTRAS = ("byes", "leg_byes", "wides", "no_balls", "penalty")


def compare_innings(true: Json, read: Json, tally: Tally) -> int:
    """Counts an innings; how many numbers and rows of the reading are wrong.

    A number that was not read is no wrong one.
    """
    if true.get("team"):
        tally.word("team", true["team"], read.get("team"), same_name)
    return (
        _section("batting", "bat", BATTING, true, read, tally)
        + _section("bowling", "bowl", BOWLING, true, read, tally)
        + _extras(true.get("extras"), read.get("extras"), tally)
        + _total(true.get("total"), read.get("total"), tally)
        + _fall(true.get("fall_of_wickets"), rows_of(read, "fall_of_wickets"), tally)
        + _did_not_bat(true.get("did_not_bat"), read.get("did_not_bat"), tally)
        + _deliveries(true.get("deliveries"), rows_of(read, "deliveries"), tally)
    )


def _section(
    section: str, kind: str, columns: Sequence[Column], true: Json, read: Json, tally: Tally
) -> int:
    """Batting or bowling."""
    rows: Sequence[Json] | None = true.get(section)
    others = rows_of(read, section)
    if rows is None:
        tally.made_up(f"{kind}.name", len(others))
        return len(others)
    matched = rows_matched(rows, others, columns)
    wrong = 0
    for number, row in enumerate(rows):
        other = others[matched[number]] if number in matched else {}
        wrong += _row(kind, columns, row, other, tally)
    spare = [row for number, row in enumerate(others) if number not in matched.values()]
    shown = [key for key, _, _ in columns if any(row.get(key) is not None for row in rows)]
    for row in spare:
        for spelling in ("name", "name~"):
            tally.made_up(f"{kind}.{spelling}")
        for key, column, _ in columns:
            if key in shown and row.get(key) is not None:
                tally.made_up(f"{kind}.{column}")
    return wrong + len(spare)


def _row(kind: str, columns: Sequence[Column], row: Json, other: Json, tally: Tally) -> int:
    name = row["name"]
    tally.word(f"{kind}.name", name, other.get("name"), same_name_exactly)
    tally.word(f"{kind}.name~", name, other.get("name"), same_name)
    wrong = 0
    for key, column, same in columns:
        wrong += not tally.number(f"{kind}.{column}", row.get(key), other.get(key), same, name)
    if row.get("how_out"):
        tally.word("bat.how", row["how_out"], other.get("how_out"), same_dismissal_exactly)
        tally.word("bat.how~", row["how_out"], other.get("how_out"), same_dismissal)
    for rate in ("strike_rate", "economy"):
        if row.get(rate) is not None:
            tally.word("rate", row[rate], other.get(rate), same_rate)
    return wrong


def _extras(true: Json | None, read: Any, tally: Tally) -> int:
    if not true:
        return 0
    other = read if isinstance(read, Mapping) else {}
    wrong = not tally.number(
        "extras.total", true.get("total"), other.get("total"), same_number, "total"
    )
    return wrong + sum(
        not tally.number("extras.parts", true.get(part), other.get(part), same_number, part)
        for part in EXTRAS
    )


def _total(true: Json | None, read: Any, tally: Tally) -> int:
    if not true:
        return 0
    other = read if isinstance(read, Mapping) else {}
    columns = (
        ("runs", "R", same_number),
        ("wickets", "W", same_number),
        ("overs", "O", same_overs),
    )
    return sum(
        not tally.number(f"total.{column}", true.get(key), other.get(key), same, "total")
        for key, column, same in columns
    )


def _fall(true: Sequence[Json] | None, read: Sequence[Json], tally: Tally) -> int:
    if true is None:
        return 0
    numbered = {str(fall["wicket"]): fall for fall in read if fall.get("wicket") is not None}
    wrong = used = 0
    for place, fall in enumerate(true):
        if fall.get("wicket") is not None and numbered:
            other = numbered.get(str(fall["wicket"]), {})
        else:
            other = read[place] if place < len(read) else {}
        used += bool(other)
        where = str(fall.get("wicket"))
        wrong += not tally.number("fow.R", fall["runs"], other.get("runs"), same_number, where)
        if fall.get("batter"):
            tally.word("fow.name", fall["batter"], other.get("batter"), same_name)
        wrong += not tally.number("fow.O", fall.get("over"), other.get("over"), same_overs, where)
    spare = max(0, len(read) - used)
    tally.made_up("fow.R", spare)
    return wrong + spare


def _did_not_bat(true: Sequence[str] | None, read: Any, tally: Tally) -> int:
    """Names only: none of them makes an innings wrong."""
    if not true:
        return 0
    left = [each if isinstance(each, str) else (each or {}).get("name", "") for each in read or []]
    for name in true:
        found = next((each for each in left if same_name(name, each)), None)
        if found is not None:
            left.remove(found)
        tally.word("dnb", name, found, same_name)
    tally.made_up("dnb", len(left))
    return 0


def _deliveries(true: Sequence[Json] | None, read: Sequence[Json], tally: Tally) -> int:
    if true is None:
        return 0
    balls, others = ([str(row.get("ball")) for row in rows] for rows in (true, read))
    matched = {
        block.a + step: block.b + step
        for block in SequenceMatcher(None, balls, others, autojunk=False).get_matching_blocks()
        for step in range(block.size)
    }
    wrong = 0
    for number, ball in enumerate(true):
        other = read[matched[number]] if number in matched else {}
        where = str(ball["ball"])
        wrong += not tally.number("dlv.ball", ball["ball"], other.get("ball"), same_overs, where)
        wrong += not tally.number("dlv.runs", ball["runs"], other.get("runs"), same_number, where)
        tally.word("dlv.batter", ball["batter"], other.get("batter"), same_name)
        if ball.get("bowler"):
            tally.word("dlv.bowler", ball["bowler"], other.get("bowler"), same_name)
        if ball.get("wicket") is not None:
            tally.word("dlv.wkt", ball["wicket"], other.get("wicket"), same_answer)
    spare = len(read) - len(matched)
    tally.made_up("dlv.ball", spare)
    return wrong + spare
