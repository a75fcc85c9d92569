"""The short form of `python -m tests.fuzz`."""

from datetime import timedelta

from tests.fuzz.corpus import Specimen, corpus
from tests.fuzz.reading import DOCUMENT, limits_of, read_all
from tests.fuzz.seeds import seeds

FILES = 60
LIMITS = limits_of(timedelta(seconds=30))


def test_hostile_files_are_read_or_refused_for_good() -> None:
    ends = read_all(corpus(FILES, seed=1, heavy=False), LIMITS)
    assert [end for end in ends if end.is_bad] == []
    assert len(ends) == FILES
    # A corpus that breaks nothing, or whose every file is refused at its first byte, tests nothing.
    assert {"document", "unreadable_image", "too_many_pixels"} <= {end.code for end in ends}


def test_files_that_are_broken_are_whole_before() -> None:
    whole = [Specimen(name, content) for name, content in seeds().items()]
    ends = read_all(whole, LIMITS)
    assert [end for end in ends if end.code != DOCUMENT] == []
