"""Ten million entries, on paper: what the measured figures make of them."""

from collections.abc import Mapping, Sequence

from benchmarks.lines import Line
from benchmarks.scale.measure import POSTGRESQL_ROW, REDIS_ENTRY

ENTRIES = 10_000_000
GB = 10**9
MINUTES_A_DAY = 60 * 24


def on_paper(measures: Mapping[str, Sequence[Line]]) -> str:
    """The arithmetic in Markdown; empty where what it needs was not measured."""
    found = {line.what: line.figure for lines in measures.values() for line in lines}
    sizes = [
        f"- {what}: {ENTRIES:,} x {found[what]:,.0f} bytes = {ENTRIES * found[what] / GB:.1f} GB"
        for what in (REDIS_ENTRY, POSTGRESQL_ROW)
        if what in found
    ]
    rates = {what: figure for what, figure in found.items() if what.startswith("ours, ")}
    times = [
        f"- {what}: {ENTRIES:,} / {rate:.1f} uploads a minute = "
        f"{ENTRIES / rate / MINUTES_A_DAY:,.0f} days"
        for what, rate in rates.items()
        if "process" in what
    ]
    return "\n".join([*sizes, *times])
