"""The fall of wickets: as text, as two rows of numbers, as pairs, or as a table."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from pipeline.ocr.words import Word
from pipeline.scorecard.characters import DASHES
from pipeline.scorecard.model import FallOfWicket
from pipeline.scorecard.names import clean_name
from pipeline.scorecard.numbers import digits_of, integer_of, is_plainly_numeric, overs_of
from pipeline.scorecard.overs import Overs
from pipeline.scorecard.passage import Passage
from pipeline.scorecard.rows import Row, once_a_row
from pipeline.scorecard.value import Value, value_of

_PAIR: Final = re.compile(
    rf"(?<![\d.])(?P<first>\d{{1,4}}|(?<!\w)[OQo])(?:\s?[/{DASHES}]\s?|\sfor\s)"
    r"(?P<second>\d{1,4})(?!\d)"
)
"""The score may be a nought that was read as a letter."""
_TOLD: Final = re.compile(
    r"(?<!\d)(?P<first>\d{1,2})(?:st|nd|rd|th)\s(?:wickets?|wkts?)\W{1,3}(?P<second>\d{1,4})(?!\d)",
    re.IGNORECASE,
)
"""`1st wicket: 94`; where they stand in columns, not in their order."""
_POINTED_PAIR: Final = re.compile(
    r"(?<![\d.])(?P<first>\d{1,2})[.:](?P<second>\d{1,4})(?=\s*(?:[,;]|\(\s*[^\W\d]))"
)
"""A pair whose dash was read as a point."""
_LONE_POINTED_PAIR: Final = re.compile(
    r"(?<![\d.])(?P<first>\d{1,2})[.:](?P<second>\d{1,4})(?![\d.])"
)
_OVER: Final = re.compile(
    r"(?<![\d.])(?P<over>\d{1,3}(?:[.,]\d(?![\d.])|\.\d(?=[0oO]{1,2}v)| \d(?=\s*ov)))"
    r"|(?<![\d.])(?P<whole>\d{1,3})\s*ov",
    re.IGNORECASE,
)
_POINTED: Final = re.compile(r"\d{1,3}\.\d")
_NAME: Final = re.compile(r"[^\W\d_](?:\(\d{1,2}\)|[^\d,;])*")
_MOST_WICKETS: Final = 10
_LINK: Final = re.compile(r"\b(?:ov|ovs|over|overs)\b\.?", re.IGNORECASE)


@once_a_row
def has_pair(row: Row) -> bool:
    """Whether a row holds a wicket and its score, `1-12`, in some reading of its words."""
    text = _with_pairs(row).text
    return _PAIR.search(text) is not None or _TOLD.search(text) is not None


def read_fall(rows: Sequence[Row]) -> tuple[FallOfWicket, ...]:
    """The wickets that rows of a fall of wickets tell, in their order; without the label."""
    passage = Passage.of([_with_pairs(row) for row in rows])
    told = list(_TOLD.finditer(passage.text))
    if told:
        falls = _from_text(passage, told)
        return tuple(sorted(falls, key=lambda fall: fall.wicket.value if fall.wicket else 0))
    pairs = list(_PAIR.finditer(passage.text))
    if pairs:
        return _from_text(passage, _with_pointed(passage.text, pairs))
    return _from_two_rows(rows) or _from_run_of_numbers(passage)


def _with_pairs(row: Row) -> Row:
    """The row, with `4-1` where the engine preferred to read `4.1`."""
    words = list(row.words)
    if _PAIR.search(row.text) is None:
        words = [_as(word, _PAIR) for word in words]
    # The over that ends a row has lost its point: `74` for `7.4`.
    if len(words) > 1 and words[-1].text.isdigit():
        words[-1] = _as(words[-1], _POINTED)
    return replace(row, words=tuple(words))


def _as(word: Word, pattern: re.Pattern[str]) -> Word:
    """The word in the first of its readings that has a form; as it is where none has."""
    text = next(filter(pattern.fullmatch, word.alternatives), None)
    if text is None:
        return word
    others = (word.text, *(other for other in word.alternatives if other != text))
    return replace(word, text=text, alternatives=others)


def _from_text(passage: Passage, pairs: Sequence[re.Match[str]]) -> tuple[FallOfWicket, ...]:
    """`1-12 (DA Warner, 3.4 ov), 2-147 …`, `21/1 (Ahmed Shehzad) …`, `AJ Strauss 4-1 2.3`."""
    wicket_group, runs_group = _order(pairs)
    first = passage.text[: pairs[0].start()]
    leads = _has_name(first)
    over_leads = not leads and _OVER.search(first) is not None
    found = []
    for number, pair in enumerate(pairs):
        before = pairs[number - 1].end() if number else 0
        after = pairs[number + 1].start() if number + 1 < len(pairs) else len(passage.text)
        name_span = (before, pair.start()) if leads else (pair.end(), after)
        # Where names lead, the over of the wicket before stands before the name.
        over_span = (before, pair.start()) if over_leads else (pair.end(), after)
        found.append(
            FallOfWicket(
                passage.matched(pair, wicket_group, _integer(pair[wicket_group])),
                passage.matched(pair, runs_group, _integer(pair[runs_group])),
                _batter(passage, *name_span),
                _over(passage, *over_span),
            )
        )
    return tuple(found)


def _with_pointed(text: str, pairs: Sequence[re.Match[str]]) -> list[re.Match[str]]:
    """The pairs, with `3.82` taken for one where it is the third wicket's turn."""
    found: list[re.Match[str]] = []
    # Where the text tells overs or names, a point needs more than its number to be a dash.
    pointed = _POINTED_PAIR if _has_name(text) else _LONE_POINTED_PAIR
    candidates = sorted([*pairs, *pointed.finditer(text)], key=re.Match.start)
    for match in candidates:
        if match.re is _PAIR or _integer(match["first"]) == len(found) + 1:
            found.append(match)
    return found


def _order(pairs: Sequence[re.Match[str]]) -> tuple[str, str]:
    """Which number of a pair is the wicket: the one that counts up, a pair may be missing."""
    steps = {
        group: sum(
            later - earlier == 1
            for earlier, later in pairwise([0, *(_integer(pair[group]) for pair in pairs)])
        )
        for group in ("first", "second")
    }
    return ("second", "first") if steps["second"] > steps["first"] else ("first", "second")


def _integer(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _has_name(text: str) -> bool:
    return sum(character.isalpha() for character in text) >= 2


def _batter(passage: Passage, start: int, end: int) -> Value[str] | None:
    text = _LINK.sub(lambda match: " " * len(match[0]), passage.text[start:end])
    match = _NAME.search(text)
    if match is None:
        return None
    name = clean_name(_without_brackets(match[0]))
    if not _has_name(name) and len(name) != 1:
        return None
    return passage.value(name, start + match.start(), start + match.end())


def _without_brackets(text: str) -> str:
    bare = text.strip(" ,;•")
    return bare[:-1] if bare.endswith(")") and bare.count(")") > bare.count("(") else bare


def _over(passage: Passage, start: int, end: int) -> Value[Overs] | None:
    match = _OVER.search(passage.text, start, end)
    if match is None:
        return None
    group = "over" if match["over"] else "whole"
    # A lost point leaves a space or a comma: `10 4 ov`.
    overs = overs_of(re.sub(r"[ ,]", ".", match[group]))
    return passage.matched(match, group, overs) if overs is not None else None


def _from_two_rows(rows: Sequence[Row]) -> tuple[FallOfWicket, ...]:
    """A row that counts the wickets, and below each the score."""
    numeric = [(row.page, [w for w in row.words if digits_of(w.text) is not None]) for row in rows]
    numeric = [(page, words) for page, words in numeric if words]
    for (page, above), (_, below) in pairwise(numeric):
        if _counts_up(above):
            return tuple(
                FallOfWicket(_number(page, word), _below(page, word, above, below))
                for word in above
            )
    return ()


def _counts_up(words: Sequence[Word]) -> bool:
    numbers = [integer_of(word.text) for word in words]
    right = sum(number == place for place, number in enumerate(numbers, start=1))
    if right >= max(1, 0.7 * len(numbers)):
        return True
    # One of them was not read, and all behind it are out of their place.
    steps = [b - a for a, b in pairwise(numbers) if a is not None and b is not None]
    return numbers[:1] == [1] and steps.count(1) >= max(2, 0.7 * (len(numbers) - 1))


def _below(
    page: int, head: Word, heads: Sequence[Word], words: Sequence[Word]
) -> Value[int] | None:
    """The number nearest below a wicket, if the wicket is also the nearest above it."""

    def distance(one: Word, other: Word) -> float:
        centres = abs(one.box.left + one.box.right - other.box.left - other.box.right) / 2
        return min(centres, abs(one.box.right - other.box.right))

    nearest = min(words, key=lambda word: distance(head, word))
    if min(heads, key=lambda word: distance(word, nearest)) is not head:
        return None
    return _number(page, nearest)


def _from_run_of_numbers(passage: Passage) -> tuple[FallOfWicket, ...]:
    """`1 59 2 67 3 89`: the wicket's number before each score; or the scores alone."""
    placed = [
        (page, word)
        for page, word in zip(passage.pages, passage.words, strict=True)
        if is_plainly_numeric(word.text)
        or (len(word.text) <= 3 and integer_of(word.text) is not None)
    ]
    counting, scores = placed[::2], placed[1::2]
    if len(counting) == len(scores) and _counts_up([word for _, word in counting]):
        return tuple(
            FallOfWicket(_number(*wicket), _number(*score))
            for wicket, score in zip(counting, scores, strict=True)
        )
    return _from_glued(placed) or _from_scores(passage, placed)


def _from_scores(passage: Passage, placed: Sequence[tuple[int, Word]]) -> tuple[FallOfWicket, ...]:
    """`51, 120, 123`: the scores alone, whose order tells the wickets; in which nothing else is."""
    if len(placed) < len(passage.words) or not 1 <= len(placed) <= _MOST_WICKETS:
        return ()
    scores = [_number(page, word) for page, word in placed]
    numbers = [score.value for score in scores if score is not None]
    if len(numbers) < len(scores) or numbers != sorted(numbers):
        return ()
    return tuple(
        FallOfWicket(value_of(wicket, page, [word]), score)
        for wicket, ((page, word), score) in enumerate(zip(placed, scores, strict=True), start=1)
    )


def _from_glued(placed: Sequence[tuple[int, Word]]) -> tuple[FallOfWicket, ...]:
    """`159 267 389`: the small number of the wicket was read into the score behind it."""
    falls: list[FallOfWicket] = []
    last = 0
    for wicket, (page, word) in enumerate(placed, start=1):
        digits = digits_of(word.text) or ""
        score = digits.removeprefix(str(wicket))
        if score == digits or not score.isdigit() or int(score) < last:
            return ()
        last = int(score)
        falls.append(FallOfWicket(value_of(wicket, page, [word]), value_of(last, page, [word])))
    return tuple(falls)


def _number(page: int, word: Word) -> Value[int] | None:
    number = integer_of(word.text)
    return value_of(number, page, [word]) if number is not None else None
