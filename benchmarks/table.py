"""The figures as Markdown, and their place in a file."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.lines import Line, Target

BEGIN = "<!-- what `make bench` printed: begin -->"
END = "<!-- what `make bench` printed: end -->"

_HEAD = (
    "| measure | what | figure | least to most | rounds | target | |\n|---|---|--:|--:|--:|--:|---|"
)
_VERDICTS = {True: "met", False: "**short**", None: ""}


class NoPlace(Exception):
    """The file has no pair of marks to write between."""


def table(measures: Mapping[str, Sequence[Line]]) -> str:
    """A row a figure."""
    rows = [
        _row(name if number == 0 else "", line)
        for name, lines in measures.items()
        for number, line in enumerate(lines)
    ]
    return "\n".join([_HEAD, *rows])


def write_between(path: Path, text: str) -> None:
    """Put text between a file's marks, in place of what stands there.

    Raises:
        NoPlace: it has none.
    """
    before, begin, rest = path.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise NoPlace(f"{path} has no lines {BEGIN} and {END}.")
    path.write_text(f"{before}{BEGIN}\n\n{text.strip()}\n\n{END}{after}")


def number(value: float) -> str:
    """With about three digits."""
    for least, digits in ((100, 0), (10, 1), (0.1, 2)):
        if abs(value) >= least or value == 0:
            return f"{value:,.{digits}f}"
    return f"{value:.3f}"


def _row(measure: str, line: Line) -> str:
    unit = f" {line.unit}" if line.unit else ""
    cells = (
        measure,
        line.what,
        f"{number(line.figure)}{unit}",
        f"{number(line.least)} to {number(line.most)}",
        str(line.rounds),
        _target(line.target),
        _VERDICTS[line.met],
    )
    return f"| {' | '.join(cells)} |"


def _target(target: Target | None) -> str:
    if target is None:
        return ""
    return f"{'≥' if target.at_least else '≤'} {target.limit:g}"
