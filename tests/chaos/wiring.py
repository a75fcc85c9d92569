"""Puts the points and the journal around the product's functions, from outside.

A function that has gone elsewhere is an AttributeError here, and a point that nobody passes any
more a fault that never happens: the run then fails.
"""

import functools
import os
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from consumers import reader, retry, settlement, stream, watch
from consumers.stream import Claimed, Keys
from pipeline.storage import scorecards
from pipeline.storage.objects import ObjectStore
from tests.chaos.journal import Journal
from tests.chaos.points import VERSION, Point, folder_of_run, reach

AsyncFunction = Callable[..., Awaitable[Any]]
Wrapper = Callable[[AsyncFunction], AsyncFunction]


def place_points() -> None:
    """Wrap the functions of the way that this process takes."""
    journal = Journal(folder_of_run() / "journal")
    _wrap(stream, "read_next", _claiming(journal))
    _wrap(stream, "reclaim_next", _claiming(journal))
    _wrap(ObjectStore, "fetch", _between(Point.IN_FETCH))
    _wrap(scorecards, "commit", _between(Point.BEFORE_COMMIT))
    for module, name, point in (
        (stream, "acknowledge", Point.BEFORE_ACKNOWLEDGE),
        (retry, "postpone", Point.BEFORE_POSTPONE),
        (settlement, "bury", Point.BEFORE_BURIAL),
    ):
        _wrap(module, name, _between(point))
        _wrap(module, name, _settling(journal))
    _wrap(stream, "hand_back", _settling(journal))
    _wrap(stream, "acknowledge", _between(None, Point.AFTER_ACKNOWLEDGE))


def hurry_the_watcher() -> None:
    """Short times, like the short lease of a run: a killed watcher is soon replaced."""
    watch.INTERVAL = timedelta(seconds=1)
    watch.LOCK_LIFE = timedelta(seconds=5)


def take_version(environment: dict[str, str]) -> None:
    """Be the version of the software that the environment says."""
    if VERSION in environment:
        setattr(reader, "PIPELINE_VERSION", environment[VERSION])  # noqa: B010 -- mypy: a constant


def _wrap(owner: object, name: str, wrapper: Wrapper) -> None:
    function = getattr(owner, name)
    setattr(owner, name, functools.wraps(function)(wrapper(function)))


def _between(before: Point | None, after: Point | None = None) -> Wrapper:
    """A point before a function, a point after it."""

    def wrapper(function: AsyncFunction) -> AsyncFunction:
        async def reaching(*args: Any, **kwargs: Any) -> Any:
            if before is not None:
                reach(before, os.getpid())
            answer = await function(*args, **kwargs)
            if after is not None:
                reach(after, os.getpid())
            return answer

        return reaching

    return wrapper


def _claiming(journal: Journal) -> Wrapper:
    """Tells of each entry that is claimed."""

    def wrapper(function: AsyncFunction) -> AsyncFunction:
        async def claiming(*args: Any, **kwargs: Any) -> Claimed | None:
            claimed: Claimed | None = await function(*args, **kwargs)
            if claimed is not None:
                journal.tell("claimed", os.getpid(), entry=claimed.entry_id)
                reach(Point.AFTER_CLAIM, os.getpid())
            return claimed

        return claiming

    return wrapper


def _settling(journal: Journal) -> Wrapper:
    """Tells of each entry that has left this process's hands; it is the third argument."""

    def wrapper(function: AsyncFunction) -> AsyncFunction:
        async def settling(client: Any, keys: Keys, entry: Claimed | str, *args: Any) -> Any:
            answer = await function(client, keys, entry, *args)
            entry_id = entry.entry_id if isinstance(entry, Claimed) else entry
            journal.tell("settled", os.getpid(), entry=entry_id)
            return answer

        return settling

    return wrapper
