"""What a reviewer should look at first, and why: failed checks, unread ink, doubts, repairs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pipeline.scorecard.recheck import doubtful_cells

Document = Mapping[str, Any]

_UNSURE_OF_WORDS: Final = 0.6
"""Confidence under which a name is pointed out: no sum would ever tell."""
_FAILS, _UNREAD, _DOUBT, _REPAIRED, _EDITED = "fails", "unread", "doubt", "repaired", "edited"
_SHOWN_CELLS: Final = 3
_PARTS: Final = {
    "how_out": "how out", "strike_rate": "strike rate", "no_balls": "no-balls",
    "leg_byes": "leg byes",
}  # fmt: skip

_ROWS: Final = {
    "batting": "batter", "bowling": "bowler", "fall_of_wickets": "wicket", "deliveries": "ball",
    "did_not_bat": "reserve",
}  # fmt: skip
_NEVER_EMPTY: Final = (("batting", ("runs",)), ("bowling", ("overs", "runs", "wickets")))
"""Sections, with the numbers that who batted or bowled must have."""


@dataclass(frozen=True, slots=True)
class Ink:
    """The place of a value on its page, with a little room around it."""

    page: int
    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing to look at."""

    state: str
    title: str
    text: str
    cells: tuple[tuple[str, str], ...]
    """Pointers with what to call them; the likeliest culprits of a failed check first."""
    ink: Ink | None = None


class Concerns:
    """All that there is to say about the values of a document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._readings: Mapping[str, Document] = document.get("readings") or {}
        self._held = {
            cell
            for check in document.get("checks") or ()
            if check["verdict"] == "holds"
            for cell in check["cells"]
        }
        self._about: dict[str, tuple[str, str]] = {}
        self.listed: tuple[Concern, ...] = tuple(self._collect())
        """The gravest first."""
        self.repairs: tuple[Concern, ...] = tuple(map(self._repair, document.get("repairs") or ()))

    def about(self, cell: str) -> tuple[str, str]:
        """State of a value and the sentence to it; two empty ones where there is nothing."""
        return self._about.get(cell, ("", ""))

    def _collect(self) -> list[Concern]:
        for cell in self._document.get("edited") or ():
            self._about[cell] = (_EDITED, "Given by a person.")
        checks = self._document.get("checks") or ()
        return [
            *(self._failure(check) for check in checks if check["verdict"] == "fails"),
            *map(self._unread, self._document.get("unread") or ()),
            *map(self._gap, self._gaps()),
            *map(self._doubt, doubtful_cells(self._document)),
            *map(self._doubt, self._unsure_words()),
        ]

    def _failure(self, check: Document) -> Concern:
        for cell in check["cells"]:
            self._say(cell, _FAILS, check["sentence"])
        suspects = [cell for cell in check["cells"] if self.about(cell)[0] == _FAILS]
        suspects.sort(key=self._trust)
        shown = tuple((cell, self._called(cell)) for cell in suspects[:_SHOWN_CELLS])
        return Concern(_FAILS, _sentence_case(check["name"]), check["sentence"], shown)

    def _trust(self, cell: str) -> tuple[bool, float]:
        """Another sum speaks for it; how sure the engine was of it."""
        return cell in self._held, self._readings.get(cell, {}).get("confidence", 0.0)

    def _unread(self, unread: Document) -> Concern:
        cell = unread["cell"]
        text = f"The ink, “{unread['read']}”, could not be read as a number."
        self._say(cell, _UNREAD, text)
        return Concern(
            _UNREAD, self._called(cell), text, ((cell, self._called(cell)),), _ink(unread)
        )

    def _gaps(self) -> list[str]:
        """Numbers that every row has but one here and there, of innings that are not verified."""
        found = []
        for n, innings in enumerate(self._document.get("innings") or ()):
            for section, fields in () if innings["verified"] else _NEVER_EMPTY:
                rows = innings.get(section) or ()
                found += [
                    f"/innings/{n}/{section}/{number}/{field}"
                    for field in fields
                    if any(row.get(field) is not None for row in rows)
                    for number, row in enumerate(rows)
                    if row.get(field) is None
                ]
        return [cell for cell in found if not self.about(cell)[0]]

    def _gap(self, cell: str) -> Concern:
        text = "Nothing was read here, and every row of such a card has this number."
        self._say(cell, _UNREAD, text)
        return Concern(_UNREAD, self._called(cell), text, ((cell, self._called(cell)),))

    def _doubt(self, cell: str) -> Concern:
        place = self._readings.get(cell, {})
        others = [text for text in place.get("alternatives", ()) if text != place.get("read")]
        also = f", perhaps {' or '.join(f'“{text}”' for text in others[:3])}" if others else ""
        text = f"Read as “{place.get('read', '')}”{also}; no sum proves it."
        self._say(cell, _DOUBT, text)
        return Concern(_DOUBT, self._called(cell), text, ((cell, self._called(cell)),), _ink(place))

    def _repair(self, repair: Document) -> Concern:
        cell, checks = repair["cell"], "; ".join(repair["settles"])
        by = "no reading of the ink says so" if repair["by_inference"] else "another reading agrees"
        text = (
            f"Read as “{repair['read']}”, changed to {repair['became']}: {by}. Now holds: {checks}."
        )
        self._say(cell, _REPAIRED, text)
        place = self._readings.get(cell, {})
        return Concern(
            _REPAIRED, self._called(cell), text, ((cell, self._called(cell)),), _ink(place)
        )

    def _say(self, cell: str, state: str, text: str) -> None:
        known, said = self.about(cell)
        if not known:
            self._about[cell] = (state, text)
        elif known == _EDITED and state == _FAILS:
            self._about[cell] = (_FAILS, f"{said} {text}")
        else:
            self._about[cell] = (known, f"{said} {text}")

    def _unsure_words(self) -> list[str]:
        by_person = set(self._document.get("edited") or ())
        return [
            cell
            for cell, place in self._readings.items()
            if place["confidence"] < _UNSURE_OF_WORDS
            and cell not in by_person
            and (cell.startswith("/match/") or cell.endswith(("/name", "/team")))
        ]

    def _called(self, cell: str) -> str:
        """`Runs of UT Khawaja`, `Name of batter 3, Australia`, `Total of Australia: overs`."""
        _, *steps = cell.split("/")
        last = _PARTS.get(steps[-1], steps[-1].replace("_", " "))
        if steps[0] != "innings":
            return f"Side {int(last) + 1}" if last.isdecimal() else last.capitalize()
        innings = self._document["innings"][int(steps[1])]
        team = innings.get("team") or f"innings {int(steps[1]) + 1}"
        if len(steps) == 3:
            return f"Name of side {int(steps[1]) + 1}"
        section = _ROWS.get(steps[2], steps[2].replace("_", " "))
        if not steps[3].isdecimal():
            return _sentence_case(f"{section} of {team}: {last}")
        number = int(steps[3])
        row = innings[steps[2]][number]
        name = row.get("name") if isinstance(row, dict) else None
        if name and last != "name":
            return _sentence_case(f"{last} of {name}")
        what = "name" if steps[-1].isdecimal() else last
        return _sentence_case(f"{what} of {section} {number + 1}, {team}")


def _ink(place: Document) -> Ink | None:
    if not place:
        return None
    left, top, right, bottom = place["box"]
    room = max(6, (bottom - top) // 2)
    return Ink(
        place["page"],
        left - 2 * room,
        top - room,
        right - left + 4 * room,
        bottom - top + 2 * room,
    )


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]
