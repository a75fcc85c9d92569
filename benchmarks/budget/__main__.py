"""`python -m benchmarks.budget --cards FOLDER`: where a card's CPU time goes, and what it buys.

Reads every card of the folder with all looks, and once more without each of them in turn. What a
look buys are the numbers that are right with it and wrong or missing without it.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.accuracy.folder import CardFile, NoCards, cards_in
from benchmarks.budget.report import table
from benchmarks.budget.spending import EVERYTHING, CardSpending, spend
from benchmarks.budget.worth import budgets
from pipeline.options import Look

OWN_CARDS = Path(__file__).parents[2] / "tests" / "cards"
WRONG_USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; 2 where there are no cards."""
    options = _parser().parse_args(arguments)
    try:
        files = cards_in(options.cards)
    except NoCards as error:
        _say(str(error))
        return WRONG_USAGE
    # The first card alone would pay for the start of Tesseract.
    spend(files[0])
    taken: list[CardSpending] = []
    without: dict[Look, list[CardSpending]] = {look: [] for look in Look}
    for number, file in enumerate(files, start=1):
        taken.append(spend(file))
        for look, cards in without.items():
            cards.append(_left_out(file, look, taken[-1]))
        _say(f"[{number}/{len(files)}] {file.picture.stem}: {taken[-1].cpu_seconds:.2f} s")
    found = budgets(taken, without)
    if options.json is not None:
        levels = {level: budget.to_json() for level, budget in found.items()}
        options.json.write_text(f"{json.dumps(levels, indent=1)}\n")
    sys.stdout.write(f"{table(found)}\n")
    return 0


def _left_out(file: CardFile, look: Look, taken: CardSpending) -> CardSpending:
    """The card read without a look; as it was where that look found nothing to do."""
    return spend(file, EVERYTHING - {look}) if look in taken.looks else taken


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.budget",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--cards", type=Path, default=OWN_CARDS, help="images/, truth/, manifest")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all of it there too")
    return parser


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
