"""Which files a command was given."""

from pathlib import Path

import typer

from pipeline.imaging.formats import suffixes


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
