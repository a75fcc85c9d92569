import numpy as np

from pipeline.imaging.binarise import binarise
from pipeline.imaging.components import Components, digit_height, find_components
from pipeline.imaging.crop import crop_line, crop_run
from pipeline.imaging.level import level_print
from pipeline.imaging.runs import Run, find_runs, lay_out
from tests.unit.imaging.printing import grey_of, printed, table


def runs_of(placed: list[tuple[int, int, str]], size: int = 26) -> list[Run]:
    grey = grey_of(printed(placed, size=size))
    pieces, _ = find_components(binarise(grey))
    return find_runs(pieces, 0.7 * size)


def test_digit_height_is_that_of_the_text() -> None:
    for size in (18, 26, 40):
        placed = [(80, 100 + 60 * row, f"SMITH {17 * row} 45 120") for row in range(8)]
        pieces, _ = find_components(binarise(grey_of(printed(placed, size=size))))
        assert abs(digit_height(pieces) - 0.7 * size) <= 0.12 * size


def test_digit_height_is_that_of_the_text_also_where_dots_lead_to_the_numbers() -> None:
    placed = [(80, 100 + 80 * row, f"Jones{'.' * 60}{17 * row}") for row in range(8)]
    grey = grey_of(printed(placed, size=44))
    pieces, _ = find_components(binarise(grey))
    assert (pieces.height < 10).sum() > (pieces.height > 20).sum()
    assert abs(digit_height(pieces) - 0.7 * 44) <= 0.15 * 44


def test_cells_of_a_table_are_runs_and_words_of_a_name_are_not() -> None:
    found = runs_of(table(rows=4))
    assert len(found) == 4 * 4


def test_a_part_of_a_run_has_the_pieces_that_stand_there() -> None:
    (run,) = runs_of([(100, 300, "1-23 (Smith, 3.4 ov)")])
    middle = int(run.letters.left[3] - 1)
    first, rest = run.between(run.left, middle), run.between(middle, run.right)
    assert first is not None
    assert rest is not None
    assert (len(first.letters), len(first.marks)) == (3, 1)
    assert len(first.letters) + len(rest.letters) == len(run.letters)
    assert run.between(run.right + 10, run.right + 50) is None


def lettered(count: int) -> Components:
    """So many letters side by side on one line."""
    left = np.arange(count, dtype=np.int64) * 10 + 50
    at = np.full(count, 300, np.int64)
    return Components(left, at, left + 8, at + 20, np.full(count, 100), np.arange(count) + 1)


def test_texture_is_no_text() -> None:
    assert find_runs(lettered(200), 20.0)
    assert find_runs(lettered(1000), 20.0) == []


def test_lone_digit_is_a_run() -> None:
    (run,) = runs_of([(400, 300, "0")])
    assert len(run.letters) == 1


def test_columns_closer_than_words_are_parted() -> None:
    assert len(runs_of([(400, 300, "39"), (450, 300, "46")])) == 2


def test_point_with_space_around_it_holds_a_number_together() -> None:
    (run,) = runs_of([(400, 300, "2"), (425, 300, "."), (443, 300, "4")])
    assert len(run.letters) == 2
    assert len(run.marks) == 1


def test_crop_shows_its_run_alone_at_the_height_asked_for() -> None:
    print_ = level_print(printed([*table(), (80, 90, "_" * 20)]))
    layout = lay_out(print_, binarise(print_.grey))
    run = max(layout.runs, key=lambda run: len(run.letters))
    crop = crop_run(layout.grey, layout.labels, run, 28.0)
    rows = np.flatnonzero((crop.image < 128).any(axis=1))
    assert 28 * 0.9 <= np.ptp(rows) + 1 <= 28 * 1.6
    assert crop.image[:5].min() == 255


def test_crop_of_a_line_is_as_high_as_the_network_looks_and_ends_with_its_ink() -> None:
    print_ = level_print(printed([*table(), (80, 640, "Elgar not out 1")]))
    layout = lay_out(print_, binarise(print_.grey))
    run = max(layout.runs, key=lambda run: len(run.letters))
    crop = crop_line(layout.grey, layout.labels, run)
    columns = np.flatnonzero((crop.image < 128).any(axis=0))
    assert crop.image.shape[0] == 36
    assert columns[0] <= 4
    assert crop.image.shape[1] - columns[-1] <= 5
    assert abs(crop.left + columns[0] / crop.scale - run.left) <= 1.5
