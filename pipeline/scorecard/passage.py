"""Running text over words: patterns match the text, their matches lead back to the words."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from pipeline.ocr.words import Box, Word
from pipeline.scorecard.rows import Row
from pipeline.scorecard.value import Value, value_of

T = TypeVar("T")

_OTHERWISE_PARTED: Final = 0.5
"""Confidence at most in a part of a word that has other readings of another length."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of one or more rows as one text, with single spaces between them."""

    words: tuple[Word, ...]
    pages: tuple[int, ...]
    """The page of each word."""
    text: str
    starts: tuple[int, ...]
    """Where each word begins in the text."""

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "Passage":
        """The text of rows, one after the other."""
        placed = [(word, row.page) for row in rows for word in row.words]
        starts, length = [], 0
        for word, _ in placed:
            starts.append(length)
            length += len(word.text) + 1
        return cls(
            tuple(word for word, _ in placed),
            tuple(page for _, page in placed),
            " ".join(word.text for word, _ in placed),
            tuple(starts),
        )

    @classmethod
    def of_words(cls, words: Sequence[Word], page: int) -> "Passage":
        """The text of some words of one page."""
        return cls.of([Row(page, tuple(words))])

    def words_between(self, start: int, end: int) -> range:
        """Numbers of the words that have a character in the span of the text."""
        if start >= end or not self.words:
            return range(0)
        first = max(bisect_right(self.starts, start) - 1, 0)
        last = max(bisect_right(self.starts, end - 1) - 1, 0)
        return range(first, last + 1)

    def value(self, value: T, start: int, end: int) -> Value[T]:
        """A value that was read from a span of the text; where it goes over pages, from the first.

        Raises:
            ValueError: the span holds no word.
        """
        numbers = self.words_between(start, end)
        page = self.pages[numbers[0]] if numbers else 0
        return value_of(value, page, [self.words[n] for n in numbers if self.pages[n] == page])

    def matched(self, match: re.Match[str], group: int | str, value: T) -> Value[T]:
        """A value that was read from a group of a match."""
        return self.value(value, match.start(group), match.end(group))

    def cut(self, match: re.Match[str], group: int | str, value: T) -> Value[T]:
        """A value read from a part of a word, `33` in `(33b,`: that part's text and box alone."""
        start, end = match.span(group)
        numbers = self.words_between(start, end)
        parts = [
            _part(self.words[n], max(start - self.starts[n], 0), end - self.starts[n])
            for n in numbers
        ]
        return value_of(value, self.pages[numbers[0]], parts)


def _part(word: Word, start: int, end: int) -> Word:
    """Some characters of a word, all taken to be of one width."""
    end = min(end, len(word.text))
    if start == 0 and end == len(word.text):
        return word
    box, each = word.box, word.box.width / len(word.text)
    left, right = round(box.left + start * each), round(box.left + end * each)
    same = [text for text in word.alternatives if len(text) == len(word.text)]
    sure = len(same) == len(word.alternatives)
    return replace(
        word,
        text=word.text[start:end],
        box=Box(left, box.top, max(right, left + 1), box.bottom),
        confidence=word.confidence if sure else min(word.confidence, _OTHERWISE_PARTED),
        alternatives=tuple(
            dict.fromkeys(t[start:end] for t in same if t[start:end] != word.text[start:end])
        ),
    )
