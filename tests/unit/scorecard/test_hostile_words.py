import json

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ocr.words import Box, Page, Word
from pipeline.scorecard.document import document_of
from pipeline.scorecard.parse import parse_pages

TERMS = [
    "Batting",
    "Bowling",
    "R",
    "B",
    "4s",
    "6s",
    "SR",
    "O",
    "M",
    "W",
    "Econ",
    "Extras",
    "Total",
    "Innings",
    "not",
    "out",
    "c",
    "b",
    "lbw",
    "run",
    "&",
    "st",
    "Fall",
    "of",
    "wickets:",
    "Did",
    "bat:",
    "v",
    "vs",
    "1-12",
    "475/4",
    "(20",
    "overs)",
    "(",
    ")",
    "3.4",
    "12",
    "0",
    "|",
    "°",
    "Date:",
    "Toss:",
    "won",
    "by",
    "A.",
    "Smith,",
    "OVERS",
    "ALL",
    "OUT",
    "99999",
    "9.9",
    "1.7",
    "-1",
    "(b",
    "4,",
    "Score",
    "Over",
    "how",
    "#",
    "31/02/2020",
    "£",
]

texts = st.one_of(st.sampled_from(TERMS), st.text(max_size=12))
places = st.integers(min_value=-50, max_value=600)
sizes = st.integers(min_value=0, max_value=80)


@st.composite
def words(draw: st.DrawFn) -> Word:
    left, top = draw(places), draw(places) // 20 * 20
    box = Box(left, top, left + draw(sizes), top + draw(sizes))
    alternatives = tuple(draw(st.lists(texts, max_size=2)))
    return Word(draw(texts), box, draw(st.floats(min_value=0, max_value=1)), alternatives)


pages = st.builds(
    Page,
    number=st.integers(min_value=1, max_value=3),
    width=st.integers(min_value=0, max_value=1000),
    height=st.integers(min_value=0, max_value=1000),
    words=st.lists(words(), max_size=60).map(tuple),
)


@given(st.lists(pages, max_size=2))
@settings(max_examples=150, deadline=None)
def test_no_words_whatever_raise(found: list[Page]) -> None:
    document = document_of(parse_pages(found))
    assert json.loads(json.dumps(document)) == document


lines = st.lists(st.lists(st.sampled_from(TERMS), min_size=1, max_size=9), max_size=25)


@given(lines)
@settings(max_examples=150, deadline=None)
def test_no_lines_of_a_cards_own_terms_raise(found: list[list[str]]) -> None:
    typed = tuple(
        Word(text, Box(80 * column, 30 * line, 80 * column + 60, 30 * line + 14), 0.9)
        for line, row in enumerate(found)
        for column, text in enumerate(row)
    )
    document = document_of(parse_pages([Page(1, 1000, 1000, typed)]))
    assert json.loads(json.dumps(document)) == document
