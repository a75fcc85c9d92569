"""What runs in the child processes that read cards, and the process that they are forked from.

A child is forked from a server that has loaded all that reading needs: its successor is there in
milliseconds, and what is loaded lies in memory once for all children.
"""

import multiprocessing
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

from consumers.child_memory import KeptMemory, keep_memory
from consumers.confinement import confine
from consumers.progress import ProgressSender
from pipeline.options import ReadingOptions
from pipeline.reading import Reading

ReadCard = Callable[..., Reading]
"""As `pipeline.stages.read`; another one only in tests of crashes and hangs."""

_KEPT = KeptMemory()

if sys.platform == "linux":
    CONTEXT = multiprocessing.get_context("forkserver")
    CONTEXT.set_forkserver_preload([__name__, "pebble", "pipeline.stages"])
else:
    # The system's own libraries do not survive a fork there.
    CONTEXT = multiprocessing.get_context("spawn")


def start_server() -> None:
    """Have the server of this process load everything; returns when it has. Blocks for a second."""
    first = CONTEXT.Process(target=_do_nothing)
    first.start()
    first.join()


def _do_nothing() -> None:
    """That it runs means that everything is loaded."""


def begin(memory: int) -> None:
    """What each child process does first.

    Args:
        memory: bytes of address space that it may have.
    """
    confine(memory)
    keep_memory()


def warm_up() -> None:
    """Load what the stages need, where it is not loaded yet."""
    _stages()


def read_in_child(
    read_card: ReadCard | None,
    content: bytes,
    options: ReadingOptions,
    address: str,
    token: str,
) -> Reading:
    """Run the stages and tell the parent of each.

    Args:
        read_card: in place of the stages.
        content: the whole file.
        options: as `pipeline.stages.read` takes them.
        address: where the parent listens.
        token: by which it knows whose stages these are.

    Returns:
        The reading without its words: the parent has no use for them.
    """
    with _KEPT.lent(), closing(ProgressSender(address, token)) as sender:
        reading = (read_card or _stages())(content, options, on_stage=sender.stage_started)
    return replace(reading, pages=())


def _stages() -> ReadCard:
    # Here, so that the parent does without OpenCV and Tesseract.
    from pipeline.stages import read

    return read
