from datetime import timedelta

import pytest

from consumers.console.wording import NOTHING, counted, size, span
from pipeline.storage.uploads import COUNTED


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (10, "10 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (185, "3 min 5 s"),
        (7800, "2 h 10 min"),
        (86_400, "1 d"),
        (-3, "0 s"),
    ],
)
def test_a_duration_reads_as_people_say_it(seconds: float, text: str) -> None:
    assert span(seconds) == span(timedelta(seconds=seconds)) == text


def test_what_is_not_known_is_a_dash() -> None:
    assert span(None) == size(None) == NOTHING


def test_what_is_counted_no_further_says_so() -> None:
    assert (counted(COUNTED - 1), counted(COUNTED)) == ("9,999", "10,000+")


@pytest.mark.parametrize(
    ("amount", "text"), [(999, "999 B"), (1500, "1.5 kB"), (25_000_000, "25 MB"), (2e9, "2.0 GB")]
)
def test_bytes_have_the_unit_that_keeps_them_short(amount: int, text: str) -> None:
    assert size(int(amount)) == text
