import multiprocessing
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from pipeline.imaging.picture import Grey
from pipeline.ocr.engines import EngineMissing, open_engine
from pipeline.ocr.tessdata import (
    LanguageDataMissing,
    find_tessdata,
    installed_languages,
    tessdata_folders,
)
from pipeline.ocr.tesseract import PSM_LINE, PSM_PAGE, Engine
from tests.unit.imaging.printing import grey_of, printed

ENGINES = ("tesserocr", "pytesseract")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    return open_engine(str(request.param), "eng")


def line(text: str) -> Grey:
    return grey_of(printed([(20, 60, text)], width=40 + 26 * len(text), height=90, size=40))


def test_words_of_a_line_come_with_their_boxes(engine: Engine) -> None:
    image = line("Smith 45 12.4")
    words = engine.words(image, psm=PSM_LINE)
    assert [word.text for word in words] == ["Smith", "45", "12.4"]
    for word, after in pairwise(words):
        assert 0 < word.box.left < word.box.right <= after.box.left
    assert all(0.7 < word.confidence <= 1 for word in words)


def test_words_of_a_page_are_found(engine: Engine) -> None:
    page = grey_of(printed([(60, 100, "Khawaja 195"), (60, 180, "Warner 10")], size=40))
    words = engine.words(page, psm=PSM_PAGE)
    assert [word.text for word in words] == ["Khawaja", "195", "Warner", "10"]
    assert words[2].box.top > words[0].box.bottom


def test_many_lines_come_back_each_in_its_place(engine: Engine) -> None:
    blank = np.full((60, 60), 255, np.uint8)
    found = engine.lines([line("45"), blank, line("not out")])
    assert [[word.text for word in words] for words in found] == [["45"], [], ["not", "out"]]


def test_no_lines_give_none(engine: Engine) -> None:
    assert engine.lines([]) == []


def test_both_engines_read_the_same() -> None:
    one, other = (open_engine(name, "eng").words(line("90.91"), psm=PSM_LINE) for name in ENGINES)
    assert [(word.text, word.box) for word in one] == [(word.text, word.box) for word in other]


def test_auto_is_the_first_that_works() -> None:
    assert open_engine("auto", "eng").name == "tesserocr"


def test_engine_lives_on() -> None:
    assert open_engine("tesserocr", "eng") is open_engine("tesserocr", "eng")


def test_unknown_engine_is_named() -> None:
    with pytest.raises(EngineMissing, match="abbyy"):
        open_engine("abbyy", "eng")


def test_missing_language_says_what_there_is() -> None:
    with pytest.raises(LanguageDataMissing, match=r"tlh\+eng.*has .*eng"):
        open_engine("auto", "tlh+eng")


def test_several_languages_are_read_at_once(engine: Engine) -> None:
    both = open_engine(engine.name, "eng+deu")
    assert [word.text for word in both.words(line("Smith 45"), psm=PSM_LINE)] == ["Smith", "45"]


def test_named_tessdata_folder_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tlh.traineddata").touch()
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    assert next(tessdata_folders()) == tmp_path
    assert installed_languages(tmp_path) == {"tlh"}
    assert find_tessdata("tlh") == tmp_path
    assert find_tessdata("eng") != tmp_path


def _read_in_child(name: str) -> list[str]:
    image = grey_of(printed([(20, 60, "Smith 45")], width=250, height=90, size=40))
    return [word.text for word in open_engine(name, "eng").words(image, psm=PSM_LINE)]


@pytest.mark.parametrize("name", ENGINES)
def test_engine_works_in_a_spawned_process(name: str) -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(_read_in_child, (name,)) == ["Smith", "45"]
