"""`python -m benchmarks.accuracy`: how well this reader reads a folder of cards, and at what cost.

Reads every picture in the folder's images/ in a process of its own and compares what was read with
truth/, cell by cell. What the columns mean stands in docs/accuracy.md.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.accuracy.comparison import compare
from benchmarks.accuracy.figures import Card, groups_of
from benchmarks.accuracy.folder import CardFile, NoCards, cards_in
from benchmarks.accuracy.measurement import measure
from benchmarks.accuracy.report import table, to_json

OWN_CARDS = Path(__file__).parents[2] / "tests" / "cards"
PROBLEM = 1
WRONG_USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 where an innings is silently wrong, 2 where there are no cards."""
    options = _parser().parse_args(arguments)
    try:
        files = cards_in(options.folder)
    except NoCards as error:
        _say(str(error))
        return WRONG_USAGE
    cards = []
    for number, file in enumerate(files, start=1):
        cards.append(_card(file, options.out))
        _say(f"[{number}/{len(files)}] {_progress(cards[-1])}")
    groups = groups_of(cards)
    if options.as_json:
        sys.stdout.write(f"{json.dumps(to_json(groups, cards), indent=1)}\n")
    else:
        sys.stdout.write(f"{table(groups, cards, kinds=options.kinds)}\n")
    return PROBLEM if groups["all"].silent else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=OWN_CARDS)
    parser.add_argument("--json", action="store_true", dest="as_json", help="all of it as JSON")
    parser.add_argument("--kinds", action="store_true", help="figures of each kind of cell too")
    parser.add_argument("--out", type=Path, metavar="DIR", help="keep what was read there")
    return parser


def _card(file: CardFile, out: Path | None) -> Card:
    measured = measure(file.picture)
    stem = file.picture.stem
    if out is not None and measured.document is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / f"{stem}.json").write_text(json.dumps(measured.document, indent=1))
    score = compare(file.truth, measured.document)
    return Card(stem, file.layout, file.level, score, measured)


def _progress(card: Card) -> str:
    score, cost = card.score, card.cost
    silent = f", {score.silent} SILENT" if score.silent else ""
    return f"{card.stem}: {score.right}/{score.numbers} in {cost.cpu_seconds:.1f} s{silent}"


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
