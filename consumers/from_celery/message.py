"""What a message of Celery asks for: its protocol, versions 1 and 2, as kombu stores it in Redis.

A message is a JSON object. Its `body` is base64, perhaps compressed, of JSON again: in version 2
positional arguments, keyword arguments and what to do after, the task's name standing in the
`headers`; in version 1 one object with all of it.

Source: kombu 5.7 (`transport/virtual/base.py`, `compression.py`), Celery 5.7 (`app/amqp.py`).
"""

import base64
import bz2
import json
import lzma
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

TASK = "backend.worker.processor.process_upload_task"
"""The task that reads an upload, `process_upload_task(upload_id)`."""

JSON = "application/json"

# Of the compressions that kombu knows, those that Python brings. What kombu calls gzip is zlib.
_DECOMPRESS: Mapping[str, Callable[[bytes], bytes]] = {
    "application/x-gzip": zlib.decompress,
    "application/x-bz2": bz2.decompress,
    "application/x-lzma": lzma.decompress,
}


class NotUnderstood(Exception):
    """The message asks for no upload to be read; the sentence says what it is instead."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One message's wish: read this upload."""

    upload_id: str
    due: datetime | None
    """Not before then (`eta`, `countdown`, a retry); aware. None for at once."""


def read_message(raw: bytes, task: str = TASK) -> Asked:
    """What a message asks for.

    When it expires is not regarded: Celery drops a message that is too old and leaves its upload
    unfinished for ever, which here no upload may be.

    Raises:
        NotUnderstood: it is of another task, not written as JSON, or names no upload.
    """
    envelope = _object(raw)
    headers, body = envelope.get("headers"), _body(envelope)
    if isinstance(body, dict):
        call, arguments, keywords = body, body.get("args"), body.get("kwargs")
    elif isinstance(body, list) and len(body) >= 2 and isinstance(headers, dict):
        call, arguments, keywords = headers, body[0], body[1]
    else:
        raise NotUnderstood("it has neither form of Celery's message protocol")
    if call.get("task") != task:
        raise NotUnderstood(f"it is of another task, {call.get('task')}")
    return Asked(_upload_id(arguments, keywords), _moment(call.get("eta")))


def _object(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except ValueError:
        raise NotUnderstood("it is no JSON") from None
    if not isinstance(found, dict):
        raise NotUnderstood("it is no JSON object")
    return found


def _body(envelope: Mapping[str, Any]) -> Any:
    written_as = envelope.get("content-type", JSON)
    if written_as != JSON:
        # A pickle would run whatever its writer liked.
        raise NotUnderstood(f"its body is {written_as}, and only JSON is read")
    try:
        body = str(envelope["body"]).encode()
        if (envelope.get("properties") or {}).get("body_encoding") == "base64":
            body = base64.b64decode(body, validate=True)
        if compression := (envelope.get("headers") or {}).get("compression"):
            if compression not in _DECOMPRESS:
                raise NotUnderstood(f"its body is compressed as {compression}")
            body = _DECOMPRESS[compression](body)
        return json.loads(body)
    except (KeyError, AttributeError, TypeError):
        raise NotUnderstood("it has neither form of Celery's message protocol") from None
    except (ValueError, OSError, EOFError, zlib.error, lzma.LZMAError):
        raise NotUnderstood("its body is damaged") from None


def _upload_id(arguments: Any, keywords: Any) -> str:
    named = keywords.get("upload_id") if isinstance(keywords, dict) else None
    if named is None and isinstance(arguments, list) and arguments:
        named = arguments[0]
    if not isinstance(named, str) or not named:
        raise NotUnderstood("it names no upload")
    return named


def _moment(eta: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(eta)
    except (TypeError, ValueError):
        return None
    # Version 1 writes UTC without saying so.
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
