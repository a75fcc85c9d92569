"""`python -m tests.fuzz`: hostile files through child processes, with a count by outcome."""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from tests.fuzz.corpus import Specimen, corpus
from tests.fuzz.reading import End, limits_of, read_all

SLOWEST = 8


def main() -> int:
    """Read a corpus; 1 where a file was neither read nor refused."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--timeout", type=float, default=60, metavar="SECONDS", help="a file")
    parser.add_argument("--only", metavar="NAME", help="files whose name holds this")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep what ended badly there")
    options = parser.parse_args()
    specimens = [
        specimen
        for specimen in corpus(options.files, options.seed, heavy=True)
        if options.only is None or options.only in specimen.name
    ]
    limits = limits_of(timedelta(seconds=options.timeout))
    ends = read_all(specimens, limits, _say if options.only else _say_if_bad)
    if options.keep is not None:
        _keep(options.keep, specimens, ends)
    _report(ends)
    return 1 if any(end.is_bad for end in ends) else 0


def _say(end: End) -> None:
    _print(f"{end.code:20} {end.seconds:6.2f} s  {end.name}  {end.sentence}")


def _say_if_bad(end: End) -> None:
    if end.is_bad:
        _say(end)


def _report(ends: Sequence[End]) -> None:
    _print(f"{len(ends)} files in {sum(end.seconds for end in ends):.0f} s")
    for code, number in Counter(end.code for end in ends).most_common():
        _print(f"{number:6}  {code}")
    _print("slowest:")
    for end in sorted(ends, key=lambda end: -end.seconds)[:SLOWEST]:
        _print(f"{end.seconds:6.2f} s  {end.code:20} {end.name}")


def _keep(folder: Path, specimens: Sequence[Specimen], ends: Sequence[End]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for specimen, end in zip(specimens, ends, strict=True):
        if end.is_bad:
            (folder / specimen.name).write_bytes(specimen.content)


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
