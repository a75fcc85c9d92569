"""`cricksy-ocr migrate`: brings the database up to date."""

import asyncio
import sys

import typer

from consumers.settings import load_settings
from pipeline.errors import DatabaseUnavailable
from pipeline.storage.migrate import MigrationError
from pipeline.storage.migrate import migrate as apply_migrations


def migrate() -> None:
    """Bring the database up to date; replicas do the same when they start.

    Example: DATABASE_URL=postgresql://… cricksy-ocr migrate
    """
    settings = load_settings()
    try:
        applied = asyncio.run(apply_migrations(settings.database_url.get_secret_value()))
    except (DatabaseUnavailable, MigrationError) as error:
        print(error, file=sys.stderr)  # noqa: T201 -- a command's own words
        raise typer.Exit(1) from None
    for name in applied:
        print(f"applied {name}")  # noqa: T201
    if not applied:
        print("The database is up to date.")  # noqa: T201
