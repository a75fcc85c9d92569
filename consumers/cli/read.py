"""`cricksy-ocr read`: the same stages without any server."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from consumers.cli.files import files_in
from consumers.cli.scorecards import print_scorecard
from pipeline.errors import OcrError
from pipeline.options import ReadingOptions

if TYPE_CHECKING:
    from pipeline.reading import Reading


def read(
    paths: Annotated[list[Path], typer.Argument(help="Pictures, PDFs, or folders of them.")],
    out: Annotated[
        Path | None, typer.Option(help="Write one <stem>.json document a file into this folder.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object a line, no tables.")
    ] = False,
    debug: Annotated[
        Path | None,
        typer.Option(help="Show in DEBUG/<stem>/index.html what each stage made of a file."),
    ] = None,
    engine: Annotated[str, typer.Option(help="tesserocr, pytesseract or auto.")] = "auto",
    languages: Annotated[str, typer.Option(help="As Tesseract writes it: eng+hin.")] = "eng",
) -> None:
    """Read scorecards without any server.

    Exits with 1 when a file could not be read.

    Example: cricksy-ocr read card.jpg --out cards/
    """
    # Here, because every other verb would wait for OpenCV and the parser.
    from consumers.cli.reading import read_file

    options = ReadingOptions(engine=engine, languages=languages)
    files = files_in(paths)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    unread = 0
    for number, path in enumerate(files, start=1):
        if not as_json and len(files) > 1:
            print(f"[{number}/{len(files)}] {path}", file=sys.stderr)
        try:
            reading = read_file(path, options, debug)
        except OcrError as error:
            unread += 1
            _say_unread(path, error, as_json=as_json)
            continue
        if out is not None:
            _write(out / f"{path.stem}.json", reading)
        _say(path, reading, as_json=as_json)
    raise typer.Exit(1 if unread else 0)


def _write(target: Path, reading: "Reading") -> None:
    target.write_text(json.dumps(reading.document, indent=1, ensure_ascii=False) + "\n")


def _say(path: Path, reading: "Reading", *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"file": str(path), "document": reading.document}))
        return
    print_scorecard(Console(), path.name, reading.document)


def _say_unread(path: Path, error: OcrError, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"file": str(path), "error_code": error.code, "error": str(error)}))
    else:
        print(f"{path}: {error.code}: {error}", file=sys.stderr)
