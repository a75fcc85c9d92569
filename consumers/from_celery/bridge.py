"""For a backend that still calls `process_upload_task.delay(upload_id)`.

In the backend only the import changes:

    from consumers.from_celery.bridge import process_upload_task

Name and signature are the old ones; what was sent to Celery's list is added to the stream. Celery
need not be installed. Calls block for one round trip to Redis, from a thread or from within a
running event loop alike; in a coroutine `await asyncio.to_thread(process_upload_task.delay, id)`
spares the loop even that.
"""

import json
import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from consumers.connection import way_to
from consumers.from_celery.message import TASK
from consumers.settings import load_settings
from consumers.stream import Keys
from otel import spans
from otel.spans import Destination

# The backend's own logging, whatever it is.
log = logging.getLogger(__name__)

PATIENCE = 1.0
"""Seconds that a caller waits for Redis: behind each is a person with a browser."""
AWAY_FOR = 5.0
"""Seconds for which Redis, once found away, is not waited for again."""
REFUSED = ("link", "link_error", "chain", "chord", "add_to_parent")
"""Options of Celery that would have something else happen as well, which nothing here does."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a call comes to, in place of Celery's `AsyncResult`."""

    id: str
    """The upload's: `cricksy-ocr show ID` tells what became of it, as does `uploads.status`."""
    published: bool
    """False where Redis did not take it: the reconciler publishes it once Redis answers, for
    `uploads` says that it is unfinished."""


class UploadTask:
    """Celery's task in name and signature; publishes to the stream.

    The upload's row has to be committed as `uploaded` before the call. The settings are read, and
    the connection is made, with the first call.
    """

    name = TASK

    def __init__(self) -> None:
        self._opening = threading.Lock()
        self._opened: tuple[redis.Redis, Keys] | None = None
        self._away_until = 0.0

    def delay(self, upload_id: str) -> Sent:
        """Have an upload read.

        Raises:
            SettingsError: the environment names no usable servers.
        """
        return self._send(_named(upload_id), None)

    def apply_async(
        self,
        args: Sequence[Any] | None = None,
        kwargs: Mapping[str, Any] | None = None,
        *,
        countdown: float | None = None,
        eta: datetime | None = None,
        **options: Any,
    ) -> Sent:
        """Have an upload read, perhaps later.

        Args:
            args: `[upload_id]`.
            kwargs: `{"upload_id": …}`.
            countdown: seconds from now before which it is not read.
            eta: the moment before which it is not read; in UTC where it names no zone.
            options: what else Celery takes. What says how a message is carried (`queue`,
                `priority`, `expires`, …) means nothing here and is passed over.

        Raises:
            TypeError: not one upload is named, or an option asks for more than a reading.
            SettingsError: the environment names no usable servers.
        """
        if asked := [name for name in REFUSED if options.get(name)]:
            raise TypeError(f"{self.name} cannot do what {', '.join(asked)} asks for.")
        # By a call, so that arguments that do not fit meet Python's own errors.
        upload_id = _named(*(args or ()), **(kwargs or {}))
        if eta is not None:
            zoned = eta if eta.tzinfo else eta.replace(tzinfo=UTC)
            return self._send(upload_id, zoned.timestamp())
        return self._send(upload_id, time.time() + countdown if countdown else None)

    def _send(self, upload_id: str, due: float | None) -> Sent:
        """Publish; `due` is a Unix time."""
        client, keys = self._open()
        if time.monotonic() < self._away_until:
            return Sent(upload_id, published=False)
        try:
            with spans.sending(Destination(keys.stream), upload_id):
                _add(client, keys, upload_id, due)
        except (RedisError, OSError) as error:
            self._away_until = time.monotonic() + AWAY_FOR
            log.warning("Upload %s is left to the reconciler: Redis: %s", upload_id, error)
            return Sent(upload_id, published=False)
        return Sent(upload_id, published=True)

    def _open(self) -> tuple[redis.Redis, Keys]:
        with self._opening:
            if self._opened is None:
                settings = load_settings()
                way = way_to(settings.redis_url.get_secret_value(), settings.stream)
                client = redis.Redis.from_url(
                    way.url,
                    socket_timeout=PATIENCE,
                    socket_connect_timeout=PATIENCE,
                    # An XADD whose answer was lost may have been done; the reconciler can tell.
                    retry=Retry(NoBackoff(), 0),
                    **way.blocking_options,
                )
                self._opened = client, Keys(settings.stream, settings.group)
            return self._opened


def _named(upload_id: object) -> str:
    if not isinstance(upload_id, str) or not upload_id:
        raise TypeError(f"{TASK} takes the id of an upload, a text, not {upload_id!r}.")
    return upload_id


def _add(client: redis.Redis, keys: Keys, upload_id: str, due: float | None) -> None:
    """Add the entry in the form that producers in any language write."""
    data = json.dumps({"upload_id": upload_id})
    message = json.dumps({"data": data, "headers": spans.inject()})
    if due is not None and due > time.time():
        client.zadd(keys.retry, {message: round(due * 1000)})
    else:
        client.xadd(keys.stream, {"__data__": message})


process_upload_task = UploadTask()
