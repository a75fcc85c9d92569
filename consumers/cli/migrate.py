"""`cricksy-ocr migrate`: brings the database up to date."""

import asyncio
import json
from typing import Annotated

import typer

from consumers.settings import load_settings
from pipeline.storage.migrate import migrate as apply_migrations


def migrate(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Bring the database up to date; replicas do the same when they start.

    Example: DATABASE_URL=postgresql://… cricksy-ocr migrate
    """
    settings = load_settings()
    applied = asyncio.run(apply_migrations(settings.database_url.get_secret_value()))
    if as_json:
        print(json.dumps({"applied": list(applied)}))
        return
    for name in applied:
        print(f"applied {name}")
    if not applied:
        print("The database is up to date.")
