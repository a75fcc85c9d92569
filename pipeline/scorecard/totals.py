"""The innings' total: `Total 168/6 (20 Ov)`, `TOTAL (for 9 wkts, 33 overs) 101`, `ALL OUT 243`."""

import re
from dataclasses import replace
from typing import Final

from pipeline.scorecard.characters import DASHES
from pipeline.scorecard.model import Total
from pipeline.scorecard.numbers import overs_of
from pipeline.scorecard.overs import Overs
from pipeline.scorecard.passage import Passage
from pipeline.scorecard.value import Value

_RUN_RATE: Final = re.compile(r"\(?\b(?:R\.?R|RPO|run rate|r/o)\b\W*[\d.,]+\)?", re.IGNORECASE)
_SCORE: Final = re.compile(
    rf"(?<![\d.])(?P<runs>\d{{1,4}})\s*[/{DASHES}]\s*(?P<wickets>\d{{1,2}})(?!\.?\d)"
)
_OVERS: Final = re.compile(
    r"(?:(?<![\d./-])(?P<before>\d{1,3}(?:[. ]\d)?)\s*(?:overs?|ov|ovs)\b)"
    r"|(?:\b(?:overs?|ov|ovs)\W*(?P<after>\d{1,3}(?:\.\d)?)(?![\d.]))",
    re.IGNORECASE,
)
_BEHIND_SCORE: Final = "|".join(
    rf"(?<=[/{DASHES}]{wickets})" for wickets in (r"\d", r"\d\d", r"\s\d")
)
_BARE_OVERS: Final = re.compile(
    rf"\(\s*(?P<overs>\d{{1,3}}\.\d)\s*\)|(?:{_BEHIND_SCORE})\s*\(\s*(?P<whole>\d{{1,3}})\s*\)"
)
"""`(19.3)`; without a point only behind a score: `174-4 (20)`."""
_WICKETS: Final = re.compile(
    r"(?:\bfor\s+)?(?<![\d.])(?P<wickets>\d{1,2})\s*(?:wickets?|wkts?|w/?kts?|down)\b",
    re.IGNORECASE,
)
_WICKETS_BEHIND: Final = re.compile(
    r"^\W*(?:for\s)?(?:wickets?|wkts?)(?:\sdown)?\W+(?P<wickets>10|\d)$", re.IGNORECASE
)
_FOR: Final = re.compile(
    r"(?<![\d.])(?P<runs>\d{1,4})\s+for\s+(?P<wickets>\d{1,2})(?![\d.])", re.IGNORECASE
)
_FOR_WICKETS: Final = re.compile(r"\bfor\s+(?P<wickets>10|\d)(?=\s*[,;()]|\s*$)", re.IGNORECASE)
"""`Total (for 7, 20 overs)`; `120 for 7` is a score."""
_ALL_OUT: Final = re.compile(r"\ball\s*out\b", re.IGNORECASE)
_RUNS: Final = re.compile(r"(?<![\d.,/-])(?P<runs>\d{1,3}|1\d{3})(?![\d.,/-]*\d)")
_GLUED_SCORE: Final = re.compile(r"(?<![\d.,/-])(?P<runs>\d{2,3})[1lI|7](?P<wickets>\d)$")
"""`475/4` whose stroke was read as a one; no side ever made so many runs."""
_UNSURE: Final = 0.3
_ALL: Final = 10
"""Wickets of a side that is all out, in the words of the card."""


def read_total(passage: Passage) -> Total | None:
    """A total from the text of its line; None where it holds none of its values."""
    text = _blank(passage.text, _RUN_RATE)
    overs, text = _overs(passage, text)
    wickets: Value[int] | None = None
    runs: Value[int] | None = None
    score = _SCORE.search(text) or _FOR.search(text)
    if score is not None:
        runs = passage.matched(score, "runs", int(score["runs"]))
        wickets = passage.matched(score, "wickets", int(score["wickets"]))
    else:
        wickets, text = _wickets(passage, text)
        found = list(_RUNS.finditer(text))
        if found:
            runs = passage.matched(found[-1], "runs", int(found[-1]["runs"]))
        elif (glued := _GLUED_SCORE.search(text)) is not None:
            runs = _unsure(passage.matched(glued, "runs", int(glued["runs"])))
            wickets = _unsure(passage.matched(glued, "wickets", int(glued["wickets"])))
    if runs is None and wickets is None and overs is None:
        return None
    return Total(runs, wickets, overs)


def _overs(passage: Passage, text: str) -> tuple[Value[Overs] | None, str]:
    match = _OVERS.search(text) or _BARE_OVERS.search(text)
    if match is None:
        return None, text
    group = next(name for name, part in match.groupdict().items() if part is not None)
    # A wide pitch parts `23.2` at its point, and the point is lost.
    overs = overs_of(match[group].replace(" ", "."))
    rest = text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
    return (passage.matched(match, group, overs) if overs is not None else None), rest


def _unsure(value: Value[int]) -> Value[int]:
    """A guess that only the equations can confirm."""
    return replace(value, confidence=min(value.confidence, _UNSURE))


def _wickets(passage: Passage, text: str) -> tuple[Value[int] | None, str]:
    match = (
        _WICKETS_BEHIND.search(text.rstrip()) or _WICKETS.search(text) or _FOR_WICKETS.search(text)
    )
    if match is not None:
        value = passage.matched(match, "wickets", int(match["wickets"]))
        blank = " " * (match.end() - match.start())
        return value, text[: match.start()] + blank + text[match.end() :]
    all_out = _ALL_OUT.search(text)
    if all_out is not None:
        return passage.matched(all_out, 0, _ALL), text
    return None, text


def _blank(text: str, pattern: re.Pattern[str]) -> str:
    """The text with what matches replaced by as many spaces, so that places stay."""
    return pattern.sub(lambda match: " " * len(match[0]), text)
