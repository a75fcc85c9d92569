import asyncio
import random
import time
from datetime import timedelta

import pytest

from consumers import watch
from consumers.alerts.finding import Alert
from consumers.alerts.lookout import Lookout
from consumers.alerts.outage import RedisOutage
from consumers.alerts.telling import Telling
from consumers.queue import Rest
from consumers.stuck import Patience
from consumers.unhurried import REST
from consumers.watch import Watcher
from otel import metrics
from pipeline.storage.database import Database, DatabaseTimeouts
from tests.integration.consumers.rig import LEASE, Rig

CANCELLATIONS = 60
"""Python 3.11 lost about one in ten of them."""
ONE_ROUND = 0.08
"""Seconds."""
SOON = 4.0
"""Seconds: less than a watcher sleeps."""


def watcher(rig: Rig) -> Watcher:
    lookout = Lookout(rig.client, rig.keys, rig.database, Patience(LEASE, LEASE), Telling())
    return Watcher(rig.client, rig.keys, rig.database, lookout)


async def test_one_watches_at_a_time_and_the_next_takes_over(rig: Rig) -> None:
    first, second = watcher(rig), watcher(rig)

    await first.round()
    await second.round()
    assert (first.holds_lock, second.holds_lock) == (True, False)

    await first.let_go()
    await second.round()
    assert second.holds_lock
    await second.let_go()


async def test_who_stands_in_watches_only_while_no_replica_does(rig: Rig) -> None:
    standing_in = Watcher(rig.client, rig.keys, rig.database, stands_in=True)
    await standing_in.round()
    assert standing_in.holds_lock

    await rig.pin_replica("alice", "starting")
    await standing_in.round()
    assert standing_in.holds_lock

    await rig.pin_replica("alice")
    await standing_in.round()
    assert not standing_in.holds_lock
    assert await rig.client.get(rig.keys.watcher) is None

    await rig.client.delete(rig.keys.replicas)
    await standing_in.round()
    assert standing_in.holds_lock
    await standing_in.let_go()


async def test_while_postgresql_is_away_a_round_waits_for_it_once(rig: Rig) -> None:
    told: list[Alert] = []
    telling = Telling(show=told.append)
    timeouts = DatabaseTimeouts(connect=timedelta(seconds=2))
    async with Database("postgresql://nobody@127.0.0.1:1/none", timeouts=timeouts) as nowhere:
        lookout = Lookout(rig.client, rig.keys, nowhere, Patience(LEASE, LEASE), telling)
        outage = RedisOutage(nowhere, rig.keys.stream, telling, "test")
        cut_off = Watcher(rig.client, rig.keys, nowhere, lookout, outage)
        began = time.monotonic()
        await cut_off.round()
        took = time.monotonic() - began
        await cut_off.let_go()

    assert 2 <= took < 3.5
    metrics.clear_queue()


async def test_a_search_for_lost_uploads_rests_unless_the_lock_has_just_been_won(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rests = []

    async def has_two_pages(*_: object, rest: Rest, **__: object) -> None:
        began = time.monotonic()
        await asyncio.sleep(0.02)
        await rest()
        rests.append(time.monotonic() - began > 0.02 * REST)

    monkeypatch.setattr(watch, "reconcile", has_two_pages)
    watching = watcher(rig)
    for _ in range(2):
        await watching.round()
        await watching.search()
        await watching.search()
        # As when Redis has lost everything.
        await watching.let_go()

    assert rests == [False, True, False, True]
    metrics.clear_queue()


async def test_a_watcher_ends_whenever_it_is_told_to(rig: Rig) -> None:
    for _ in range(CANCELLATIONS):
        watching = asyncio.create_task(watcher(rig).run())
        await asyncio.sleep(random.random() * ONE_ROUND)
        watching.cancel()
        ended, _ = await asyncio.wait({watching}, timeout=SOON)
        assert ended
        assert await rig.client.get(rig.keys.watcher) is None
    metrics.clear_queue()
