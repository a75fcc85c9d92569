"""The alerts that fire, in Redis beside the watcher's lock.

Whoever changes the hash tells people: two watchers that overlap for a moment, because one of them
slept, tell each change once.
"""

from uuid import uuid4

from pydantic import TypeAdapter

from consumers.alerts.finding import Alert
from consumers.stream import Client, Keys

AGE = ""
"""A field that no alert is called by."""
ALERT = TypeAdapter(Alert)


class AlertMemory:
    """What fires.

    Args:
        client: Redis.
        keys: the queue.
    """

    def __init__(self, client: Client, keys: Keys) -> None:
        self._client = client
        self._key = keys.alerts

    async def firing(self) -> tuple[str, dict[str, Alert]]:
        """The alerts that fire, by name; and the age of this memory, for Redis may lose it.

        An alert that is gone within an age was resolved; one that is gone with it was lost.
        """
        async with self._client.pipeline(transaction=True) as multi:
            multi.hsetnx(self._key, AGE, uuid4().hex)
            multi.hgetall(self._key)
            _, found = await multi.execute()
        alerts = {name.decode(): text for name, text in found.items()}
        age = alerts.pop(AGE).decode()
        return age, {name: ALERT.validate_json(text) for name, text in alerts.items()}

    async def raise_(self, alert: Alert) -> bool:
        """Note that it fires; returns False where somebody has raised it already."""
        return bool(await self._client.hsetnx(self._key, alert.name, ALERT.dump_json(alert)))

    async def resolve(self, name: str) -> bool:
        """Note that it fires no more; returns False where somebody has resolved it already."""
        return bool(await self._client.hdel(self._key, name))
