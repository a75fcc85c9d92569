import pytest

from pipeline.scorecard.dates import find_date


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Sydney Cricket Ground, 4 January 2023", "2023-01-04"),
        ("4-8 January 2023", "2023-01-04"),
        ("2015-09-27", "2015-09-27"),
        ("Jan 4, 2023", "2023-01-04"),
        ("4th Sept. 2019", "2019-09-04"),
        ("27/09/2015", "2015-09-27"),
        ("27-Sep-2015", "2015-09-27"),
    ],
)
def test_days_are_read(text: str, iso: str) -> None:
    found = find_date(text)
    assert found is not None
    assert found.iso == iso


@pytest.mark.parametrize("text", ["31 February 2020", "12-147", "198-10 (65.3 Ov)", "", "2020"])
def test_what_is_no_day_is_not_made_one(text: str) -> None:
    assert find_date(text) is None
