"""Memory that is left on this machine, or in this container or unit where that one has less."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Memory:
    """In bytes."""

    left: int
    total: int


def memory_left(root: Path = Path("/")) -> Memory | None:
    """What is left where it is scarcest; None where the system does not tell.

    Args:
        root: of the file system that `/proc` and `/sys` stand in.
    """
    found = [each for each in (_of_machine(root), _of_control_group(root)) if each is not None]
    return min(found, key=lambda each: each.left, default=None)


def _of_machine(root: Path) -> Memory | None:
    try:
        lines = dict(_pairs((root / "proc/meminfo").read_text().replace(":", "")))
        return Memory(lines["MemAvailable"] * 1024, lines["MemTotal"] * 1024)
    except (OSError, KeyError):
        return None


def _of_control_group(root: Path) -> Memory | None:
    """By the limit of the control group (version 2); file pages that can be dropped count as left.

    Source: Documentation/admin-guide/cgroup-v2.rst of Linux, `memory.max`, `memory.current` and
    `memory.stat`.
    """
    try:
        name = (root / "proc/self/cgroup").read_text().rpartition("0::/")[2].strip()
        folder = root / "sys/fs/cgroup" / name
        limit = int((folder / "memory.max").read_text())
        used = int((folder / "memory.current").read_text())
        droppable = dict(_pairs((folder / "memory.stat").read_text()))["inactive_file"]
    except (OSError, KeyError, ValueError):
        # No limit is written as `max`.
        return None
    return Memory(limit - used + droppable, limit)


def _pairs(text: str) -> Iterator[tuple[str, int]]:
    for line in text.splitlines():
        name, value, *_ = line.split()
        yield name, int(value)
