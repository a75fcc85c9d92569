"""How players are named on a card, alone and within a dismissal."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from enum import Enum

Naming = Callable[[str], str]
"""A player's name as the card prints it."""

_INITIALS = re.compile(r"([A-Z]{1,5}) (.+)")
_SUBSTITUTE = re.compile(r"sub \((.+)\)")
_RUN_OUT = re.compile(r"run out \((.+)\)")


class NameStyle(Enum):
    """How a card writes `SPD Smith`; a name without initials stays whole."""

    AS_GIVEN = "SPD Smith"
    DOTTED = "S.P.D. Smith"
    SURNAME = "Smith"
    SURNAME_FIRST = "Smith SPD"
    CAPITAL_SURNAME_FIRST = "SMITH SPD"
    CAPITALS = "SPD SMITH"
    CAPITAL_SURNAME = "SMITH"


def naming(players: Iterable[str], style: NameStyle) -> Naming:
    """The card's names for players; bare surnames only where they tell two players apart."""
    surnames = Counter(_parts(player)[1] for player in set(players))

    def name(player: str) -> str:
        initials, surname = _parts(player)
        alone = not initials or surnames[surname] < 2
        match style:
            case NameStyle.DOTTED if initials:
                return f"{'.'.join(initials)}. {surname}"
            case NameStyle.SURNAME if alone:
                return surname
            case NameStyle.CAPITAL_SURNAME if alone:
                return surname.upper()
            case NameStyle.SURNAME_FIRST if initials:
                return f"{surname} {initials}"
            case NameStyle.CAPITAL_SURNAME_FIRST:
                return f"{surname.upper()} {initials}".strip()
            case NameStyle.CAPITALS | NameStyle.CAPITAL_SURNAME:
                return player.upper()
            case _:
                return player

    return name


def dismissal(how_out: str, bowler: Naming, fielder: Naming) -> str:
    """A dismissal with its players named as the card does: `c Smith b Starc`."""
    run_out = _RUN_OUT.fullmatch(how_out)
    if run_out:
        return f"run out ({'/'.join(map(fielder, run_out[1].split('/')))})"
    way, by, bowled_by = f" {how_out}".rpartition(" b ")
    if not by:
        return how_out
    verb, _, catcher = way.strip().partition(" ")
    if verb not in ("c", "st") or catcher == "&":
        return f"{way.strip()} b {bowler(bowled_by)}".strip()
    substitute = _SUBSTITUTE.fullmatch(catcher)
    if substitute:
        catcher = f"sub ({fielder(substitute[1])})"
    elif catcher != "sub":
        catcher = fielder(catcher)
    return f"{verb} {catcher} b {bowler(bowled_by)}"


def _parts(player: str) -> tuple[str, str]:
    """Initials and surname; no initials where the name has none."""
    found = _INITIALS.fullmatch(player)
    return (found[1], found[2]) if found else ("", player)
