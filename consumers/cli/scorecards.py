"""A scorecard document as tables for a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

Row = Mapping[str, Any]

BATTING = (
    ("runs", "R"), ("balls", "B"), ("fours", "4s"), ("sixes", "6s"), ("strike_rate", "SR"),
    ("minutes", "M"),
)  # fmt: skip
BOWLING = (
    ("overs", "O"), ("maidens", "M"), ("runs", "R"), ("wickets", "W"), ("economy", "Econ"),
    ("wides", "wd"), ("no_balls", "nb"),
)  # fmt: skip
EXTRAS = (("byes", "b"), ("leg_byes", "lb"), ("wides", "w"), ("no_balls", "nb"), ("penalty", "p"))


def print_scorecard(console: Console, title: str, document: Mapping[str, Any]) -> None:
    """Print a document's innings, and under each what did not add up.

    Args:
        console: where to.
        title: the file or upload it was read from.
        document: as `document_of` gives it.
    """
    match = document["match"]
    teams = " v ".join(match.get("teams") or [])
    console.rule(f"[bold]{escape(title)}[/] {escape(teams)}", align="left")
    told = [match.get(key) for key in ("match_type", "date", "venue", "result")]
    if any(told):
        console.print(escape(", ".join(str(each) for each in told if each)), style="dim")
    for number, innings in enumerate(document["innings"]):
        _print_innings(console, innings, failing(document, number))
    for warning in document.get("warnings", ()):
        console.print(f"warning: {escape(warning)}", style="yellow")
    console.print()


def failing(document: Mapping[str, Any], innings: int) -> list[str]:
    """A sentence for each equation of an innings that does not hold."""
    return [
        check["sentence"]
        for check in document.get("checks", ())
        if check["innings"] == innings and check["verdict"] == "fails"
    ]


def _print_innings(console: Console, innings: Row, failures: Sequence[str]) -> None:
    verified = "[green]verified[/]" if innings.get("verified") else "[yellow]to be reviewed[/]"
    console.print(f"[bold]{escape(innings.get('team') or 'Innings')}[/]  {verified}")
    if innings.get("batting"):
        console.print(_table("Batting", innings["batting"], BATTING, "how_out"))
    console.print(escape(_summary(innings)))
    if innings.get("did_not_bat"):
        console.print(f"Did not bat: {escape(', '.join(innings['did_not_bat']))}")
    if innings.get("fall_of_wickets"):
        console.print(f"Fall of wickets: {escape(_fall(innings['fall_of_wickets']))}")
    if innings.get("bowling"):
        console.print(_table("Bowling", innings["bowling"], BOWLING))
    for sentence in failures:
        console.print(f"does not add up: {escape(sentence)}", style="red")


def _table(
    title: str, rows: Sequence[Row], columns: Sequence[tuple[str, str]], second: str | None = None
) -> Table:
    shown = [pair for pair in columns if any(row.get(pair[0]) is not None for row in rows)]
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(title, min_width=20, no_wrap=True)
    if second:
        table.add_column("", max_width=38, no_wrap=True)
    for _, heading in shown:
        table.add_column(heading, justify="right")
    for row in rows:
        names = [row["name"], row.get(second) or ""] if second else [row["name"]]
        table.add_row(*(escape(name) for name in names), *(_cell(row.get(key)) for key, _ in shown))
    return table


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _summary(innings: Row) -> str:
    extras, total = innings.get("extras") or {}, innings.get("total") or {}
    parts = ", ".join(f"{label} {extras[key]}" for key, label in EXTRAS if extras.get(key))
    line = f"Extras {_cell(extras.get('total')) or '?'}" + (f" ({parts})" if parts else "")
    score = _cell(total.get("runs")) or "?"
    if total.get("wickets") is not None:
        score += f"/{total['wickets']}"
    overs = f" in {total['overs']} overs" if total.get("overs") is not None else ""
    return f"{line}   Total {score}{overs}"


def _fall(falls: Sequence[Row]) -> str:
    return ", ".join(
        f"{_cell(fall.get('wicket')) or '?'}-{_cell(fall.get('runs')) or '?'}"
        + (f" ({fall['batter']})" if fall.get("batter") else "")
        for fall in falls
    )
