"""Reading one file as a replica's child would, with a dossier where one is wanted."""

from pathlib import Path

from consumers.cli.dossier import Dossier
from pipeline.errors import OcrError
from pipeline.options import ReadingOptions
from pipeline.reading import Reading
from pipeline.stages import read as read_bytes


def read_file(path: Path, options: ReadingOptions, debug: Path | None) -> Reading:
    """What a file holds.

    Args:
        path: the file.
        options: how files are read.
        debug: a folder for dossiers; None for none.

    Raises:
        OcrError: it could not be read; its dossier says how far it came.
    """
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
