"""Purging: what waits is cancelled, dead letters are dropped; nothing goes without a row."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass

from consumers.queue import dead_letters
from consumers.replay import drop
from consumers.stream import Client, Keys
from pipeline.storage.cancelling import WAITING, cancel_uploads, count_waiting, waiting_uploads
from pipeline.storage.database import Database
from pipeline.storage.uploads import UploadStatus


@dataclass(frozen=True, slots=True)
class Purge:
    """What there is to purge."""

    waiting: int
    """Uploads that wait to be read, or for another try."""
    letters: Counter[str]
    """Dead letters by reason."""


async def what_purge_would_do(client: Client, keys: Keys, database: Database) -> Purge:
    """Count what a purge would take, and leave it."""
    letters = Counter([each.reason async for each in dead_letters(client, keys)])
    return Purge(await count_waiting(database), letters)


async def purge_waiting(database: Database) -> AsyncIterator[dict[str, UploadStatus]]:
    """Cancel every upload that waits, a page at a time; what is in work ends as ever.

    Entries stay where they are, an archive's as well, and are only acknowledged when their turn
    comes. One that waited to be read a second time goes back to `parsed`.

    Yields:
        The new status of each upload of a page.

    Raises:
        DatabaseUnavailable: what was cancelled stays cancelled.
    """
    after = ""
    while page := await waiting_uploads(database, after=after):
        yield await cancel_uploads(database, page, WAITING)
        after = page[-1]


async def drop_letters(client: Client, keys: Keys, database: Database) -> AsyncIterator[str]:
    """Drop every dead letter, each kept as a row of `ocr_dropped_letters`.

    Their uploads stay `failed`, and can still be read again by `retry`.

    Yields:
        The id of each letter that is gone.
    """
    async for letter in dead_letters(client, keys):
        await drop(client, keys, database, letter)
        yield letter.letter_id
