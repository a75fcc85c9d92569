"""`cricksy-ocr config`: what is set, and from where."""

import json
import os
from collections.abc import Iterable
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from consumers.configuration import Setting, configuration, unread
from consumers.settings import load_settings

PROBLEM = 1


def config(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    changed: Annotated[bool, typer.Option("--set", help="Only what the environment sets.")] = False,
) -> None:
    """Show every setting, its value and where it comes from; secrets are hidden.

    Exits with 2 when the environment does not make a working configuration.

    Example: cricksy-ocr config --set
    """
    settings = [
        each for each in configuration(load_settings(), os.environ) if each.is_set or not changed
    ]
    strangers = unread(os.environ)
    if as_json:
        told = {
            each.variable: {"value": each.value, "source": each.source, "secret": each.secret}
            for each in settings
        }
        print(json.dumps({"settings": told, "not_read": strangers}))
        return
    _print(Console(), settings, strangers)


def _print(console: Console, settings: Iterable[Setting], strangers: list[str]) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("variable", "value", "from"):
        table.add_column(heading, no_wrap=heading != "value", overflow="fold")
    for each in settings:
        value = escape(each.value) if each.value is not None else "[dim]not set[/]"
        style = "bold" if each.is_set else None
        table.add_row(each.variable, value, each.source, style=style)
    console.print(table)
    if strangers:
        console.print(
            f"\nSet and not read by this software: {escape(', '.join(strangers))}",
            style="yellow",
            highlight=False,
        )
