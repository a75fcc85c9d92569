"""A scorecard document as the fields that a reviewer sees and types into."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from consumers.console.review.concerns import Concerns

Document = Mapping[str, Any]

BATTING: Final = {
    "runs": "R", "balls": "B", "minutes": "M", "fours": "4s", "sixes": "6s", "strike_rate": "SR",
}  # fmt: skip
BOWLING: Final = {
    "overs": "O", "maidens": "M", "runs": "R", "wickets": "W", "wides": "wd", "no_balls": "nb",
    "economy": "Econ",
}  # fmt: skip
FALLS: Final = {"wicket": "Wicket", "runs": "Score", "batter": "Batter", "over": "Over"}
EXTRAS: Final = {
    "total": "Extras", "byes": "Byes", "leg_byes": "Leg byes", "wides": "Wides",
    "no_balls": "No-balls", "penalty": "Penalty",
}  # fmt: skip
TOTAL: Final = {"runs": "Total", "wickets": "Wickets", "overs": "Overs"}
MATCH: Final = {
    "match_type": "Match", "date": "Date", "venue": "Venue", "toss": "Toss", "result": "Result",
}  # fmt: skip
BALLS: Final = {
    "ball": "Ball", "bowler": "Bowler", "batter": "Batter", "runs": "Runs", "wicket": "Wicket",
}  # fmt: skip
_ALWAYS: Final = frozenset({"runs", "overs", "wickets", "total", "venue", "result", "date"})
"""Shown even where the picture seems to show none: it may have been overlooked."""
_WORDS: Final = frozenset({"name", "how_out", "batter", "bowler", "team"})


@dataclass(frozen=True, slots=True)
class Field:
    """One value, to be looked at and typed over."""

    cell: str
    label: str
    """For who hears the page instead of seeing it: `Balls of UT Khawaja`."""
    text: str
    state: str
    """`fails`, `unread`, `doubt`, `repaired`, `edited` or nothing."""
    note: str
    """Why it is in that state."""
    words: bool

    @property
    def wants_a_look(self) -> bool:
        """Whether Tab stops here."""
        return self.state in {"fails", "unread", "doubt"}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of fields under one head."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Field, ...], ...]


@dataclass(frozen=True, slots=True)
class InningsView:
    """One innings as it is shown."""

    number: int
    team: Field
    verified: bool
    batting: Table | None
    totals: tuple[Field, ...]
    did_not_bat: tuple[Field, ...]
    bowling: Table | None
    falls: Table | None
    balls: Table | None


@dataclass(frozen=True, slots=True)
class CardView:
    """The whole card as it is shown."""

    teams: tuple[Field, ...]
    match: tuple[Field, ...]
    innings: tuple[InningsView, ...]


def card_view(document: Document, concerns: Concerns) -> CardView:
    """The card in the order in which it is shown."""
    form = _Form(concerns)
    match = document["match"]
    teams = enumerate(match.get("teams") or ())
    return CardView(
        teams=tuple(form.field(f"/match/teams/{n}", f"Side {n + 1}", team) for n, team in teams),
        match=form.single("/match", match, MATCH),
        innings=tuple(_innings(form, n, one) for n, one in enumerate(document["innings"])),
    )


def _innings(form: "_Form", number: int, innings: Document) -> InningsView:
    above = f"/innings/{number}"
    waiting = enumerate(innings.get("did_not_bat") or ())
    names = ("Batter", ("name", "how_out")), ("Bowler", ("name",))
    return InningsView(
        number=number,
        team=form.field(f"{above}/team", "Side", innings.get("team")),
        verified=innings["verified"],
        batting=form.table(f"{above}/batting", innings.get("batting"), *names[0], BATTING),
        totals=(
            *form.single(f"{above}/extras", innings.get("extras") or {}, EXTRAS),
            *form.single(f"{above}/total", innings.get("total") or {}, TOTAL),
        ),
        did_not_bat=tuple(
            form.field(f"{above}/did_not_bat/{n}", f"Did not bat, {n + 1}", name)
            for n, name in waiting
        ),
        bowling=form.table(f"{above}/bowling", innings.get("bowling"), *names[1], BOWLING),
        falls=form.table(f"{above}/fall_of_wickets", innings.get("fall_of_wickets"), "", (), FALLS),
        balls=form.table(f"{above}/deliveries", innings.get("deliveries"), "", (), BALLS),
    )


class _Form:
    """Makes fields, each with what there is to say about it."""

    def __init__(self, concerns: Concerns) -> None:
        self._concerns = concerns

    def field(self, cell: str, label: str, value: object) -> Field:
        state, note = self._concerns.about(cell)
        field = cell.rpartition("/")[2]
        words = field in _WORDS or field.isdecimal() or cell.startswith("/match/")
        return Field(cell, label, _text(value), state, note, words)

    def single(self, above: str, part: Document, labels: Mapping[str, str]) -> tuple[Field, ...]:
        """The fields of a part that stands once."""
        return tuple(
            self.field(f"{above}/{name}", label, part.get(name))
            for name, label in labels.items()
            if part.get(name) is not None
            or name in _ALWAYS
            or self._concerns.about(f"{above}/{name}")[0]
        )

    def table(
        self,
        above: str,
        rows: Sequence[Document] | None,
        title: str,
        names: tuple[str, ...],
        columns: Mapping[str, str],
    ) -> Table | None:
        """The rows with those of the columns that any of them fills."""
        if not rows:
            return None
        shown = {
            name: head
            for name, head in columns.items()
            if any(self._has(f"{above}/{n}/{name}", row.get(name)) for n, row in enumerate(rows))
        }
        heads = (title, *("" for _ in names[1:])) if names else ()
        return Table(
            title,
            (*heads, *shown.values()),
            tuple(
                tuple(self._row(f"{above}/{n}", row, names, shown, n)) for n, row in enumerate(rows)
            ),
        )

    def _has(self, cell: str, value: object) -> bool:
        return value is not None or bool(self._concerns.about(cell)[0])

    def _row(
        self,
        above: str,
        row: Document,
        names: tuple[str, ...],
        shown: Mapping[str, str],
        number: int,
    ) -> Iterator[Field]:
        who = row.get("name") or f"row {number + 1}"
        for name in names:
            label = "Name" if name == "name" else f"How {who} was out"
            yield self.field(f"{above}/{name}", label, row.get(name))
        for name in shown:
            spoken = name.replace("_", " ").capitalize()
            yield self.field(f"{above}/{name}", f"{spoken} of {who}", row.get(name))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
