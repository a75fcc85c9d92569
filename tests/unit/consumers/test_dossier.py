import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from consumers.cli.main import app
from tests.unit import broken_files
from tests.unit.imaging.printing import printed

CARD = Path(__file__).parents[2] / "cards" / "images" / "tv_scan.jpg"
TEXT = CARD.with_name("pdf_text.pdf")


def read_with_debug(path: Path, folder: Path) -> Path:
    """The dossier's folder of a file that was read by the command."""
    CliRunner().invoke(app, ["read", str(path), "--json", "--debug", str(folder)])
    return folder / path.stem


def test_a_dossier_shows_every_stage_of_a_picture(tmp_path: Path) -> None:
    dossier = read_with_debug(CARD, tmp_path)

    stages = ("page", "level", "ink", "runs", "words", "columns")
    pictures = [f"{number}-{stage}.png" for number, stage in enumerate(stages, start=1)]
    for name in pictures:
        with Image.open(dossier / name) as picture:
            assert min(picture.size) > 500
    html = (dossier / "index.html").read_text()
    assert all(f'src="{name}"' in html for name in pictures)
    assert html.count("<rect") == len((dossier / "words.tsv").read_text().splitlines()) - 1
    document = json.loads((dossier / "document.json").read_text())
    assert document["innings"]
    checks = (dossier / "checks.txt").read_text()
    assert all(check["sentence"] in checks for check in document["checks"])


def test_a_dossier_of_a_file_with_its_own_text_shows_its_words(tmp_path: Path) -> None:
    dossier = read_with_debug(TEXT, tmp_path)
    assert {path.name for path in dossier.glob("*.png")} == {
        "5-words.png",
        "6-columns.png",
        "page-2-5-words.png",
        "page-2-6-columns.png",
    }
    assert "<text" in (dossier / "index.html").read_text()


def test_a_dossier_of_an_unreadable_file_says_why(tmp_path: Path) -> None:
    path = tmp_path / "<b>broken.jpg"
    path.write_bytes(broken_files.truncated_jpeg())
    html = (read_with_debug(path, tmp_path / "out") / "index.html").read_text()
    assert "unreadable_image" in html
    assert "<b>" not in html


@pytest.mark.parametrize("quarters", [0, 2])
def test_the_flat_page_of_a_dossier_is_upright(tmp_path: Path, quarters: int) -> None:
    rows = [(80, 100 + 60 * row, f"Subrahmanyan Chandrasekhar {row}") for row in range(8)]
    card = printed(rows)
    path = tmp_path / "card.png"
    Image.fromarray(np.rot90(card, quarters)).save(path)
    with Image.open(read_with_debug(path, tmp_path / "out") / "1-page.png") as picture:
        assert np.array_equal(np.asarray(picture), card)
