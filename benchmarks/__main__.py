"""`python -m benchmarks`: how close to the limit this is, beside what people would use instead.

Real servers are started, and every measure is taken in turn. How far it is stands on stderr, the
table on stdout, the figures of all rounds in the JSON file. Ends with 1 where a target is missed;
in the short form, which tells nothing about speed, only where something does not work.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.cards import Card, clean_cards
from benchmarks.lines import Line
from benchmarks.machine import machine
from benchmarks.measure import LONG, SHORT, Bench, Measure
from benchmarks.paper import on_paper
from benchmarks.queue import measure as queue
from benchmarks.recovery import measure as recovery
from benchmarks.scale import measure as scale
from benchmarks.servers import running_servers
from benchmarks.start import measure as start
from benchmarks.table import table, write_between
from benchmarks.throughput import measure as throughput
from benchmarks.waiting import Unfinished

SHEETS = Path(__file__).with_name("sheets")
WRONG_USAGE = 2
MEASURES: Mapping[str, Measure] = {
    "start": start.measure,
    "queue": queue.measure,
    "throughput": throughput.measure,
    "recovery": recovery.measure,
    "scale": scale.measure,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    asked = _parser().parse_args(arguments)
    effort = SHORT if asked.short else LONG
    found = clean_cards(asked.cards)
    if not found:
        sys.stderr.write(f"{asked.cards} holds no clean picture.\n")
        return WRONG_USAGE
    cards: list[Card] = [found[number % len(found)] for number in range(effort.cards)]
    with running_servers() as stack:
        taken_on = machine(stack.environment)
        measures, failed = _measured(Bench(stack, cards, effort), asked.only)
    text = _text(taken_on, measures)
    sys.stdout.write(f"{text}\n")
    if asked.json:
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        asked.json.write_text(json.dumps(_told(taken_on, measures), indent=1))
    if asked.into:
        write_between(asked.into, text)
    missed = [line for lines in measures.values() for line in lines if line.met is False]
    return int(failed or (bool(missed) and not asked.short))


def _measured(bench: Bench, names: Sequence[str]) -> tuple[dict[str, list[Line]], bool]:
    """The figures of each measure, and whether one of them could not be taken."""
    measures: dict[str, list[Line]] = {}
    failed = False
    for name in names:
        bench.say(name)
        measures[name] = []
        try:
            measures[name].extend(MEASURES[name](bench))
        except Unfinished as error:
            bench.say(f"  {name} was given up: {error}")
            failed = True
    return measures, failed


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=MEASURES, default=list(MEASURES))
    parser.add_argument("--short", action="store_true", help="whether all of it works; no figures")
    parser.add_argument(
        "--cards", type=Path, default=SHEETS, help="a folder; its clean pictures are read"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument(
        "--into", type=Path, metavar="FILE", help="write the table between the marks of this file"
    )
    return parser


def _text(taken_on: Mapping[str, str], measures: Mapping[str, Sequence[Line]]) -> str:
    what = "\n".join(f"- {name}: {each}" for name, each in taken_on.items())
    parts = [f"Taken on {datetime.now(UTC):%Y-%m-%d} with\n\n{what}", table(measures)]
    arithmetic = on_paper(measures)
    if arithmetic:
        parts.append(f"Ten million uploads that wait, on paper:\n\n{arithmetic}")
    return "\n\n".join(parts)


def _told(taken_on: Mapping[str, str], measures: Mapping[str, Sequence[Line]]) -> dict[str, object]:
    lines = {name: [line.to_json() for line in each] for name, each in measures.items()}
    return {"at": datetime.now(UTC).isoformat(), "machine": taken_on, "measures": lines}


if __name__ == "__main__":
    sys.exit(main())
