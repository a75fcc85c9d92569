"""What a card says about the match: teams, place, day, toss, result, umpires."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import Final

from pipeline.ocr.words import Word
from pipeline.scorecard.characters import DASHES
from pipeline.scorecard.dates import find_date
from pipeline.scorecard.labels import split_at_labels
from pipeline.scorecard.model import Match
from pipeline.scorecard.names import clean_name
from pipeline.scorecard.passage import Passage
from pipeline.scorecard.rows import Row
from pipeline.scorecard.section import Balls, Line, Section, Table
from pipeline.scorecard.value import Value
from pipeline.scorecard.vocabulary import MATCH_TYPES, Label

_TYPE: Final = "|".join(re.escape(name) for name in MATCH_TYPES)
_TEAMS: Final = re.compile(
    r"^\W*(?:[a-z€]\s)?\W*(?P<first>[^\W\d_].*?)\s+(?:v|vs|v/s|versus)\.?\s+(?P<second>[^\W_].*?)"
    rf"(?:\s*[,(|{DASHES}]\s*(?:[^,()]*\b)?(?P<type>{_TYPE})s?\b.*|\s*,.*)?\W*$",
    re.IGNORECASE,
)
_TYPE_ALONE: Final = re.compile(rf"\b(?P<type>{_TYPE})\b", re.IGNORECASE)
_RESULT: Final = re.compile(
    r"\bwon\s+by\b|\bmatch\s+(?:drawn|tied|abandoned)\b|^\W*no\s+result\b|\bwon\s+the\s+match\b"
    r"|\bbeat\b.*\bby\b",
    re.IGNORECASE,
)
_TOSS: Final = re.compile(
    r"\bwon the toss\b|\b(?:elected|chose|opted) to (?:bat|field|bowl)\b", re.IGNORECASE
)
_LIST: Final = re.compile(r"\s*(?:,|;|\band\b|&|/)\s*")
_AROUND: Final = " ,|•·@" + DASHES
_LONGEST_TEAM: Final = 60
_LONGEST_HEAD: Final = 300
"""Characters of the longest line that names both sides."""
_SHORTEST_PLACE: Final = 4
"""Letters of the shortest ground."""
_SENTENCE_GAP: Final = 1.1
"""White space in word heights between two things that a row tells."""
_SPACED: Final = 1.7
"""The same against the row's usual white space between words."""
_FULL_STOP: Final = re.compile(r"(?:[^\W_]{3}|\))\.$")
_SIGNS_BETWEEN: Final = frozenset({"|", "•", "·", "/", "«", "»", *DASHES})
_DIGITS: Final = re.compile(r"\d")


def read_match(sections: Sequence[Section]) -> Match:
    """The match, from labelled lines first and from loose rows where no label tells."""
    match = Match()
    for section in sections:
        if isinstance(section, Line):
            match = _from_line(match, section)
    for row in _loose_rows(sections):
        match = _from_loose(match, row)
    return match


def _loose_rows(sections: Sequence[Section]) -> list[Row]:
    rows: list[Row] = []
    for section in sections:
        if isinstance(section, Row):
            rows.append(section)
        elif isinstance(section, Table | Balls):
            rows.extend(section.titles)
    return rows


def _from_line(match: Match, line: Line) -> Match:
    sentences = sentences_of(line.rows, at_gaps=False)
    if not sentences or line.label is None:
        return match
    match = _labelled(match, line.label, sentences[0], Passage.of(line.rows))
    for sentence in sentences[1:]:
        match = _from_sentence(match, sentence)
    return match


def _labelled(match: Match, label: Label, first: Passage, whole: Passage) -> Match:
    """The match with what stands behind a label; names of umpires may go on over sentences."""
    value = _whole(first)
    if label is Label.TEAMS:
        return _with_teams(match, whole)
    if label is Label.DATE and match.date is None:
        return replace(match, date=_date(whole))
    if label is Label.VENUE and match.venue is None:
        return replace(match, venue=value)
    if label is Label.TOSS and match.toss is None:
        return replace(match, toss=value)
    if label is Label.RESULT and match.result is None:
        return replace(match, result=value)
    if label is Label.UMPIRES and match.umpires is None:
        return replace(match, umpires=split_list(whole))
    return match


def _from_loose(match: Match, row: Row) -> Match:
    whole = Passage.of([row])
    sentences = sentences_of([row], at_gaps=True)
    if not match.teams and find_date(whole.text) is None and not _says_more(whole):
        match = _with_teams(match, whole)
    before = match
    for sentence in sentences:
        match = _from_sentence(match, sentence)
    told = match is not before
    if told and len(sentences) > 1 and match.venue is None:
        return replace(match, venue=_place_alone(sentences[0], match))
    return match


def _says_more(passage: Passage) -> bool:
    return any(form.search(passage.text) for form in (_RESULT, _TOSS))


def _from_sentence(match: Match, sentence: Passage) -> Match:
    stretch = split_at_labels(Row(sentence.pages[0], sentence.words))[0]
    if stretch.label is not None and stretch.words:
        behind = Passage.of_words(stretch.words, stretch.page)
        return _labelled(match, stretch.label, behind, behind)
    if match.result is None and _RESULT.search(sentence.text):
        return replace(match, result=_whole(sentence))
    if match.toss is None and _TOSS.search(sentence.text):
        return replace(match, toss=_whole(sentence))
    if not match.teams:
        match = _with_teams(match, sentence)
        if match.teams:
            return match
    kind = _TYPE_ALONE.match(sentence.text)
    if kind is not None and match.match_type is None:
        match = replace(match, match_type=sentence.matched(kind, "type", _type_of(kind)))
    if match.date is None:
        date = _date(sentence)
        if date is not None:
            return replace(match, date=date, venue=match.venue or _venue_beside(sentence))
    return match


def _type_of(found: re.Match[str]) -> str:
    return MATCH_TYPES[found["type"].casefold()]


def sentences_of(rows: Sequence[Row], *, at_gaps: bool) -> list[Passage]:
    """What rows say, parted at signs, at full stops before a result, and perhaps at wide gaps."""
    sentences: list[Passage] = []
    for row in rows:
        reach = _widest_space(row) if at_gaps else float("inf")
        part: list[Word] = []
        for number, word in enumerate(row.words):
            apart = part and word.box.left - row.words[number - 1].box.right > reach
            is_sign = word.text in _SIGNS_BETWEEN
            if part and (apart or is_sign or _ends(part[-1], row.words[number:])):
                sentences.append(Passage.of_words(part, row.page))
                part = []
            if not is_sign:
                part.append(word)
        if part:
            sentences.append(Passage.of_words(part, row.page))
    return sentences


def _ends(word: Word, rest: Sequence[Word]) -> bool:
    """Whether a word ends a sentence; a comma is read as a full stop too often to be believed."""
    if _FULL_STOP.search(word.text) is None or not rest[0].text[:1].isupper():
        return False
    text = " ".join(one.text for one in rest)
    return any(form.search(text) for form in (_RESULT, _TOSS))


def _widest_space(row: Row) -> float:
    """White space, in pixels, that still lies between words of one thing; typists space wide."""
    gaps = [after.box.left - before.box.right for before, after in pairwise(row.words)]
    return max(_SENTENCE_GAP * row.height, _SPACED * median(gaps) if gaps else 0.0)


def _place_alone(sentence: Passage, match: Match) -> Value[str] | None:
    """The first thing that a row of several tells is the place, where it is nothing else."""
    place = sentence.text.strip(_AROUND)
    other = (_RESULT, _TOSS, _TYPE_ALONE, _DIGITS)
    if sum(map(str.isalpha, place)) < _SHORTEST_PLACE or any(o.search(place) for o in other):
        return None
    if any(place.casefold() == team.value.casefold() for team in match.teams):
        return None
    if split_at_labels(Row(sentence.pages[0], sentence.words))[0].label is not None:
        return None
    return _whole(sentence)


def _with_teams(match: Match, passage: Passage) -> Match:
    if len(passage.text) > _LONGEST_HEAD:
        return match
    found = _TEAMS.match(passage.text)
    if found is None or len(found["first"]) > _LONGEST_TEAM or len(found["second"]) > _LONGEST_TEAM:
        return match
    teams = tuple(
        passage.matched(found, group, clean_name(found[group])) for group in ("first", "second")
    )
    if match.teams or not all(team.value for team in teams):
        return match
    kind = match.match_type
    if kind is None and found["type"]:
        kind = passage.matched(found, "type", _type_of(found))
    match = replace(match, teams=teams, match_type=kind)
    rest = Passage.of_words(
        [passage.words[n] for n in passage.words_between(_behind(found), len(passage.text))],
        passage.pages[0],
    )
    if match.venue is None and sum(map(str.isalpha, rest.text)) >= _SHORTEST_PLACE:
        date = match.date or _date(rest)
        place = _venue_beside(rest) if _date(rest) is not None else _whole(rest)
        match = replace(match, date=date, venue=place)
    return match


def _behind(found: re.Match[str]) -> int:
    """Where the sides, and the kind of match, have ended in a head of a match."""
    text = found.string
    end = found.end("type") if found["type"] else found.end("second")
    return next((n for n in range(end, len(text)) if text[n].isalnum()), len(text))


def _date(passage: Passage) -> Value[str] | None:
    found = find_date(passage.text)
    return passage.value(found.iso, found.start, found.end) if found else None


def _venue_beside(passage: Passage) -> Value[str] | None:
    """`Sydney Cricket Ground, 4 January 2023`: the place stands before the day."""
    found = find_date(passage.text)
    if found is None:
        return None
    before = passage.text[: found.start].rstrip(_AROUND)
    place = before.lstrip(_AROUND)
    kind = _TYPE_ALONE.match(place)
    if kind is not None:
        place = place[kind.end() :].lstrip(_AROUND)
    if sum(map(str.isalpha, place)) < _SHORTEST_PLACE:
        return None
    return passage.value(place, len(before) - len(place), len(before))


def _whole(passage: Passage) -> Value[str]:
    text = passage.text.strip(" |_~*•·")
    text = _FULL_STOP.sub(lambda stop: stop[0][:-1], text)
    return passage.value(text or passage.text, 0, len(passage.text))


def split_list(passage: Passage) -> tuple[Value[str], ...]:
    """Names between commas, semicolons and `and`."""
    values = []
    start = 0
    for end, resume in [
        *((m.start(), m.end()) for m in _LIST.finditer(passage.text)),
        (len(passage.text), 0),
    ]:
        name = clean_name(passage.text[start:end])
        if sum(map(str.isalpha, name)) >= 2 and start < end:
            values.append(passage.value(name, start, end))
        start = resume
    return tuple(values)
