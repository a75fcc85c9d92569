"""Canaries: uploads of this software's own, which leave no trace."""

from pipeline.storage.database import Database

CANARY = "canary-"
"""What the ids of canaries begin with."""


def is_canary(upload_id: str | None) -> bool:
    """Whether an upload is one of this software's own."""
    return upload_id is not None and upload_id.startswith(CANARY)


# Every row that an upload can have.
_REMOVE = (
    "DELETE FROM ocr_publications WHERE upload_id = ANY(%s)",
    "DELETE FROM ocr_attempts WHERE upload_id = ANY(%s)",
    "DELETE FROM ocr_fences WHERE upload_id = ANY(%s)",
    "DELETE FROM ocr_dropped_letters WHERE upload_id = ANY(%s)",
    "DELETE FROM ocr_digests WHERE upload_id = ANY(%s)",
    "DELETE FROM scorecards WHERE upload_id = ANY(%s)",
    "DELETE FROM uploads WHERE id = ANY(%s)",
)


async def remove_canaries(database: Database, upload_ids: list[str]) -> None:
    """Delete all that PostgreSQL holds of these canaries; other uploads are left alone."""
    canaries = [each for each in upload_ids if is_canary(each)]
    async with database.transaction() as connection:
        for statement in _REMOVE:
            await connection.execute(statement.encode(), (canaries,))


# Ids from the tables that a canary can be left in, whatever happened to its row in `uploads`.
_LEFT = """
SELECT id::text FROM uploads WHERE starts_with(id::text, %(canary)s)
UNION SELECT upload_id FROM ocr_fences WHERE starts_with(upload_id, %(canary)s)
"""


async def canaries_left(database: Database) -> list[str]:
    """Ids of the canaries that PostgreSQL still knows."""
    async with database.transaction() as connection:
        cursor = await connection.execute(_LEFT, {"canary": CANARY})
        return [upload_id for (upload_id,) in await cursor.fetchall()]
