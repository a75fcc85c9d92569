"""A document as a web page: the templates' environment and the words of the trade."""

import datetime
from collections.abc import Sequence
from functools import cache

import jinja2

from benchmarks.render.matches import Json

PARTS = (
    ("byes", "b"),
    ("leg_byes", "lb"),
    ("wides", "w"),
    ("no_balls", "nb"),
    ("penalty", "p"),
)


def html_of(template: str, document: Json, look: Json) -> str:
    """The page of a document.

    Args:
        template: its name, like `newspaper`.
        document: what is printed, of the form of `showing.show`.
        look: the card's own choice of fonts and colours, `look` in the template.
    """
    return (
        _environment()
        .get_template(f"{template}.html.j2")
        .render(match=document["match"], innings=document["innings"], look=look)
    )


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("benchmarks.render", "layouts"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters.update(
        date=_date,
        extras=_extras,
        bowler=bowler_of,
        way=_way,
        kind=kind_of,
        fielder=fielder_of,
        fixed=_fixed,
    )
    return environment


def _date(iso: str, form: str) -> str:
    """`1` of January, without a nought before it, where the form says `%-d`."""
    return datetime.date.fromisoformat(iso).strftime(form)


def _extras(
    extras: Json, separator: str = ", ", gap: str = " ", names: Sequence[str] = ("", "", "", "", "")
) -> str:
    """The parts that are printed: `b 4, lb 2`; `names` take the place of the usual ones."""
    return separator.join(
        f"{other or usual}{gap}{extras[key]}"
        for (key, usual), other in zip(PARTS, names, strict=True)
        if extras[key] is not None
    )


def _way(how_out: str) -> str:
    """`c Smith` of `c Smith b Starc`; `bowled` of `b Starc`; all of what has no bowler."""
    way, by, _ = f" {how_out}".rpartition(" b ")
    if not by:
        return how_out
    return way.strip() or "bowled"


def bowler_of(how_out: str) -> str:
    """`Starc` of `c Smith b Starc`; empty where there is none."""
    _, by, bowler = f" {how_out}".rpartition(" b ")
    return bowler if by else ""


def kind_of(how_out: str) -> str:
    """`c`, `st`, `lbw`, `run out`: how, without by whom; `c & b` stays whole."""
    way = _way(how_out)
    if way == "c &":
        return "c & b"
    fielder = fielder_of(how_out)
    return way.removesuffix(f"({fielder})").removesuffix(fielder).strip() if fielder else way


def fielder_of(how_out: str) -> str:
    """`Smith` of `c Smith b Starc` and of `run out (Smith)`; empty where there is none."""
    way = _way(how_out)
    if way.startswith("run out ("):
        return way.removeprefix("run out (").removesuffix(")")
    verb, _, fielder = way.partition(" ")
    return fielder if verb in ("c", "st") and fielder != "&" else ""


def _fixed(value: float | None, digits: int, absent: str = "-") -> str:
    return absent if value is None else f"{value:.{digits}f}"
