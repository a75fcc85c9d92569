"""What an operator does with dead letters: have them read again, or drop them."""

from consumers import entry as entries
from consumers.entry import TRACE_HEADERS, Entry, parse
from consumers.queue import DeadLetter
from consumers.stream import Client, Keys
from otel import spans
from otel.spans import Destination
from pipeline.storage.attempts import reopen
from pipeline.storage.database import Database
from pipeline.storage.dropped import DroppedLetter, record_dropped
from pipeline.storage.publications import Cause, record_publication

# Entry and letter change places in one step: a letter replayed twice gives one entry.
REPLAY = """
if redis.call('XDEL', KEYS[2], ARGV[1]) == 0 then return false end
return redis.call('XADD', KEYS[1], '*', '__data__', ARGV[2])
"""


class ReplayError(Exception):
    """The letter cannot be replayed; the message says why."""


async def replay(client: Client, keys: Keys, database: Database, letter: DeadLetter) -> str:
    """Have a dead letter's upload read again, counted anew, in its own trace.

    Returns:
        The id of the new entry.

    Raises:
        ReplayError: it names no upload, the upload has no row or is confirmed by a person, or
            the letter is gone.
    """
    if letter.upload_id is None:
        raise ReplayError("The entry names no upload; drop it.")
    if not await reopen(database, letter.upload_id):
        raise ReplayError("The upload has no row, or a person has confirmed its card.")
    old = parse(letter.fields).headers
    trace = {name: old[name] for name in TRACE_HEADERS if name in old}
    with spans.sending(Destination(keys.stream), letter.upload_id, trace):
        message = await entries.encode(Entry(letter.upload_id, spans.inject()))
        entry_id = await client.eval(REPLAY, 2, keys.stream, keys.dead, letter.letter_id, message)
        if not entry_id:
            raise ReplayError("The letter is gone: somebody else has replayed or dropped it.")
        new_id = str(entry_id, "ascii")
        await record_publication(
            database, letter.upload_id, new_id, spans.trace_id(), Cause.REPLAYED
        )
    return new_id


async def drop(client: Client, keys: Keys, database: Database, letter: DeadLetter) -> None:
    """Remove a dead letter; a row in PostgreSQL keeps what it said."""
    await record_dropped(
        database,
        DroppedLetter(
            letter.letter_id,
            letter.upload_id,
            letter.reason,
            letter.error,
            letter.trace_id,
            {
                name.decode(errors="replace"): value.decode(errors="replace")
                for name, value in letter.fields.items()
            },
        ),
    )
    await client.xdel(keys.dead, letter.letter_id)
