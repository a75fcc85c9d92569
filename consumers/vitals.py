"""What a replica tells of its own process: version, age, memory, and what it has done."""

import os
import resource
import time
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

VERSION = version("cricksy-ocr")
"""Asked once: each time, files are looked for and read."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """Of one replica, at one moment."""

    version: str
    """Of this software."""
    uptime: float
    """Seconds since it started."""
    memory: int | None
    """Resident bytes of it and its children; None where the system does not tell."""
    done: int
    """Entries that it has carried to an end."""
    replaced: int
    """Child processes that were replaced: worn out, crashed, or killed."""


class VitalSigns:
    """Counts what one replica does."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self.done = 0

    def taken(self, children_memory: Iterable[int | None], replaced: int) -> Vitals:
        """The vitals of this moment.

        Args:
            children_memory: resident bytes of each child process.
            replaced: child processes that were replaced.
        """
        own = resident_memory(os.getpid())
        memory = None if own is None else own + sum(each or 0 for each in children_memory)
        uptime = time.monotonic() - self._began
        return Vitals(VERSION, uptime, memory, self.done, replaced)


def resident_memory(pid: int | None) -> int | None:
    """Resident bytes of a process; None where the system does not tell."""
    try:
        resident = Path(f"/proc/{pid}/statm").read_text().split()[1]
    except OSError:
        return None
    return int(resident) * resource.getpagesize()
