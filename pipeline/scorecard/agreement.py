"""One player, one spelling: names that a card prints in several places, read alike in most.

Only what is certain is changed: a word of a name of five letters or more that differs in one
letter, all other words of the name alike, and a spelling that more places agree on. Two names of
one list are two players, however alike they are.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

from rapidfuzz.distance import Levenshtein

from pipeline.scorecard.credits import BOWLED_BY
from pipeline.scorecard.model import Innings
from pipeline.scorecard.value import Value

_SHORTEST: Final = 5
"""Letters of the shortest word in which one may be misread."""
_FEWEST: Final = 2
"""Places that agree on a spelling before another one gives way to it."""

Spellings = Mapping[str, str]
"""The agreed spelling of each that differs from it."""


def agreed(innings: Sequence[Innings]) -> tuple[Innings, ...]:
    """The innings of one card, with each player's name spelt as most of the card spells it."""
    spellings = _spellings(innings)
    return tuple(_respelt(one, spellings) for one in innings) if spellings else tuple(innings)


def _spellings(innings: Sequence[Innings]) -> Spellings:
    counts = Counter(name for one in innings for name in _names(one))
    apart = _told_apart(innings)
    better: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in combinations(counts, 2):
        if frozenset((one, other)) in apart or not _is_one_letter_apart(one, other):
            continue
        rare, common = sorted((one, other), key=counts.__getitem__)
        if counts[common] >= _FEWEST and counts[common] > counts[rare]:
            better[rare].add(common)
    # A spelling near two others is nobody's for certain.
    return {rare: next(iter(common)) for rare, common in better.items() if len(common) == 1}


def _names(innings: Innings) -> Iterator[str]:
    for batter in innings.batting or ():
        yield batter.name.value
        bowler = BOWLED_BY.search(batter.how_out.value) if batter.how_out else None
        if bowler is not None:
            yield bowler["name"]
    for fall in innings.fall_of_wickets or ():
        if fall.batter is not None:
            yield fall.batter.value
    for bowling in innings.bowling or ():
        yield bowling.name.value
    for waiting in innings.did_not_bat or ():
        yield waiting.value


def _told_apart(innings: Sequence[Innings]) -> frozenset[frozenset[str]]:
    """Pairs of names that one list holds side by side."""
    lists = [
        [row.name.value for row in rows]
        for one in innings
        for rows in (one.batting or (), one.bowling or ())
    ]
    return frozenset(frozenset(pair) for names in lists for pair in combinations(names, 2))


def _is_one_letter_apart(one: str, other: str) -> bool:
    words, others = one.split(), other.split()
    if len(words) != len(others):
        return False
    differing = [(a, b) for a, b in zip(words, others, strict=True) if a != b]
    if len(differing) != 1:
        return False
    first, second = (word.casefold() for word in differing[0])
    long_enough = min(len(first), len(second)) >= _SHORTEST
    return long_enough and Levenshtein.distance(first, second, score_cutoff=1) == 1


def _respelt(innings: Innings, spellings: Spellings) -> Innings:
    def name(value: Value[str]) -> Value[str]:
        return value.become(spellings.get(value.value, value.value))

    def how_out(value: Value[str]) -> Value[str]:
        bowler = BOWLED_BY.search(value.value)
        if bowler is None or bowler["name"] not in spellings:
            return value
        return value.become(value.value[: bowler.start("name")] + spellings[bowler["name"]])

    return replace(
        innings,
        batting=innings.batting
        and tuple(
            replace(row, name=name(row.name), how_out=row.how_out and how_out(row.how_out))
            for row in innings.batting
        ),
        bowling=innings.bowling
        and tuple(replace(row, name=name(row.name)) for row in innings.bowling),
        fall_of_wickets=innings.fall_of_wickets
        and tuple(
            replace(fall, batter=fall.batter and name(fall.batter))
            for fall in innings.fall_of_wickets
        ),
        did_not_bat=innings.did_not_bat and tuple(map(name, innings.did_not_bat)),
    )
