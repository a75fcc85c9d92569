import json
import shutil
from pathlib import Path

import pytest

from benchmarks.accuracy.__main__ import main
from benchmarks.accuracy.folder import NoCards, cards_in
from benchmarks.accuracy.measurement import measure

CARDS = Path(__file__).parents[3] / "cards"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One real card and one that is no picture."""
    for inner in ("images", "truth"):
        (tmp_path / inner).mkdir()
    shutil.copy(CARDS / "images" / "tv_scan.jpg", tmp_path / "images")
    shutil.copy(CARDS / "truth" / "tv_scan.json", tmp_path / "truth")
    shutil.copy(CARDS / "truth" / "tv_scan.json", tmp_path / "truth" / "torn.json")
    (tmp_path / "images" / "torn.jpg").write_bytes(b"\xff\xd8\xff torn")
    (tmp_path / "images" / "unknown.jpg").write_bytes(b"without truth")
    (tmp_path / "manifest.csv").write_text("id,layout,level\ntv_scan,tv,scan\n")
    return tmp_path


def test_card_is_read_in_a_process_of_its_own_and_its_cost_told() -> None:
    measured = measure(CARDS / "images" / "tv_scan.jpg")
    assert measured.document is not None
    assert measured.document["innings"]
    assert 0.01 < measured.cpu_seconds < 60
    assert 30 < measured.peak_mib < 2000


def test_table_tells_groups_costs_and_the_worst(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(folder), "--kinds", "--out", str(folder / "out")]) == 0
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert [line.split()[0] for line in lines[1:6]] == ["all", "level", "level", "layout", "layout"]
    assert "torn: 0 of 30 numbers, 0 silent; unreadable_image" in out
    assert "bowl.R" in out
    assert "[2/2] tv_scan: 30/30" in err
    assert [path.name for path in (folder / "out").iterdir()] == ["tv_scan.json"]


def test_json_holds_every_card(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["cards"]["tv_scan"]["perfect"] is True
    assert figures["cards"]["torn"]["error"].startswith("unreadable_image")
    assert figures["groups"]["all"]["num"] == pytest.approx(0.5)
    assert figures["groups"]["level scan"]["num"] == pytest.approx(1.0)


def test_folder_without_cards_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(NoCards):
        cards_in(tmp_path)
    assert main([str(tmp_path)]) == 2
    assert "holds no cards" in capsys.readouterr().err
