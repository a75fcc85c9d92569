"""What happened in a run, as the replicas, their children and the driver tell it: a line an event.

A file, because it has to outlive the servers and the processes that write to it. A line is one
`write` to a file opened for appending, so that a process that is killed leaves a whole line or
none.
"""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened."""

    at: float
    """Seconds since the epoch; all processes of a run are on one machine."""
    name: str
    pid: int
    """The replica's process; also for what its child tells."""
    details: dict[str, Any]


class Journal:
    """The events of one run."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0

    def tell(self, name: str, pid: int, **details: object) -> None:
        """Append one event."""
        line = json.dumps([time.time(), name, pid, details]) + "\n"
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)

    def events(self) -> list[Event]:
        """All of them, in the order in which they were told."""
        return list(self._from(0))

    def news(self) -> list[Event]:
        """Those since the last call."""
        return list(self._from(self._read))

    def _from(self, offset: int) -> Iterator[Event]:
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(offset)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                offset += len(line)
                self._read = max(self._read, offset)
                yield Event(*json.loads(line))
