"""The named points of an upload's way at which a process can be made to die or to stop.

The driver orders a fault by putting a file of the point's name into a folder; the first process
that reaches the point takes the file away and obeys. Files, because an order has to reach processes
whose servers are down.
"""

import os
import signal
from enum import StrEnum
from pathlib import Path

from tests.chaos.journal import Journal

FOLDER = "CHAOS_FOLDER"
"""The variable that tells the processes of a run where its orders and its journal are."""

VERSION = "CHAOS_PIPELINE_VERSION"
"""The variable that makes a replica one of another version of the software."""


class Point(StrEnum):
    """Where a process is on an upload's way."""

    AFTER_CLAIM = "after claim"
    IN_FETCH = "in fetch"
    IN_DECODE = "in decode"
    IN_PAGE = "in page"
    IN_DESKEW = "in deskew"
    IN_BINARISE = "in binarise"
    IN_GRID = "in grid"
    IN_UPRIGHT = "in upright"
    IN_OCR = "in ocr"
    IN_PARSE = "in parse"
    IN_ARITHMETIC = "in arithmetic"
    BEFORE_COMMIT = "before commit"
    BEFORE_ACKNOWLEDGE = "between commit and acknowledge"
    AFTER_ACKNOWLEDGE = "after acknowledge"
    BEFORE_POSTPONE = "between failure's row and retry"
    BEFORE_BURIAL = "between death's row and dead letter"


STAGES = (
    "decode",
    "page",
    "deskew",
    "binarise",
    "grid",
    "upright",
    "ocr",
    "parse",
    "arithmetic",
)
"""What a child process does with an upload, in order; a point in each."""

IN_CHILD = frozenset(Point(f"in {stage}") for stage in STAGES)
"""Points that a child process reaches."""


class Order(StrEnum):
    """What a process does at a point."""

    KILL = "kill the replica"
    KILL_CHILD = "kill the child"
    STOP = "stop the replica"


class Orders:
    """The orders of one run.

    Args:
        folder: of the run.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "orders"
        self._folder.mkdir(exist_ok=True)

    def give(self, point: Point, order: Order) -> None:
        """Have the next process that reaches the point obey."""
        written = self._folder / f".{point}"
        written.write_text(order)
        written.rename(self._folder / point)

    def stands(self, point: Point) -> bool:
        """Whether nobody has taken the order yet."""
        return (self._folder / point).exists()

    def take(self, point: Point) -> Order | None:
        """Take the order for a point, if there is one; of many processes, one gets it."""
        taken = self._folder / f".{point}.{os.getpid()}"
        try:
            (self._folder / point).rename(taken)
        except FileNotFoundError:
            return None
        order = Order(taken.read_text())
        taken.unlink()
        return order


def folder_of_run() -> Path:
    """The folder that the environment names."""
    return Path(os.environ[FOLDER])


def reach(point: Point, replica: int) -> None:
    """This process is at the point: obey, if there is an order.

    Args:
        point: where it is.
        replica: the process id of the replica that it is, or is a child of.
    """
    folder = folder_of_run()
    order = Orders(folder).take(point)
    if order is None:
        return
    journal = Journal(folder / "journal")
    match order:
        case Order.KILL:
            journal.tell("killed", replica, point=point)
            os.kill(replica, signal.SIGKILL)
            # A child ends with its replica, by the kernel's hand and not at once.
            signal.pause()
        case Order.KILL_CHILD:
            journal.tell("child killed", replica, point=point)
            os.kill(os.getpid(), signal.SIGKILL)
        case Order.STOP:
            journal.tell("stopped", replica, point=point)
            os.kill(replica, signal.SIGSTOP)
