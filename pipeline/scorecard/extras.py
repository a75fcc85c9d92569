"""The line of extras, in its many orders.

`Extras (b 4, lb 2) 6`, `EXTRAS 24`, `19 (b 8, lb 7, w 1, nb 3)`, `(9) 0 B, 0 LB, 4 WD`,
`Extras: 3 wd, 1 nb 6`, `b4 lb2`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Final

from pipeline.scorecard.model import Extras
from pipeline.scorecard.numbers import integer_of
from pipeline.scorecard.passage import Passage
from pipeline.scorecard.value import Value
from pipeline.scorecard.vocabulary import EXTRA_KINDS

_LABEL: Final = re.compile(r"^\W*(?:extras?|sundries)\b\W*?(?=[\s(\d]|$)", re.IGNORECASE)
_KIND: Final = r"leg[ -]?byes?|no[ -]?balls?|[1lIi|!](?:b|-b)(?![a-rt-z])s?|n-b(?![a-z])|[a-z]+"
_PART: Final = re.compile(
    r"(?P<number>(?!1-b(?![a-z]))\d{1,3}(?!\d)|(?<=[a-zA-Z])[Oo](?=\W|$)|(?<=[a-zA-Z] )O(?=\W|$))"
    r"|(?P<glued>(?:nb|lb|wd|[bwp])(?=[Oo](?:\W|$)))"
    rf"|(?P<kind>{_KIND})|(?P<open>\()|(?P<close>\))|(?P<ink>[°@®©])",
    re.IGNORECASE,
)
_PART_WITH_LEG_BYES: Final = re.compile(rf"(?P<leg>1-?b(?![a-z]))|{_PART.pattern}", re.IGNORECASE)
_NUMBER_FIRST: Final = re.compile(r"\d\s?(?:nb|[1lI]b|wd|b|w)\b", re.IGNORECASE)
_NOUGHT_BEFORE_KIND: Final = re.compile(r"(?<!\w)O(?=\s?(?:nb|[1lI]b|wd?|b)\b)", re.IGNORECASE)
_ONE_BEFORE_KIND: Final = re.compile(r"(?<!\w)[iIl|](?=\s?(?:nb|[1lI]b|wd)\b)")
_ONES_BEHIND_KIND: Final = re.compile(
    r"(?<![a-z])(?P<kind>nb|[1il|]b|wd|[wbp])(?P<ones>[il|]+)(?=\d|[\s,;)]|$)", re.IGNORECASE
)
_NOUGHT_TWICE: Final = re.compile(r"(?<!\d)0[Oo](?!\w)")
_LEAST_KINDS: Final = 2
_MISREAD: Final = 3
"""Letters of a word among kinds of extras that may be one which was misread, at most."""
_SPELT: Final = 4
"""Letters of a kind that is written out: `byes`, `wides`."""
_WITH_SUM: Final = 2


def completed(extras: Extras, other: Extras | None) -> Extras:
    """The extras of one line with what only another line of the innings tells."""
    if other is None:
        return extras
    missing = {
        field.name: getattr(other, field.name)
        for field in fields(extras)
        if getattr(extras, field.name) is None
    }
    return replace(extras, **missing)


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    number: int | None
    kind: str | None
    depth: int


def tells_kinds(text: str) -> bool:
    """Whether a row holds kinds of extras and nothing else: `b 0, lb 2, w 3`, `Leg byes 4`."""
    tokens = _tokens(text, _PART)
    letters = sum(
        character.isalnum() for token in tokens for character in text[token.start : token.end]
    )
    kinds = [token for token in tokens if token.kind is not None]
    numbers = [token.number for token in tokens if token.number is not None]
    if letters < sum(map(str.isalnum, text)) or len(numbers) < len(kinds):
        return False
    if len(kinds) == 1:
        # One letter and a number may be anything, unless the sum stands behind it: `l-b 5  5`.
        spelt = kinds[0].end - kinds[0].start >= _SPELT
        return spelt or (len(numbers) == _WITH_SUM and numbers[0] == numbers[1])
    return len(kinds) >= _LEAST_KINDS


def read_extras(passage: Passage) -> Extras | None:
    """Extras from the text of their line, label and all; None where it holds no number."""
    text = _with_digits(passage.text)
    tokens = _tokens(text, _PART)
    if not any(token.number is not None for token in tokens):
        return None
    best: tuple[tuple[bool, int, int], dict[str, _Token], _Token | None] | None = None
    # `1b 12` are twelve leg byes, `1b, 6 lb` is one bye.
    otherwise = _tokens(text, _PART_WITH_LEG_BYES)
    for read, (parts, rest) in (
        (tokens, _pair(tokens, number_first=False)),
        (tokens, _pair(tokens, number_first=True)),
        (otherwise, _pair(otherwise, number_first=False)),
        (tokens, _pair_in_order(tokens)),
    ):
        total = _total_among(rest)
        sums_up = total is not None and total.number == _sum(parts) and _are_paired(read, parts)
        rank = (sums_up, len(parts), -len(rest))
        if best is None or rank > best[0]:
            best = (rank, parts, total)
    assert best is not None  # noqa: S101 - the loop ran
    (sums_up, _, unused), parts, total = best
    if not sums_up and _holds_a_misread_kind(text, tokens):
        # Its number may have gone to another kind, and the equations would mend the wrong one.
        parts, total = {}, total if unused == -1 else None
    return Extras(
        total=_value(passage, total),
        **{kind: _value(passage, token) for kind, token in parts.items()},
    )


def _holds_a_misread_kind(text: str, tokens: Sequence[_Token]) -> bool:
    """Whether a short word that is no kind stands among kinds of extras."""
    kinds = [token for token in tokens if token.kind is not None]
    if not kinds:
        return False
    among = (
        match
        for match in _PART.finditer(text, kinds[0].start, tokens[-1].end)
        if match["kind"] is not None and len(match["kind"]) <= _MISREAD
    )
    return any(_kind(match) not in EXTRA_KINDS for match in among)


def _with_digits(text: str) -> str:
    """The text with the digits that were read as letters.

    `wi`, `wi2` are `w1`, `w12`; where numbers stand before kinds, `Onb`, `i lb` are `0nb`, `1 lb`.
    """
    text = _NOUGHT_TWICE.sub("0", text)
    text = _ONES_BEHIND_KIND.sub(lambda match: match["kind"] + "1" * len(match["ones"]), text)
    if len(_NUMBER_FIRST.findall(text)) < _LEAST_KINDS:
        return text
    text = _NOUGHT_BEFORE_KIND.sub("0", text)
    return _ONE_BEFORE_KIND.sub("1", text)


def _tokens(text: str, part: re.Pattern[str]) -> list[_Token]:
    label = _LABEL.match(text)
    start = label.end() if label else 0
    tokens, depth = [], 0
    for match in part.finditer(text, start):
        if match["open"]:
            depth += 1
        elif match["close"]:
            depth = max(0, depth - 1)
        elif (word := _kind(match)) in EXTRA_KINDS:
            kind = EXTRA_KINDS[word]
            tokens.append(_Token(match.start(), match.end(), None, kind, depth))
        else:
            number = integer_of(match[0])
            if number is not None:
                tokens.append(_Token(match.start(), match.end(), number, None, depth))
    return tokens


def _kind(match: re.Match[str]) -> str:
    """The word for a kind of extra; a letter may have been read twice: `Ww`."""
    word: str = (match["kind"] or match["glued"] or match.groupdict().get("leg") or "").casefold()
    word = word.replace("-", "").replace(" ", "")
    return word[:1] if len(set(word)) == 1 else word


def _pair(
    tokens: Sequence[_Token], *, number_first: bool
) -> tuple[dict[str, _Token], list[_Token]]:
    """Numbers by kind of extra, and the numbers that belong to no kind."""
    parts: dict[str, _Token] = {}
    used: set[int] = set()
    for index, token in enumerate(tokens):
        beside = index - 1 if number_first else index + 1
        if token.kind is None or not 0 <= beside < len(tokens) or beside in used:
            continue
        neighbour = tokens[beside]
        same_bracket = neighbour.depth == token.depth
        if neighbour.number is not None and same_bracket and token.kind not in parts:
            parts[token.kind] = neighbour
            used.add(beside)
    rest = [t for i, t in enumerate(tokens) if t.number is not None and i not in used]
    return ({} if _are_ambiguous(tokens, parts, rest) else parts), rest


def _are_ambiguous(
    tokens: Sequence[_Token], parts: dict[str, _Token], rest: Sequence[_Token]
) -> bool:
    """Whether a kind has no number, and a number no kind, so that any may be another's."""
    kinds = {token.kind for token in tokens if token.kind is not None}
    return kinds > parts.keys() and any(token.depth > 0 for token in rest)


def _are_paired(tokens: Sequence[_Token], parts: dict[str, _Token]) -> bool:
    """Whether there are kinds, and each has a number."""
    kinds = {token.kind for token in tokens if token.kind is not None}
    return bool(kinds) and kinds == parts.keys()


def _pair_in_order(tokens: Sequence[_Token]) -> tuple[dict[str, _Token], list[_Token]]:
    """The same where words of the line changed places: as many numbers in brackets as kinds."""
    kinds = [token.kind for token in tokens if token.kind is not None and token.depth > 0]
    numbers = [token for token in tokens if token.number is not None and token.depth > 0]
    if len(kinds) != len(numbers) or len(set(kinds)) != len(kinds):
        return {}, [token for token in tokens if token.number is not None]
    rest = [token for token in tokens if token.number is not None and token.depth == 0]
    return dict(zip(kinds, numbers, strict=True)), rest


def _total_among(rest: Sequence[_Token]) -> _Token | None:
    """The number of no kind: outside the brackets before inside, the last before the first."""
    outside = [token for token in rest if token.depth == 0]
    if outside:
        return outside[-1]
    return rest[0] if len(rest) == 1 else None


def _sum(parts: dict[str, _Token]) -> int:
    return sum(token.number or 0 for token in parts.values())


def _value(passage: Passage, token: _Token | None) -> Value[int] | None:
    if token is None or token.number is None:
        return None
    return passage.value(token.number, token.start, token.end)
