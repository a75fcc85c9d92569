"""Balls as a list tells them: `0.3 Starc to Kohli, no run`, `1.1 Sharma 4 runs`, `OUT! c Smith`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipeline.scorecard.model import Delivery
from pipeline.scorecard.names import clean_name
from pipeline.scorecard.numbers import digits_of, overs_of
from pipeline.scorecard.overs import Overs
from pipeline.scorecard.passage import Passage
from pipeline.scorecard.rows import Row, once_a_row
from pipeline.scorecard.value import Value
from pipeline.scorecard.vocabulary import (
    BALL_EXTRA_WORDS,
    BALL_RUNS_WORDS,
    BALL_WICKET_WORDS,
    NO_BALL_WORDS,
    RUN_WORDS,
    TO_WORDS,
    WICKET_SIGN,
)

_BALL: Final = re.compile(
    r"^(?:\S{0,2}\s)?\W{0,3}(?P<ball>\d{1,3}\s?[.,]\s?\d{1,2}|\d{2,3})[:.)]?\s+(?=\S*[^\W\d_])"
)
"""A speck may stand before it; its point may have been lost."""
_POINT: Final = re.compile(r"\s?[.,]\s?")


def _any_of(words: Sequence[str]) -> str:
    ordered = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"[\s-]?") for word in ordered) + ")"


_COUNTED: Final = re.compile(
    rf"(?<![\w.])(?P<number>\d{{1,2}}|[OoQ])[\s.]*(?:{_any_of(RUN_WORDS)}\b|(?P<kind>{_any_of(tuple(BALL_EXTRA_WORDS))})\b)",
    re.IGNORECASE,
)
_NAMED: Final = re.compile(
    rf"(?<!\w)(?P<word>{_any_of(tuple(BALL_RUNS_WORDS))})(?!\w)", re.IGNORECASE
)
_EXTRA: Final = re.compile(rf"(?<!\w)(?:{_any_of(tuple(BALL_EXTRA_WORDS))})\b", re.IGNORECASE)
_NO_BALL: Final = re.compile(rf"(?<!\w)(?:{_any_of(tuple(NO_BALL_WORDS))})\b", re.IGNORECASE)
_WICKET: Final = re.compile(
    rf"(?<!not )(?<!\w)(?P<word>{_any_of(tuple(BALL_WICKET_WORDS))})\b", re.IGNORECASE
)
_TO: Final = re.compile(rf"\s(?:{_any_of(tuple(TO_WORDS))})\s", re.IGNORECASE)
_UNTOLD: Final = re.compile(rf"(?<!\w){_any_of(RUN_WORDS)}\b", re.IGNORECASE)
"""Runs whose number was not read."""
_SIGN: Final = re.compile(rf"(?<!\S){WICKET_SIGN}(?![\w.])")
_OUTCOMES: Final = (_SIGN, _COUNTED, _WICKET, _EXTRA, _NAMED, _UNTOLD)
_NAME: Final = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class _Outcome:
    start: int
    end: int
    runs: int | None
    is_wicket: bool


@once_a_row
def shows_ball(row: Row) -> bool:
    """Whether a row begins with the number of a ball and tells what came of it."""
    passage = Passage.of([row])
    ball = _BALL.match(passage.text)
    return ball is not None and _outcome(passage.text, ball.end()) is not None


def read_deliveries(rows: Sequence[Row]) -> tuple[Delivery, ...]:
    """The balls that rows list, in their order; rows that tell of none are passed over."""
    deliveries: list[Delivery] = []
    for row in rows:
        passage = Passage.of([row])
        delivery = _delivery(passage, deliveries[-1] if deliveries else None)
        if delivery is not None:
            deliveries.append(delivery)
        elif deliveries and (wicket := _WICKET.match(passage.text)) is not None:
            # `OUT! c Smith` below its ball.
            told = passage.matched(wicket, "word", value=True)
            deliveries[-1] = replace(deliveries[-1], wicket=told)
    return tuple(deliveries)


def _delivery(passage: Passage, last: Delivery | None) -> Delivery | None:
    ball = _BALL.match(passage.text)
    if ball is None:
        return None
    outcome = _outcome(passage.text, ball.end())
    number = _number(ball["ball"], last)
    if outcome is None or number is None:
        return None
    told = (outcome.start, outcome.end)
    return Delivery(
        passage.cut(ball, "ball", number),
        *_names(passage, ball.end(), outcome.start),
        runs=passage.value(outcome.runs, *told) if outcome.runs is not None else None,
        wicket=passage.value(outcome.is_wicket, *told),
    )


def _number(text: str, last: Delivery | None) -> Overs | None:
    """The ball's number; a small point may have been lost: `24` for `2.4`."""
    bare = _POINT.sub(".", text)
    if "." not in bare:
        bare = f"{bare[:-1]}.{bare[-1]}"
        if last is None or not _follows(overs_of(bare), last.ball.value):
            return None
    return overs_of(bare)


def _follows(ball: Overs | None, last: Overs) -> bool:
    """Whether a ball can be the next one of a list, which may also count down."""
    if ball is None:
        return False
    return abs(ball.total_balls - last.total_balls) <= ball.balls_per_over


def _names(passage: Passage, start: int, end: int) -> tuple[Value[str] | None, Value[str] | None]:
    """Bowler and batter: `Starc to Kohli,`; a name alone is the batter's."""
    link = _TO.search(passage.text, start, end)
    if link is None:
        return None, _name(passage, start, end)
    return _name(passage, start, link.start()), _name(passage, link.end(), end)


def _name(passage: Passage, start: int, end: int) -> Value[str] | None:
    name = clean_name(passage.text[start:end].strip(" ,:;!."))
    if _NAME.search(name) is None:
        return None
    return passage.value(name, start, end)


def _outcome(text: str, start: int) -> _Outcome | None:
    """What came of a ball: from the first word that tells it to the end."""
    link = _TO.search(text, start)
    behind_names = max(start, link.end() if link else start)
    comma = text.find(",", behind_names) if link else -1
    begin = comma if comma >= 0 else _behind_name(text, behind_names)
    found = [m for pattern in _OUTCOMES if (m := pattern.search(text, begin)) is not None]
    if not found:
        return None
    first = min(m.start() for m in found)
    runs = _runs(text, first)
    is_wicket = any(form.search(text, first) for form in (_WICKET, _SIGN))
    return _Outcome(first, len(text.rstrip()), 0 if runs is None and is_wicket else runs, is_wicket)


def _behind_name(text: str, start: int) -> int:
    """Where what came of the ball can begin: a name of one word at least stands before it."""
    name = _NAME.search(text, start)
    return name.end() if name else start


def _runs(text: str, start: int) -> int | None:
    """Runs of a ball; a no-ball's own run is told beside those that were made of it."""
    counted = _COUNTED.search(text, start)
    named = _NAMED.search(text, start)
    extra = _EXTRA.search(text, start)
    if counted is not None:
        return int(digits_of(counted["number"]) or 0)
    if named is not None:
        return BALL_RUNS_WORDS[_plain(named["word"])] + (_NO_BALL.search(text, start) is not None)
    return 1 if extra is not None else None


def _plain(word: str) -> str:
    return re.sub(r"[\s-]+", " ", word.casefold())


def rows_of_balls(rows: Sequence[Row]) -> Iterator[int]:
    """Numbers of the rows that tell of a ball."""
    return (number for number, row in enumerate(rows) if shows_ball(row))
