"""`cricksy-ocr read`: the same stages without any server."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from consumers.cli.dossier import Dossier
from consumers.cli.scorecards import print_scorecard
from pipeline.errors import OcrError
from pipeline.imaging.formats import suffixes
from pipeline.options import ReadingOptions
from pipeline.stages import Reading
from pipeline.stages import read as read_bytes


def files_in(paths: list[Path]) -> list[Path]:
    """The files named, and for a folder the pictures in it, sorted.

    Raises:
        typer.BadParameter: a path does not exist, or a folder holds no picture.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            known = suffixes()
            inside = sorted(each for each in path.iterdir() if each.suffix.lower() in known)
            if not inside:
                raise typer.BadParameter(f"{path} holds no {', '.join(sorted(known))}.")
            found += inside
        elif path.exists():
            found.append(path)
        else:
            raise typer.BadParameter(f"{path} does not exist.")
    return found


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
    options = ReadingOptions(engine=engine, languages=languages)
    files = files_in(paths)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
    unread = 0
    for number, path in enumerate(files, start=1):
        if not as_json and len(files) > 1:
            print(f"[{number}/{len(files)}] {path}", file=sys.stderr)
        try:
            reading = _read(path, options, debug)
        except OcrError as error:
            unread += 1
            _say_unread(path, error, as_json=as_json)
            continue
        if out is not None:
            _write(out / f"{path.stem}.json", reading)
        _say(path, reading, as_json=as_json)
    raise typer.Exit(1 if unread else 0)


def _read(path: Path, options: ReadingOptions, debug: Path | None) -> Reading:
    content = path.read_bytes()
    if debug is None:
        return read_bytes(content, options)
    dossier = Dossier(debug / path.stem, path.name)
    try:
        reading = read_bytes(content, options, on_product=dossier.take)
    except OcrError as error:
        dossier.close_unread(error)
        raise
    dossier.close(reading)
    return reading


def _write(target: Path, reading: Reading) -> None:
    target.write_text(json.dumps(reading.document, indent=1, ensure_ascii=False) + "\n")


def _say(path: Path, reading: Reading, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"file": str(path), "document": reading.document}))
        return
    print_scorecard(Console(), path.name, reading.document)


def _say_unread(path: Path, error: OcrError, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"file": str(path), "error_code": error.code, "error": str(error)}))
    else:
        print(f"{path}: {error.code}: {error}", file=sys.stderr)
