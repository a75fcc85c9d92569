"""Reads a file in a process of its own, and says what that cost."""

import multiprocessing
import resource
import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pipeline.errors import OcrError
from pipeline.options import ReadingOptions
from pipeline.stages import read

LONGEST = 300.0
"""Seconds that a card may take."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What came of a file, and at what cost."""

    document: dict[str, Any] | None
    """None where it could not be read."""
    error: str | None
    """Why not: an error code and its sentence."""
    cpu_seconds: float
    """User and system time, the start of the process left out."""
    peak_mib: float
    """Resident memory at its highest, the interpreter and its libraries included."""


def measure(path: Path) -> Measured:
    """Reads a card with the project's reader in a process that has read nothing before."""
    # Forked from a server that has imported all and done nothing: each card starts alike, and
    # at once.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["benchmarks.accuracy.measurement"])
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_read, args=(path, sender))
    child.start()
    sender.close()
    try:
        if not receiver.poll(LONGEST):
            return Measured(None, "took too long", LONGEST, 0.0)
        measured: Measured = receiver.recv()
    except EOFError:
        return Measured(None, "the process that read it died", 0.0, 0.0)
    else:
        return measured
    finally:
        child.kill()
        child.join()
        receiver.close()


def _read(path: Path, sender: Connection) -> None:
    before = _cpu_seconds()
    document = error = None
    try:
        document = read(path.read_bytes(), ReadingOptions()).document
    except OcrError as unread:
        error = f"{unread.code}: {unread}"
    sender.send(Measured(document, error, _cpu_seconds() - before, _peak_mib()))


def _cpu_seconds() -> float:
    """Of this process and of the programs that it has waited for."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _peak_mib() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts in KiB, macOS in bytes.
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
