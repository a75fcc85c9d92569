"""`python -m benchmarks.render`: scorecards of real matches, rendered and worn, with their truth.

Matches in the needed form can be made from the ball-by-ball records of Cricsheet
(https://cricsheet.org), by Stephen Rushe, under the Open Data Commons Attribution License; credit
it wherever cards made from it are kept.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.render.browser import Browser, NoBrowser
from benchmarks.render.catalogue import LAYOUTS
from benchmarks.render.folder import Folder, plan, render
from benchmarks.render.layout import Family, Layout
from benchmarks.render.matches import load_matches
from benchmarks.render.wear import LEVELS, USUAL_LEVELS

PROBLEM = 1
FAMILIES = ", ".join(family.value for family in Family)


def main(arguments: Sequence[str] | None = None) -> int:
    """Render the cards; 1 where there is no browser."""
    options = _parser().parse_args(arguments)
    cards = list(
        plan(
            load_matches(options.matches),
            options.layouts,
            options.levels,
            options.count,
            options.seed,
        )
    )
    folder = Folder(options.out)
    try:
        with Browser() as browser:
            for number, card in enumerate(cards, start=1):
                folder.add(card, render(card, browser))
                _say(f"[{number}/{len(cards)}] {card.stem}")
    except NoBrowser as error:
        _say(str(error))
        return PROBLEM
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.render",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("matches", type=Path, help="JSON lines, plain or .gz, a match each")
    parser.add_argument("out", type=Path, help="folder for images/, truth/ and manifest.csv")
    parser.add_argument(
        "--layouts",
        type=layouts_named,
        default=layouts_named("open"),
        help=f"comma between them, or families ({FAMILIES}): {', '.join(LAYOUTS)}",
    )
    parser.add_argument(
        "--levels",
        type=_levels,
        default=USUAL_LEVELS,
        help=f"{', '.join(LEVELS)} ({','.join(USUAL_LEVELS)})",
    )
    parser.add_argument("--count", type=int, default=1, help="of each layout at each level (1)")
    parser.add_argument("--seed", type=int, default=1)
    return parser


def layouts_named(names: str) -> list[Layout]:
    """Layouts by their names, or by their family's, with commas between; each once.

    Raises:
        argparse.ArgumentTypeError: no layout or family has one of the names.
    """
    chosen = {}
    for name in names.split(","):
        family = [each for each in LAYOUTS.values() if name == each.family.value]
        if not family and name not in LAYOUTS:
            raise argparse.ArgumentTypeError(f"there is no layout {name!r}")
        chosen.update({each.name: each for each in family or [LAYOUTS[name]]})
    return list(chosen.values())


def _levels(names: str) -> tuple[str, ...]:
    unknown = set(names.split(",")) - set(LEVELS)
    if unknown:
        raise argparse.ArgumentTypeError(f"there is no level {', '.join(sorted(unknown))}")
    return tuple(names.split(","))


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
