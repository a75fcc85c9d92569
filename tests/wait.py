"""Waiting for a condition, the only place of the tests that sleeps."""

import asyncio
import inspect
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_PAUSE = 0.02
"""Seconds between two looks at the condition."""


def wait_until(condition: Callable[[], T], *, timeout: float = 10.0, message: str = "") -> T:
    """Looks at `condition` until it is true, and returns what it returned then.

    Args:
        condition: an exception that it raises ends the wait.
        timeout: seconds.
        message: what is waited for, for the failure; the condition's own name where empty.

    Raises:
        AssertionError: the condition did not come true in time; gives its last value.
    """
    end = time.monotonic() + timeout
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError(_failure(condition, value, timeout, message))
        time.sleep(_PAUSE)
    return value


async def wait_until_async(
    condition: Callable[[], object],
    *,
    timeout: float = 10.0,  # noqa: ASYNC109 - asyncio.timeout() could not give the last value
    message: str = "",
) -> None:
    """Does what `wait_until` does without holding up the event loop.

    Args:
        condition: a function or a coroutine function.
        timeout: seconds.
        message: what is waited for, for the failure; the condition's own name where empty.

    Raises:
        AssertionError: the condition did not come true in time; gives its last value.
    """
    end = time.monotonic() + timeout
    while not (value := await _now(condition)):
        if time.monotonic() > end:
            raise AssertionError(_failure(condition, value, timeout, message))
        await asyncio.sleep(_PAUSE)


async def _now(condition: Callable[[], object]) -> object:
    value = condition()
    return await value if inspect.isawaitable(value) else value


def _failure(condition: object, value: object, timeout: float, message: str) -> str:
    sought = message or getattr(condition, "__name__", repr(condition))
    return f"{sought}: not within {timeout:g} s; the last value was {value!r}"
