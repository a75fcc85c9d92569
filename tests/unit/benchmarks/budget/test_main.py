import json
import shutil
from pathlib import Path

import pytest

from benchmarks.budget.__main__ import OWN_CARDS, WRONG_USAGE, main


def test_stages_and_looks_of_a_folder_are_printed_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("images/tv_clean.png", "truth/tv_clean.json", "manifest.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(OWN_CARDS / name, tmp_path / name)
    assert main(["--cards", str(tmp_path), "--json", str(tmp_path / "budget.json")]) == 0
    assert "together" in capsys.readouterr().out
    found = json.loads((tmp_path / "budget.json").read_text())
    assert found["clean"]["stages"]["ocr"] > 0
    assert found["all"]["looks"]["upright"]["cpu_ms"] > 0


def test_a_folder_without_cards_is_refused(tmp_path: Path) -> None:
    assert main(["--cards", str(tmp_path)]) == WRONG_USAGE
