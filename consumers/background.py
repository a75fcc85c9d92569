"""What a replica does beside its slots."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import structlog

log = structlog.get_logger(__name__)


class Background:
    """Tasks that run until the replica leaves.

    Args:
        give_up: called with a sentence when one fails: a replica that went on without it would
            live and do half its work.
    """

    def __init__(self, give_up: Callable[[str], None]) -> None:
        self._give_up = give_up
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin a task."""
        task = asyncio.create_task(work)
        task.add_done_callback(self._ended)
        self._tasks.append(task)

    async def stop(self, limit: timedelta) -> None:
        """Cancel them all, and wait for their ends, but no longer than the limit."""
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks, timeout=limit.total_seconds())

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("background task failed", exc_info=error)
            self._give_up(f"{type(error).__name__}: {error}")


async def pause(duration: timedelta) -> None:
    """Sleep, between the rounds of a loop that is to end when its task is cancelled.

    Every command goes to Redis through `asyncio.wait_for`, and that of Python 3.11 swallows a
    cancellation that comes in the moment in which what it waits for has ended.

    Raises:
        CancelledError: the task was cancelled, whether the loop has noticed or not.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
    await asyncio.sleep(duration.total_seconds())
