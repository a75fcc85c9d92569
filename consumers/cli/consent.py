"""Asking before something is destroyed."""

import sys

import typer

PROBLEM = 1
WRONG_USAGE = 2


def agree(question: str, *, yes: bool) -> None:
    """Go on only if that is wanted: by `--yes`, or by whoever sits at the terminal.

    Args:
        question: what is about to be done.
        yes: it was answered already.

    Raises:
        typer.Exit: with 1 for a no, with 2 where there is neither `--yes` nor a terminal.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        print(f"{question} Nothing was done: add --yes.", file=sys.stderr)
        raise typer.Exit(WRONG_USAGE)
    if not typer.confirm(question, err=True):
        print("Nothing was done.", file=sys.stderr)
        raise typer.Exit(PROBLEM)
