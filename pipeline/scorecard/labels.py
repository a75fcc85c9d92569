"""Lines that say what they are: `Extras`, `Total:`, `Fall of wickets`, `Toss:`."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from rapidfuzz.distance import Levenshtein

from pipeline.ocr.words import Word
from pipeline.scorecard.rows import Row, once_a_row, within_brackets
from pipeline.scorecard.vocabulary import LABEL_PHRASES, NEEDS_COLON, Label, plain

_LONGEST_PHRASE = max(len(phrase.split()) for phrase in LABEL_PHRASES)
_CELL_GAP = 1.3
"""Gap in word heights before a label inside a row: a label begins a cell."""
_CELL_GAP_WITH_COLON = 0.8
_LONGEST_SPECK = 2
"""Letters of dirt before a row's label: a frame's edge read as `|` or `p`."""
_GLUED = re.compile(r"([^(:]*)[(:]+[^\s(:]\S*")
_READ_WITH_HEADING = frozenset({Label.EXTRAS, Label.TOTAL})
"""Labels whose line is read with its heading, so that nothing glued to it is lost."""
_MISSPELT_FROM = 5
"""Letters from which a label may hold a misread letter."""
_LONG = 9
"""Letters from which it may hold two."""
_KEPT = 4096
"""Texts of which the label is remembered."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A stretch of a row behind its label; `label` is None before the first one."""

    label: Label | None
    page: int
    heading: tuple[Word, ...]
    """The label's own words."""
    words: tuple[Word, ...]
    """What stands behind the label."""


@once_a_row
def split_at_labels(row: Row) -> tuple[Labelled, ...]:
    """The row in stretches, each behind its label."""
    stretches: list[tuple[Label | None, list[Word], list[Word]]] = [(None, [], [])]
    position = 0
    inside = within_brackets(row.words)
    height = row.height if row.words else 0.0
    while position < len(row.words):
        found = None if position in inside else _label_at(row.words, position, height)
        if found is None:
            stretches[-1][2].append(row.words[position])
            position += 1
        else:
            label, length = found
            stretches.append((label, list(row.words[position : position + length]), []))
            position += length
    before = stretches[0][2]
    if len(stretches) > 1 and len(before) == 1 and len(before[0].text) <= _LONGEST_SPECK:
        before.clear()
    return tuple(
        Labelled(label, row.page, tuple(heading), tuple(words))
        for label, heading, words in stretches
        if heading or words
    )


@once_a_row
def leading_label(row: Row) -> Label | None:
    """The label that the row begins with."""
    found = _label_at(row.words, 0, 0.0) if row.words else None
    return found[0] if found else None


def _label_at(words: Sequence[Word], position: int, height: float) -> tuple[Label, int] | None:
    """The label that begins at a word of a row of some height, and of how many words it is."""
    if position > 0 and not (position == 1 and _is_speck(words[0], words[1])):
        gap = (words[position].box.left - words[position - 1].box.right) / height
        if gap < _CELL_GAP_WITH_COLON:
            return None
        if gap < _CELL_GAP and not any(word.text.endswith(":") for word in words[position:]):
            return None
    for length in range(min(_LONGEST_PHRASE, len(words) - position), 0, -1):
        label = _label_of(" ".join(word.text for word in words[position : position + length]))
        if label is not None:
            return label, length
    return None


def _is_speck(word: Word, label: Word) -> bool:
    """Whether a word is dirt right before a label in capitals."""
    return len(word.text) <= _LONGEST_SPECK and label.text.isupper() and word.text.islower()


@lru_cache(maxsize=_KEPT)
def _label_of(text: str) -> Label | None:
    """The label that a text is; the same few texts are asked for many times a card."""
    head, glued = _parted(text)
    phrase = plain(head)
    with_colon = text.endswith(":")
    # A PDF's own text may part a word at its kerning: `TO TAL`.
    exact = LABEL_PHRASES.get(phrase) or LABEL_PHRASES.get(phrase.replace(" ", ""))
    if glued and exact not in _READ_WITH_HEADING:
        return None
    if exact is not None:
        return exact if with_colon or phrase not in NEEDS_COLON else None
    return _misspelt(phrase, with_colon=with_colon)


def _misspelt(phrase: str, *, with_colon: bool) -> Label | None:
    """The label that a phrase is but for a letter or two."""
    if len(phrase) < _MISSPELT_FROM:
        return None
    for known, label in _OF_SO_MANY_SPACES.get(phrase.count(" "), ()):
        allowed = 1 if len(known) < _LONG else 2
        if abs(len(known) - len(phrase)) > allowed or (known in NEEDS_COLON and not with_colon):
            continue
        if Levenshtein.distance(phrase, known, score_cutoff=allowed) <= allowed:
            return label
    return None


def _long_phrases() -> dict[int, tuple[tuple[str, Label], ...]]:
    """Phrases that may hold a misread letter, by the number of their spaces."""
    phrases: defaultdict[int, list[tuple[str, Label]]] = defaultdict(list)
    for known, label in LABEL_PHRASES.items():
        if len(known) >= _MISSPELT_FROM and label is not Label.ASIDE:
            phrases[known.count(" ")].append((known, label))
    return {spaces: tuple(found) for spaces, found in phrases.items()}


_OF_SO_MANY_SPACES: Final = MappingProxyType(_long_phrases())


def _parted(text: str) -> tuple[str, bool]:
    """The label in `Extras(b 4` or `Total:8`, and whether something is glued to it."""
    match = _GLUED.match(text)
    return (match[1], True) if match else (text, False)
