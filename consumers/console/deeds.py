"""What an operator can do from a page: what it is called, what it would do, and doing it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import quote

from consumers.console.security.person import Person
from consumers.console.service import Console
from consumers.operations import cancel, pause, resume, retry, retry_would, whereabouts
from consumers.operations.cancelling import cancel_would
from consumers.operations.result import Effect, Result
from consumers.queue import DeadLetter, dead_letter
from consumers.replay import ReplayError, drop, replay
from pipeline.storage.uploads import get_upload


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a deed would do."""

    text: str
    possible: bool = True


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that can be done."""

    title: str
    """A question, `{target}` in it."""
    button: str
    foresee: Callable[[Console, str], Awaitable[Outlook]]
    do: Callable[[Console, str, Person], Awaitable[str]]
    """Returns a sentence of what was done."""
    back: Callable[[str], str]
    """The page to which it leads."""
    grave: bool = False
    """It takes something away."""


def _to_upload(target: str) -> str:
    return f"/uploads/{quote(target, safe='')}"


def _outlook(result: Result) -> Outlook:
    return Outlook(result.text, possible=result.effect is Effect.DONE)


async def _retry_would(console: Console, upload_id: str) -> Outlook:
    place = await whereabouts(console.client, console.keys)
    return _outlook(await retry_would(console.database, place, upload_id))


async def _retry(console: Console, upload_id: str, _: Person) -> str:
    place = await whereabouts(console.client, console.keys)
    servers = (console.client, console.keys, console.database)
    return (await retry(*servers, place, upload_id)).text


async def _reread_would(console: Console, upload_id: str) -> Outlook:
    place = await whereabouts(console.client, console.keys)
    return _outlook(await retry_would(console.database, place, upload_id, again=True))


async def _reread(console: Console, upload_id: str, _: Person) -> str:
    place = await whereabouts(console.client, console.keys)
    servers = (console.client, console.keys, console.database)
    return (await retry(*servers, place, upload_id, again=True)).text


async def _cancel_would(console: Console, upload_id: str) -> Outlook:
    upload = await get_upload(console.database, upload_id)
    return _outlook(cancel_would(upload_id, upload.status if upload else None))


async def _cancel(console: Console, upload_id: str, _: Person) -> str:
    return (await cancel(console.database, upload_id)).text


async def _letter(console: Console, letter_id: str) -> DeadLetter | None:
    head, _, tail = letter_id.partition("-")
    if not (head.isdecimal() and tail.isdecimal() and len(letter_id) <= 40):
        return None
    return await dead_letter(console.client, console.keys, letter_id)


GONE = "The letter is gone: somebody else has replayed or dropped it."


async def _replay_would(console: Console, letter_id: str) -> Outlook:
    letter = await _letter(console, letter_id)
    if letter is None:
        return Outlook(GONE, possible=False)
    if letter.upload_id is None:
        return Outlook("The entry names no upload: it can only be dropped.", possible=False)
    return Outlook(
        f"Upload {letter.upload_id} was given up as {letter.reason}. It is read again, and its "
        "failures are counted anew."
    )


async def _replay(console: Console, letter_id: str, _: Person) -> str:
    letter = await _letter(console, letter_id)
    if letter is None:
        return GONE
    try:
        await replay(console.client, console.keys, console.database, letter)
    except ReplayError as error:
        return str(error)
    return f"Upload {letter.upload_id} is read again."


async def _drop_would(console: Console, letter_id: str) -> Outlook:
    letter = await _letter(console, letter_id)
    if letter is None:
        return Outlook(GONE, possible=False)
    return Outlook(
        f"The letter of {letter.upload_id or 'an entry that names no upload'} ({letter.reason}) "
        "goes from the list; a row in PostgreSQL keeps what it said."
    )


async def _drop(console: Console, letter_id: str, _: Person) -> str:
    letter = await _letter(console, letter_id)
    if letter is None:
        return GONE
    await drop(console.client, console.keys, console.database, letter)
    return "The letter was dropped."


async def _pause_would(_: Console, __: str) -> Outlook:
    return Outlook(
        "No replica claims anything more until somebody resumes. What is in work ends as ever; "
        "what waits stays where it is."
    )


async def _pause(console: Console, _: str, person: Person) -> str:
    if await pause(console.client, console.keys, by=person.name, reason="from the console"):
        return "Paused: nothing more is claimed."
    return "It was paused already."


async def _resume_would(_: Console, __: str) -> Outlook:
    return Outlook("Every replica claims again at once.")


async def _resume(console: Console, _: str, __: Person) -> str:
    if await resume(console.client, console.keys):
        return "Resumed: replicas claim again."
    return "Nothing was paused."


DEEDS = {
    "retry": Deed("Read {target} again?", "Read again", _retry_would, _retry, _to_upload),
    "reread": Deed(
        "Read {target} once more?", "Read once more", _reread_would, _reread, _to_upload, grave=True
    ),
    "cancel": Deed(
        "Cancel {target}?", "Cancel the upload", _cancel_would, _cancel, _to_upload, grave=True
    ),
    "replay": Deed(
        "Replay dead letter {target}?", "Replay", _replay_would, _replay, lambda _: "/dead"
    ),
    "drop": Deed(
        "Drop dead letter {target}?", "Drop", _drop_would, _drop, lambda _: "/dead", grave=True
    ),
    "pause": Deed(
        "Pause all replicas?", "Pause", _pause_would, _pause, lambda _: "/workers", grave=True
    ),
    "resume": Deed("Resume?", "Resume", _resume_would, _resume, lambda _: "/workers"),
}
