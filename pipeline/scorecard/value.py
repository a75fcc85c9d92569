"""A value and the ink that it was read from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from pipeline.ocr.words import Box, Word

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Value(Generic[T]):
    """A value and the ink that it was read from."""

    value: T
    text: str
    """As the engine read it, before any correction."""
    page: int
    box: Box
    confidence: float
    """0 to 1: the least sure of the words that the value was read from."""
    alternatives: tuple[str, ...] = ()

    def become(self, value: T) -> "Value[T]":
        """The same ink, understood as another value."""
        return replace(self, value=value)


def value_of(value: T, page: int, words: Sequence[Word]) -> Value[T]:
    """A value that was read from these words of one page.

    Raises:
        ValueError: no words were given.
    """
    if not words:
        raise ValueError("a value needs the words that it was read from")
    return Value(
        value,
        " ".join(word.text for word in words),
        page,
        Box(
            min(word.box.left for word in words),
            min(word.box.top for word in words),
            max(word.box.right for word in words),
            max(word.box.bottom for word in words),
        ),
        min(word.confidence for word in words),
        words[0].alternatives if len(words) == 1 else (),
    )
