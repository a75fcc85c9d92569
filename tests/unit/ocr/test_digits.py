from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pipeline.imaging.binarise import binarise
from pipeline.imaging.level import level_print
from pipeline.imaging.runs import Layout, Run, lay_out
from pipeline.ocr.digits import Opinion, second_opinions
from pipeline.ocr.likeness import short_runs
from pipeline.ocr.noughts import outlines_of
from tests.unit.imaging.printing import printed

NUMBERS = ("10", "45", "0", "7", "104", "0", "36", "1", "20", "9", "0", "58", "4", "0", "31")


def layout_of(numbers: Sequence[str]) -> Layout:
    placed = [(100 + 140 * (at % 5), 100 + 60 * (at // 5), text) for at, text in enumerate(numbers)]
    print_ = level_print(printed(placed, size=30))
    return lay_out(print_, binarise(print_.grey))


def opinions_of(
    layout: Layout, runs: Sequence[Run], readings: Sequence[Sequence[str]]
) -> list[Opinion | None]:
    short = short_runs(layout.grey, runs)
    assert short is not None
    return second_opinions(short, outlines_of(layout.grey, short.letters), readings)


def opinions_on(layout: Layout, read: Sequence[str]) -> list[Opinion | None]:
    """The opinions in the order of the numbers as they were placed."""
    order = sorted(
        range(len(layout.runs)),
        key=lambda at: (round(layout.runs[at].bottom / 30), layout.runs[at].left),
    )
    readings = [""] * len(order)
    for place, at in enumerate(order):
        readings[at] = read[place]
    found = opinions_of(layout, layout.runs, [[text] for text in readings])
    return [found[at] for at in order]


def test_page_outvotes_a_misread_digit() -> None:
    layout = layout_of(NUMBERS * 3)
    read = list(NUMBERS * 3)
    read[2], read[20] = "8", "°"
    opinions = opinions_on(layout, read)
    for at in (2, 20):
        opinion = opinions[at]
        assert opinion is not None
        assert opinion.text == "0"
        assert opinion.share > 0.7


def test_page_agrees_with_what_was_read_rightly() -> None:
    layout = layout_of(NUMBERS * 3)
    opinions = opinions_on(layout, NUMBERS * 3)
    told = [opinion.text for opinion in opinions if opinion is not None]
    assert told == [
        text for text, opinion in zip(NUMBERS * 3, opinions, strict=True) if opinion is not None
    ]
    assert len(told) > 0.7 * len(opinions)


def test_point_is_part_of_the_number() -> None:
    numbers = ("12.4", "20", "4.1", "12.4", "20.4", "44.2", "12.0", "4.2", "10.1", "20.1") * 3
    opinions = opinions_on(layout_of(numbers), numbers)
    assert {opinion.text for opinion in opinions if opinion} <= set(numbers)
    assert any(opinion and opinion.text == "12.4" for opinion in opinions)


def test_dash_is_part_of_a_score() -> None:
    scores = ("12-4", "20-1", "104-3", "45-9", "31-2", "58-7") * 3
    numbers = (*NUMBERS * 2, *scores)
    opinions = opinions_on(layout_of(numbers), numbers)[-len(scores) :]
    told = [(text, one.text) for text, one in zip(scores, opinions, strict=True) if one]
    assert len(told) >= len(scores) / 3
    assert all(text == opinion for text, opinion in told)


def test_letters_are_no_digits() -> None:
    words = ("WK", "MJ", "AX", "KT", "VW") * 3
    assert opinions_on(layout_of((*NUMBERS, *words)), (*NUMBERS, *words))[-15:] == [None] * 15


def test_page_that_was_not_read_at_all_tells_nothing() -> None:
    assert opinions_on(layout_of(NUMBERS), [""] * len(NUMBERS)) == [None] * len(NUMBERS)


def test_a_stroke_between_columns_is_no_digit_though_some_were_read_as_one() -> None:
    layout = layout_of(NUMBERS * 2)
    run = layout.runs[0]
    piece = run.letters.where(np.array([0]))
    nothing = piece.where(np.array([], np.int64))
    strokes = [replace(run, letters=replace(piece, right=piece.left + 2), marks=nothing)] * 6
    readings = [[""]] * len(layout.runs) + [["2"]] * 5 + [["|"]]
    opinions = opinions_of(layout, [*layout.runs, *strokes], readings)
    assert opinions[-6:] == [None] * 6
