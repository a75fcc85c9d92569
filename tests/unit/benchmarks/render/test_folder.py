import csv
import json
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from benchmarks.render.__main__ import layouts_named, main
from benchmarks.render.browser import Browser, NoBrowser, find_chromium
from benchmarks.render.catalogue import LAYOUTS
from benchmarks.render.folder import Folder, plan
from benchmarks.render.layout import Family
from benchmarks.render.matches import load_matches
from benchmarks.render.wear import USUAL_LEVELS, worn
from tests.unit.benchmarks.matches import match


def test_each_layout_is_planned_at_each_level_and_the_same_for_the_same_seed() -> None:
    layouts = [LAYOUTS["newspaper"], LAYOUTS["summary"]]
    cards = list(plan([match()], layouts, USUAL_LEVELS, 2, seed=1))
    counts = Counter((card.layout.name, card.level) for card in cards)
    assert set(counts.values()) == {2}
    assert len(counts) == 8
    assert [card.html for card in plan([match()], layouts, USUAL_LEVELS, 2, seed=1)] == [
        card.html for card in cards
    ]
    alone = list(plan([match()], layouts[1:], USUAL_LEVELS, 2, seed=1))
    assert [card.html for card in alone] == [card.html for card in cards[8:]]


def test_card_is_written_with_its_truth_and_its_line_in_the_manifest(tmp_path: Path) -> None:
    (card, *_) = plan([match()], [LAYOUTS["two-line"]], ["poor"], 1, seed=1)
    file = worn(np.full((80, 60, 3), 255, np.uint8), card.level, card.seed)
    Folder(tmp_path).add(card, file)
    (row,) = csv.DictReader((tmp_path / "manifest.csv").read_text().splitlines())
    assert (row["layout"], row["level"], row["match_type"]) == ("two-line", "poor", "T20")
    assert (tmp_path / row["file"]).read_bytes() == file.content
    truth = json.loads((tmp_path / "truth" / f"{row['id']}.json").read_text())
    assert truth["innings"][0]["batting"][0]["name"]
    assert not [key for innings in truth["innings"] for key in innings if key.startswith("_")]


def test_namesakes_are_not_numbered_on_cards(tmp_path: Path) -> None:
    (tmp_path / "matches.jsonl").write_text('{"name": "Imran Khan (1)"}\n\n{"name": "B"}\n')
    assert load_matches(tmp_path / "matches.jsonl") == [{"name": "Imran Khan"}, {"name": "B"}]


def test_without_chromium_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    matches = tmp_path / "matches.jsonl"
    matches.write_text(json.dumps(match()))
    assert main([str(matches), str(tmp_path / "out"), "--layouts", "summary"]) == 1
    assert "apt-get install chromium" in capsys.readouterr().err


@pytest.mark.parametrize("family", Family)
def test_family_stands_for_all_of_its_layouts(family: Family) -> None:
    chosen = layouts_named(f"summary,{family.value},{family.value}")
    of_family = [layout.name for layout in LAYOUTS.values() if layout.family is family]
    assert len(of_family) > 5
    assert sorted(layout.name for layout in chosen) == sorted({"summary", *of_family})


@pytest.mark.parametrize("option", ["--layouts=nonesuch", "--levels=nonesuch"])
def test_unknown_layouts_and_levels_are_wrong_usage(option: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["matches.jsonl", "out", option])
    assert ended.value.code == 2


def test_browser_that_ends_at_once_is_none() -> None:
    with pytest.raises(NoBrowser), Browser(shutil.which("true")):
        pass


def test_page_is_rendered_whole_however_long_and_wide_it_is() -> None:
    try:
        find_chromium()
    except NoBrowser:
        pytest.skip("there is no Chromium here")
    body = '<body style="margin:0"><div style="width:700px;height:1500px;background:#00f"></div>'
    with Browser() as browser:
        picture = browser.picture(body, width=400, scale=2)
        assert picture.shape == (3000, 1400, 3)
        assert (picture == (255, 0, 0)).all()
        assert browser.picture("<p>short", width=300, scale=1).shape[1] == 300
