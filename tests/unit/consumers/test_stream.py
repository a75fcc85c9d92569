import pytest

from consumers.stream import Keys


@pytest.mark.parametrize(
    ("stream", "retry", "dead"),
    [
        ("{ocr}:uploads", "{ocr}:retry", "{ocr}:dead"),
        ("{ocr}:bulk:uploads", "{ocr}:bulk:retry", "{ocr}:bulk:dead"),
        ("uploads", "{uploads}:retry", "{uploads}:dead"),
        ("club:uploads", "{club:uploads}:retry", "{club:uploads}:dead"),
    ],
)
def test_neighbours_stand_in_the_slot_of_the_stream(stream: str, retry: str, dead: str) -> None:
    keys = Keys(stream, "ocr")

    assert keys.retry == retry
    assert keys.dead == dead
