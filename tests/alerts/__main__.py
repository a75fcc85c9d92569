"""`python -m tests.alerts`: every fault, and what the system says of it, as a table."""

import argparse
import logging
import sys
import tempfile
from pathlib import Path

from tests.alerts.faults import FAULTS, Told, try_out
from tests.alerts.group import GROUP_DELETED, group_deleted
from tests.alerts.lab import running_lab

HEAD = (
    "| fault | alert | raised after | its text | `why` | resolved after |\n"
    "|---|---|---|---|---|---|"
)


def main() -> int:
    """Try every fault, or those that are named; 1 where an alert was told more than once."""
    parser = argparse.ArgumentParser(prog="python -m tests.alerts", description=__doc__)
    known = "; ".join([*(fault.name for fault in FAULTS), GROUP_DELETED])
    parser.add_argument("fault", nargs="*", help=f"a part of its name: {known}")
    wanted: list[str] = parser.parse_args().fault
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
    told: list[Told] = []
    with (
        tempfile.TemporaryDirectory(prefix="cricksy-alerts-") as folder,
        running_lab(Path(folder)) as lab,
    ):
        for fault in FAULTS:
            if _is_wanted(fault.name, wanted):
                sys.stderr.write(f"{fault.name} …\n")
                told.append(try_out(lab, fault))
                sys.stderr.write(f"{_row(told[-1])}\n")
        if _is_wanted(GROUP_DELETED, wanted):
            told.append(group_deleted(lab))
    sys.stdout.write("\n".join([HEAD, *map(_row, told), ""]))
    return 0 if all(each.posts in {0, 2} for each in told) else 1


def _is_wanted(name: str, wanted: list[str]) -> bool:
    return not wanted or any(word in name for word in wanted)


def _row(told: Told) -> str:
    cells = (
        told.fault,
        f"`{told.alert}`" if told.alert else "none is due",
        f"{told.raised:.1f} s",
        told.text,
        told.why,
        f"{told.resolved:.1f} s",
    )
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
