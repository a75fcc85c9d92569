"""Waiting until something is so: the longest that a benchmark waits, and what it says then."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

PATIENCE = 300.0
"""Seconds for what is waited for."""


class Unfinished(Exception):
    """Uploads have not ended in time, or not as they should have."""


def wait_until(condition: Callable[[], T | None], every: float, otherwise: str) -> T:
    """Looks until it is true, and returns what it was then.

    Args:
        condition: looked at once at least.
        every: seconds between looks.
        otherwise: what there is to say when it is not true in time.

    Raises:
        Unfinished: that is so.
    """
    until = time.monotonic() + PATIENCE
    while not (value := condition()):
        if time.monotonic() > until:
            raise Unfinished(otherwise)
        time.sleep(every)
    return value
