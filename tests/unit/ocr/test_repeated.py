from collections.abc import Sequence

from pipeline.imaging.binarise import binarise
from pipeline.imaging.level import level_print
from pipeline.imaging.runs import Layout, lay_out
from pipeline.ocr.digits import second_opinions
from pipeline.ocr.likeness import short_runs
from pipeline.ocr.repeated import above_each, told_by_others, worth_reading
from tests.unit.imaging.printing import printed

COLUMN = ("10", "45", "21", "54", "12", "40", "25", "51", "14", "20", "15", "42")


def layout_of(columns: Sequence[Sequence[str]], pitch: int = 60) -> Layout:
    placed = [
        (100 + 160 * across, 100 + pitch * down, text)
        for across, column in enumerate(columns)
        for down, text in enumerate(column)
    ]
    print_ = level_print(
        printed(placed, size=30, width=1000, height=100 + pitch * (1 + max(map(len, columns))))
    )
    return lay_out(print_, binarise(print_.grey))


def texts_of(layout: Layout, columns: Sequence[Sequence[str]]) -> list[str]:
    """What stands in each run, in the order of the runs."""
    found = [""] * len(layout.runs)
    for across, column in enumerate(columns):
        numbers = [
            n for n, run in enumerate(layout.runs) if abs(run.left - 100 - 160 * across) < 30
        ]
        for number, text in zip(numbers, column, strict=True):
            found[number] = text
    return found


def told(
    columns: Sequence[Sequence[str]], misread: dict[str, str] | None = None, pitch: int = 60
) -> tuple[dict[int, str], set[int], list[str]]:
    """What others tell, what was chosen to be read, and what stands in each run.

    Every other run is misread.
    """
    layout = layout_of(columns, pitch)
    texts = texts_of(layout, columns)
    short = short_runs(layout.grey, layout.runs)
    assert short is not None
    above = above_each(short, layout.runs)
    chosen = worth_reading(short, above)
    read = [(misread or {}).get(text, text) if n % 2 else text for n, text in enumerate(texts)]
    readings = [[text] if n in chosen else [] for n, text in enumerate(read)]
    found = told_by_others(short, above, readings, second_opinions(short, None, readings))
    return {number: word.text for number, word in found.items()}, chosen, texts


def test_digits_that_were_read_tell_the_same_ones_of_other_numbers() -> None:
    found, chosen, texts = told([COLUMN] * 5)
    assert len(found) > 0.25 * len(texts)
    assert not chosen & set(found)
    assert all(texts[number] == text for number, text in found.items())


def test_a_digit_that_is_rare_on_the_page_is_read() -> None:
    found, chosen, texts = told([COLUMN, COLUMN, COLUMN, (*COLUMN[:-1], "37")])
    rare = texts.index("37")
    assert rare in chosen
    assert found


def test_digits_that_were_read_in_two_ways_tell_nothing() -> None:
    found, _, _ = told([COLUMN] * 5, misread={"45": "46", "54": "64", "15": "16"})
    assert not any("5" in text or "6" in text for text in found.values())


def test_what_looks_like_something_that_was_read_as_a_letter_is_not_told() -> None:
    found, _, _ = told([COLUMN] * 5, misread={"10": "lO", "12": "l2", "21": "2l"})
    assert not any("1" in text or "0" in text for text in found.values())


def test_a_heading_is_read_though_it_looks_like_a_number() -> None:
    columns = [("45", *COLUMN)] * 5
    found, _, _ = told(columns)
    assert not set(range(5)) & set(found)


def test_numbers_too_far_apart_for_a_column_are_all_read() -> None:
    found, chosen, texts = told([COLUMN] * 4, pitch=160)
    assert not found
    assert len(chosen) == len(texts)
