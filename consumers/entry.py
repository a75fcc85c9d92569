"""What a stream entry says, and how it is written.

Three forms are read: FastStream's binary message (`__data__`), its JSON envelope in the same
field, and one plain field `data` with JSON from a producer in any language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from faststream.redis.parser import BinaryMessageFormatV1
from faststream.redis.parser.binary import FastStreamMessageVersion
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from consumers.stream import Lane
from pipeline.errors import MalformedEntry
from pipeline.storage.attempts import Unrecorded

MESSAGE = b"__data__"
PLAIN = b"data"
RETRIES = "x-retries"
UNRECORDED = "x-unrecorded"
LANE = "x-lane"
"""A field beside the message: who moves an entry over from another lane cannot write into it."""
TRACE_HEADERS = ("traceparent", "tracestate", "baggage")

_UNRECORDED = TypeAdapter(Unrecorded)

_BINARY = BinaryMessageFormatV1.IDENTITY_HEADER + FastStreamMessageVersion.v1.to_bytes(2, "big")
_BODY_STARTS = slice(len(_BINARY) + 4, len(_BINARY) + 8)
"""Behind the place where the headers start."""


class _Body(BaseModel):
    """The JSON object that names an upload; what else it holds is left alone."""

    model_config = ConfigDict(extra="ignore", strict=True)

    upload_id: str = Field(min_length=1, max_length=200)


@dataclass(frozen=True, slots=True)
class Entry:
    """One wish: read this upload."""

    upload_id: str
    headers: Mapping[str, str] = field(default_factory=dict)
    """W3C trace context, how often it has been tried again, what could not be recorded, and the
    lane."""

    @property
    def retries(self) -> int:
        """Transient failures before this entry."""
        count = self.headers.get(RETRIES, "0")
        return int(count) if count.isdecimal() else 0

    @property
    def lane(self) -> Lane:
        """Where it waited first."""
        return Lane.BACKFILL if self.headers.get(LANE) == Lane.BACKFILL else Lane.LIVE

    @property
    def unrecorded(self) -> Unrecorded | None:
        """How the attempt before ended, where PostgreSQL was away when that was to be written."""
        try:
            return _UNRECORDED.validate_json(self.headers.get(UNRECORDED, ""))
        except ValidationError:
            return None

    def again(self, unrecorded: Unrecorded | None) -> "Entry":
        """The entry that takes this one's place after a failure."""
        headers = {**self.headers, RETRIES: str(self.retries + 1)}
        headers.pop(UNRECORDED, None)
        if unrecorded is not None:
            headers[UNRECORDED] = _UNRECORDED.dump_json(unrecorded).decode()
        return Entry(self.upload_id, headers)


def parse(fields: Mapping[bytes, bytes]) -> Entry:
    """Read an entry's fields.

    Raises:
        MalformedEntry: they do not name an upload.
    """
    if MESSAGE in fields:
        body, headers = BinaryMessageFormatV1.parse(fields[MESSAGE])
    elif PLAIN in fields:
        body, headers = fields[PLAIN], _plain_headers(fields)
    else:
        raise MalformedEntry("The entry has neither a field `data` nor `__data__`.")
    try:
        upload_id = _Body.model_validate_json(body).upload_id
    except ValidationError as error:
        raise MalformedEntry(_complaint(error)) from None
    if not isinstance(headers, Mapping):
        headers = {}
    if LANE.encode() in fields:
        headers = {**headers, LANE: fields[LANE.encode()].decode(errors="replace")}
    return Entry(upload_id, {str(name): str(value) for name, value in headers.items()})


def upload_of(fields: Mapping[bytes, bytes]) -> str | None:
    """The upload that an entry's fields name, if they name one.

    It is asked of every entry that waits: the headers, which take most of the time, are not read.
    """
    message = fields.get(MESSAGE, b"")
    try:
        if message.startswith(_BINARY):
            body = message[int.from_bytes(message[_BODY_STARTS], "big") :]
            return _Body.model_validate_json(body).upload_id
        return parse(fields).upload_id
    except (MalformedEntry, ValidationError):
        return None


def lane_of(fields: Mapping[bytes, bytes]) -> Lane:
    """Where an entry waited first; a malformed one counts as live."""
    try:
        return parse(fields).lane
    except MalformedEntry:
        return Lane.LIVE


def _plain_headers(fields: Mapping[bytes, bytes]) -> dict[str, str]:
    return {
        name: fields[name.encode()].decode(errors="replace")
        for name in TRACE_HEADERS
        if name.encode() in fields
    }


def _complaint(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return "The entry's data is no JSON."
    place = ".".join(str(part) for part in first["loc"]) or "the object"
    return f'The entry must hold {{"upload_id": "…"}}; {place}: {first["msg"]}.'


async def encode(entry: Entry) -> bytes:
    """FastStream's binary form: the value of the field `__data__`."""
    return await BinaryMessageFormatV1.encode(
        message={"upload_id": entry.upload_id},
        reply_to=None,
        headers=dict(entry.headers),
        correlation_id=entry.upload_id,
    )
