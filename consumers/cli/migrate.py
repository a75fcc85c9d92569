"""`cricksy-ocr migrate`: brings the database up to date."""

import asyncio

from consumers.settings import load_settings
from pipeline.storage.migrate import migrate as apply_migrations


def migrate() -> None:
    """Bring the database up to date; replicas do the same when they start.

    Example: DATABASE_URL=postgresql://… cricksy-ocr migrate
    """
    settings = load_settings()
    applied = asyncio.run(apply_migrations(settings.database_url.get_secret_value()))
    for name in applied:
        print(f"applied {name}")
    if not applied:
        print("The database is up to date.")
