"""Telling open pages that something has changed, by server-sent events."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from hashlib import sha256
from typing import Any

from redis.exceptions import RedisError, ResponseError
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from consumers.console.security.refusal import refuse
from consumers.queue import replicas_of
from consumers.stream import Client, Keys, group_is_missing

PAUSE = 1.0
"""Seconds between two looks at Redis, while somebody listens."""
LONGEST_SILENCE = 10.0
"""Seconds: pages show how long ago things were, and a browser is to notice that we are gone."""
MOST_LISTENERS = 100
CHANGED = b"event: changed\ndata:\n\n"


class Live:
    """Looks at the queue for all pages that are open, and tells them.

    Args:
        client: Redis.
        keys: the queue.
        changed: called before pages are told, so that none of them is shown what was before.
    """

    def __init__(self, client: Client, keys: Keys, changed: Callable[[], None]) -> None:
        self._client = client
        self._keys = keys
        self._changed = changed
        self._listeners: set[asyncio.Event] = set()
        self._looking: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def is_full(self) -> bool:
        """Whether nobody more can be told."""
        return len(self._listeners) >= MOST_LISTENERS

    def close(self) -> None:
        """End every listening: the process leaves."""
        self._closed = True
        self._tell()

    async def listen(self) -> AsyncIterator[bytes]:
        """An event for each change, until the browser or this process leaves."""
        told = asyncio.Event()
        self._listeners.add(told)
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
        try:
            yield b"retry: 2000\n\n"
            while not self._closed:
                with suppress(TimeoutError):
                    await asyncio.wait_for(told.wait(), LONGEST_SILENCE)
                told.clear()
                yield CHANGED
        finally:
            self._listeners.discard(told)

    def _tell(self) -> None:
        for told in self._listeners:
            told.set()

    async def _look(self) -> None:
        """Until nobody listens any more."""
        seen = b""
        try:
            while self._listeners and not self._closed:
                with suppress(RedisError, OSError):
                    sight = await self._sight()
                    if sight != seen:
                        seen = sight
                        self._changed()
                        self._tell()
                await asyncio.sleep(PAUSE)
        finally:
            self._looking = None

    async def _sight(self) -> bytes:
        """A digest of all that a change shows in."""
        keys = self._keys
        async with self._client.pipeline(transaction=False) as commands:
            commands.xlen(keys.backfill)
            commands.zcard(keys.retry)
            commands.xlen(keys.dead)
            commands.hgetall(keys.stages)
            commands.hgetall(keys.alerts)
            commands.get(keys.paused)
            found = await commands.execute()
        # What they say changes all the time; that one has fallen silent is seen at once.
        alive = [(each.name, each.lives) for each in await replicas_of(self._client, keys)]
        return sha256(repr((found, alive, await self._group())).encode()).digest()

    async def _group(self) -> Any:
        try:
            info: Any = await self._client.xinfo_stream(self._keys.stream)
            groups = await self._client.xinfo_groups(self._keys.stream)
        except ResponseError as error:
            if group_is_missing(error):
                return None
            raise
        return info["length"], info["last-generated-id"], groups


async def events(request: Request) -> Response:
    """The stream of events of one page."""
    live = request.app.state.live
    if live.is_full:
        return refuse(request, 503, "Too many pages are open.", {"Retry-After": "30"})
    # A proxy that collects answers would keep them from the page.
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(live.listen(), media_type="text/event-stream", headers=headers)
