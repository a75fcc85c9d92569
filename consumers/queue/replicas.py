"""Who lives: the consumers that Redis knows, and what replicas say of themselves."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from redis.exceptions import ResponseError

from consumers.bulletin import SIGN_OF_LIFE
from consumers.stream import Client, Keys, group_is_missing
from consumers.vitals import Vitals

SILENT_AFTER = 5 * SIGN_OF_LIFE
"""A replica that has pinned up nothing for so long does not live, or hangs."""
QUIET_AFTER = 2 * SIGN_OF_LIFE
"""One that has pinned up nothing for so long may have died."""


@dataclass(frozen=True, slots=True)
class Consumer:
    """A member of the group."""

    name: str
    pending: int
    """Entries in its hands."""
    idle: timedelta
    """Since it last asked for an entry or renewed a lease."""


@dataclass(frozen=True, slots=True)
class Replica:
    """A replica, by its own words."""

    name: str
    host: str
    pid: int
    slots: int
    """Uploads that it reads at once; 0 with OCR switched off."""
    silent_for: timedelta
    """Since its event loop last went round."""
    obstacles: Mapping[str, timedelta] = field(default_factory=dict)
    """What keeps it from claiming, and for how long it has."""
    vitals: Vitals | None = None
    """None where it says nothing of them."""
    backfill_slots: int = 0
    """Uploads of an archive that it reads at once."""

    @property
    def lives(self) -> bool:
        """Whether it has shown life lately."""
        return self.silent_for < SILENT_AFTER

    @property
    def reads(self) -> bool:
        """Whether it would claim an entry now."""
        return self.lives and self.slots > 0 and not self.obstacles

    def hangs(self, idle: timedelta) -> bool:
        """Whether it shows no life, and yet renews the lease of an entry of that idle time.

        One that was killed has done both last at the same time, but for a sign of life or two.
        """
        return not self.lives and self.silent_for - idle > QUIET_AFTER

    def owns(self, consumer: str) -> bool:
        """Whether a consumer is one of its slots."""
        return consumer.rpartition("-")[0] == self.name


@dataclass(frozen=True, slots=True)
class Stage:
    """The stage that an entry is in."""

    name: str
    page: int | None
    """From 1; None for a stage over the whole file."""
    since: timedelta
    """How long ago it began."""

    def __str__(self) -> str:
        """`ocr of page 2`."""
        return self.name if self.page is None else f"{self.name} of page {self.page}"


async def consumers_of(client: Client, keys: Keys) -> list[Consumer]:
    """The members of the group; none where there is no group."""
    try:
        members: Any = await client.xinfo_consumers(keys.stream, keys.group)
    except ResponseError as error:
        if group_is_missing(error):
            return []
        raise
    return [
        Consumer(each["name"].decode(), each["pending"], timedelta(milliseconds=each["idle"]))
        for each in members
    ]


async def replicas_of(client: Client, keys: Keys) -> list[Replica]:
    """What replicas have said of themselves, also those that are silent by now, by their names."""
    return [
        Replica(
            said["name"],
            said["host"],
            said["pid"],
            said["slots"],
            age,
            {name: age + timedelta(seconds=each) for name, each in said["obstacles"].items()},
            _vitals(said.get("vitals")),
            said.get("backfill_slots", 0),
        )
        for _, age, said in sorted(await _pinned(client, keys.replicas))
    ]


def _vitals(said: Mapping[str, Any] | None) -> Vitals | None:
    """Of replicas of this version alone: others may say more or less."""
    try:
        return Vitals(**said) if said else None
    except TypeError:
        return None


async def stages_of(client: Client, keys: Keys) -> dict[str, Stage]:
    """Where entries were last seen, by `bulletin.stage_field`."""
    return {
        name: Stage(said[0], said[1], age) for name, age, said in await _pinned(client, keys.stages)
    }


async def _pinned(client: Client, key: str) -> list[tuple[str, timedelta, Any]]:
    """Field, age and value of all that is pinned up in a hash."""
    async with client.pipeline(transaction=False) as commands:
        commands.hgetall(key)
        commands.time()
        found, (seconds, microseconds) = await commands.execute()
    now = seconds * 1000 + microseconds // 1000
    pinned = []
    for name, value in found.items():
        at, _, said = value.partition(b" ")
        age = timedelta(milliseconds=max(now - int(at), 0))
        pinned.append((name.decode(), age, json.loads(said)))
    return pinned
