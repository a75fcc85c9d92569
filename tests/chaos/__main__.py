"""`python -m tests.chaos`: the fault lab alone, with its table."""

import argparse
import json
import logging
import sys
from pathlib import Path

from tests.chaos import plan as plans
from tests.chaos.driver import run
from tests.chaos.report import table


def main() -> int:
    """Run a plan; 1 where something was lost or done twice."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=plans.SEED)
    parser.add_argument("--long", action="store_true", help="thousands of uploads, real cards")
    parser.add_argument("--uploads", type=int, help="other than the plan's")
    parser.add_argument("--rounds", type=int, help="of faults, for --long and --kills")
    parser.add_argument("--calm", action="store_true", help="no faults")
    parser.add_argument("--kills", action="store_true", help="kills alone, at little load")
    parser.add_argument("--poison", action="store_true", help="what a poison card costs the others")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures to a file")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep journal and logs there")
    options = parser.parse_args()
    # The pool's complaints about a server that is down on purpose.
    logging.getLogger("psycopg").setLevel(logging.ERROR)
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
    result = run(_plan(options), _say, options.keep)
    if options.json is not None:
        options.json.write_text(json.dumps(result.to_json(), indent=2) + "\n")
    sys.stdout.write(f"{table(result)}\n")
    return 0 if result.holds else 1


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _plan(options: argparse.Namespace) -> plans.Plan:
    if options.long:
        return plans.long(
            options.seed, **{k: v for k in ("uploads", "rounds") if (v := getattr(options, k))}
        )
    if options.kills:
        return plans.kills(options.seed, options.rounds or 20)
    if options.poison:
        return plans.poison(options.seed)
    if options.calm:
        return plans.calm(options.seed, options.uploads or 100)
    return plans.short(options.seed)


if __name__ == "__main__":
    sys.exit(main())
