from pathlib import Path

import pytest

from benchmarks.lines import at_least, at_most, over_rounds
from benchmarks.paper import on_paper
from benchmarks.table import BEGIN, END, NoPlace, number, table, write_between


def test_every_figure_has_a_row_and_a_measure_is_named_once() -> None:
    found = table(
        {
            "queue": [
                over_rounds("p50", [4, 5, 9], "ms", at_most(5)),
                over_rounds("ours / celery", [1.9], "x", at_least(2)),
            ],
            "start": [over_rounds("import", [0.0123], "s")],
        }
    )

    assert found.splitlines()[2:] == [
        "| queue | p50 | 5.00 ms | 4.00 to 9.00 | 3 | ≤ 5 | met |",
        "|  | ours / celery | 1.90 x | 1.90 to 1.90 | 1 | ≥ 2 | **short** |",
        "| start | import | 0.012 s | 0.012 to 0.012 | 1 |  |  |",
    ]


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0"), (0.0123, "0.012"), (0.5, "0.50"), (9.876, "9.88"), (12.34, "12.3"),
     (123.4, "123"), (1234567, "1,234,567"), (-0.5, "-0.50")],
)  # fmt: skip
def test_numbers_have_about_three_digits(value: float, written: str) -> None:
    assert number(value) == written


def test_what_stands_between_the_marks_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Before\n\n{BEGIN}\nold\n{END}\n\nAfter.\n")

    write_between(page, "new\n")
    write_between(page, "newer\n")

    assert page.read_text() == f"# Before\n\n{BEGIN}\n\nnewer\n\n{END}\n\nAfter.\n"


def test_a_page_without_marks_is_left_as_it_is(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"{END}\n{BEGIN}\n")

    with pytest.raises(NoPlace):
        write_between(page, "new")
    assert page.read_text() == f"{END}\n{BEGIN}\n"


def test_ten_million_entries_are_reckoned_from_what_was_measured() -> None:
    found = on_paper(
        {
            "throughput": [over_rounds("ours, 2 processes", [100], "uploads/min")],
            "scale": [over_rounds("Redis, an entry that waits", [168], "bytes")],
        }
    )

    assert "10,000,000 x 168 bytes = 1.7 GB" in found
    assert "10,000,000 / 100.0 uploads a minute = 69 days" in found


def test_without_figures_there_is_nothing_to_reckon() -> None:
    assert on_paper({"start": [over_rounds("import", [1], "s")]}) == ""
