"""`python -m tests.alerts`: every fault, and what the system says of it, as a table."""

import logging
import sys
import tempfile
from pathlib import Path

from tests.alerts.faults import FAULTS, Told, try_out
from tests.alerts.group import group_deleted
from tests.alerts.lab import running_lab

HEAD = (
    "| fault | alert | raised after | its text | `why` | resolved after |\n"
    "|---|---|---|---|---|---|"
)


def main() -> int:
    """Try every fault, or those that are named; 1 where an alert was told more than once."""
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
    wanted = sys.argv[1:]
    told: list[Told] = []
    with (
        tempfile.TemporaryDirectory(prefix="cricksy-alerts-") as folder,
        running_lab(Path(folder)) as lab,
    ):
        for fault in FAULTS:
            if not wanted or any(word in fault.name for word in wanted):
                sys.stderr.write(f"{fault.name} …\n")
                told.append(try_out(lab, fault))
                sys.stderr.write(f"{_row(told[-1])}\n")
        if not wanted or "group" in wanted:
            told.append(group_deleted(lab))
    sys.stdout.write("\n".join([HEAD, *map(_row, told), ""]))
    return 0 if all(each.posts in {0, 2} for each in told) else 1


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
