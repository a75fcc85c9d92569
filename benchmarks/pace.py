"""Who takes the next turn: the pace of a machine changes by the minute, and is to fall out."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

TURN = 100
"""Entries without a reading, which take a second or three: in two turns so short the machine is
alike."""


def there_and_back(whose: Sequence[T], turns: int) -> Iterator[T]:
    """Each as many turns, there and back again: what gets slower meanwhile slows all alike."""
    for turn in range(turns):
        yield from whose if turn % 2 == 0 else reversed(whose)
