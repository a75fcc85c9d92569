"""Runs a plan: replicas, producers, faults; then waits, proves and measures."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from redis import Redis

from consumers.stream import Keys
from deploy.devstack import DevStack
from pipeline.storage.migrate import migrate
from tests.chaos.cards import Behaviour, Card, random_card
from tests.chaos.faults import DEADLY, Lab, inject
from tests.chaos.fleet import Fleet
from tests.chaos.journal import Journal
from tests.chaos.plan import Plan
from tests.chaos.points import Orders
from tests.chaos.proof import Evidence, Proof, prove, unfinished
from tests.chaos.publishing import Producers, Wanted, real_cards, servers_of, wanted_card
from tests.chaos.reclaims import executions_beyond_the_first, reclaims
from tests.chaos.report import Result
from tests.chaos.throughput import beside_poison

Say = Callable[[str], None]

COMMAND = Path(sys.executable).with_name("cricksy-ocr")
CARDS = Path(__file__).parents[1] / "cards" / "images"
MAX_DELIVERIES = 3
SLEEP = 2.5
"""How long a stopped replica sleeps, in leases."""
PRODUCERS = 2
SAY_EVERY = 10.0
_OF_THE_PROJECT = ("CRICKSY_", "DATABASE_URL", "OTEL_")


def run(plan: Plan, say: Say, keep: Path | None = None) -> Result:
    """Run a plan on servers of its own.

    Args:
        plan: what to do.
        say: told how far it is.
        keep: a new folder into which the run's journal and the replicas' logs are put.
    """
    # Not pytest's own folder: it lets nobody in, and PostgreSQL does not run as root.
    with tempfile.TemporaryDirectory(prefix="cricksy-chaos-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        # Durable: PostgreSQL is to be killed, and what it has confirmed must be there again.
        with DevStack(folder / "stack", environment={}, durable=True) as stack:
            try:
                driver = Driver(plan, stack, stack.environment, folder / "run", say)
                return asyncio.run(driver.run())
            finally:
                if keep is not None:
                    shutil.copytree(folder / "run", keep)


class Driver:
    """One run.

    Args:
        plan: what to do.
        stack: the servers; a plan with faults at servers wants some that are this run's alone.
        environment: leads to the servers, and to a stream, a database and a bucket in them.
        folder: for orders, journal and logs.
        say: told how far it is.
    """

    def __init__(
        self,
        plan: Plan,
        stack: DevStack,
        environment: Mapping[str, str],
        folder: Path,
        say: Say,
    ) -> None:
        folder.mkdir()
        self._plan = plan
        self._stack = stack
        self._folder = folder
        self._say = say
        self._random = Random(plan.seed)
        self._journal = Journal(folder / "journal")
        self._environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(_OF_THE_PROJECT)},
            **environment,
            **plan.environment,
            "CRICKSY_MAX_DELIVERIES": str(MAX_DELIVERIES),
        }
        self._keys = Keys(environment.get("CRICKSY_STREAM", "{ocr}:uploads"), "ocr")
        self._began = time.monotonic()
        self._wakers: set[asyncio.Task[None]] = set()
        self._names = 0

    async def run(self) -> Result:
        """Do the plan, then prove and measure."""
        await migrate(self._environment["DATABASE_URL"])
        async with servers_of(self._environment, self._keys) as servers:
            producers = Producers(servers, Random(self._plan.seed))
            async with self._fleet() as fleet:
                lab = self._lab(fleet, producers)
                await self._drive(lab, producers)
        evidence = Evidence(producers.published, lab.forgotten_at)
        with self._redis() as redis:
            proof = prove(self._environment["DATABASE_URL"], redis, self._keys, evidence)
        return self._measured(lab, proof, producers.interrupted)

    def _fleet(self) -> Fleet:
        return Fleet(list(self._plan.services), self._environment, self._folder, self._journal)

    def _lab(self, fleet: Fleet, producers: Producers) -> Lab:
        async def publish_poison() -> None:
            await producers.publish(wanted_card(Card(self._name(), Behaviour.POISON)))

        return Lab(
            stack=self._stack,
            environment=self._environment,
            fleet=fleet,
            orders=Orders(self._folder),
            journal=self._journal,
            keys=self._keys,
            lease=self._plan.lease,
            publish_poison=publish_poison,
            random=self._random,
        )

    async def _drive(self, lab: Lab, producers: Producers) -> None:
        following = asyncio.create_task(self._follow(lab.fleet))
        telling = asyncio.create_task(self._tell(lab, producers))
        faults = asyncio.create_task(self._inject_all(lab))
        wanted = self._wanted(faults)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(PRODUCERS):
                    group.create_task(self._produce(producers, wanted))
                group.create_task(_finish(faults))
            await self._wait_for_the_end()
        finally:
            telling.cancel()
            following.cancel()
            await asyncio.gather(telling, following, return_exceptions=True)

    def _wanted(self, faults: "asyncio.Task[None]") -> Iterator[Wanted]:
        """What is published: the plan's uploads, and more as long as faults are done."""
        real = real_cards(CARDS, self._plan.real_cards)
        lease = self._plan.lease.total_seconds()
        every = max(1, self._plan.uploads // (self._plan.real_cards + 1))
        for card in self._plan.first:
            yield wanted_card(card)
        number = 0
        while number < self._plan.uploads or not faults.done():
            number += 1
            yield wanted_card(self._card(lease))
            if number % every == 0 and (picture := next(real, None)) is not None:
                yield picture
        yield from real

    def _card(self, lease: float) -> Card:
        if self._plan.good is not None:
            return Card(self._name(), Behaviour.OK, self._random.uniform(*self._plan.good))
        return random_card(self._name(), self._random, lease=lease)

    def _name(self) -> str:
        self._names += 1
        return f"card-{self._names}"

    async def _produce(self, producers: Producers, wanted: Iterator[Wanted]) -> None:
        for each in wanted:
            await producers.publish(each)
            await asyncio.sleep(self._random.uniform(0.05, 0.3))
            await self._wait_for_room()

    async def _wait_for_room(self) -> None:
        while await self._unfinished() > self._plan.most_unfinished:  # noqa: ASYNC110 -- PostgreSQL has no event
            await asyncio.sleep(0.3)

    async def _inject_all(self, lab: Lab) -> None:
        for fault in self._plan.faults:
            await asyncio.sleep(self._random.uniform(0.1, self._plan.longest_gap))
            await lab.fleet.wait_until_up(3 if fault.kind in DEADLY else 2)
            began = time.monotonic() - self._began
            await inject(lab, fault)
            self._say(f"{began:6.1f} s  {fault.kind}{f': {fault.point}' if fault.point else ''}")

    async def _follow(self, fleet: Fleet) -> None:
        """Learn from the journal who reads and who sleeps; wake the sleepers."""
        while True:
            for event in self._journal.news():
                if event.name == "ready":
                    fleet.note(event.pid)
                elif event.name == "stopped":
                    waker = asyncio.create_task(self._wake(fleet, event.pid))
                    self._wakers.add(waker)
                    waker.add_done_callback(self._wakers.discard)
            await asyncio.sleep(0.02)

    async def _wake(self, fleet: Fleet, replica: int) -> None:
        fleet.stopped.add(replica)
        await asyncio.sleep(SLEEP * self._plan.lease.total_seconds())
        fleet.stopped.discard(replica)
        with suppress(ProcessLookupError):
            os.kill(replica, signal.SIGCONT)
            self._journal.tell("woken", replica)

    async def _unfinished(self) -> int:
        """Uploads that have not ended; none are known of while PostgreSQL is away."""
        try:
            return await asyncio.to_thread(unfinished, self._environment["DATABASE_URL"])
        except psycopg.OperationalError:
            return 0

    async def _wait_for_the_end(self) -> None:
        """Until nothing is left to do, or patience is at its end: the proof then says what is."""
        deadline = time.monotonic() + self._plan.patience
        while time.monotonic() < deadline:
            if not self._wakers and not await self._unfinished() and not self._queued():
                return
            await asyncio.sleep(0.2)

    def _queued(self) -> int:
        with self._redis() as redis:
            return int(redis.xlen(self._keys.stream)) + int(redis.zcard(self._keys.retry))

    async def _tell(self, lab: Lab, producers: Producers) -> None:
        while True:
            await asyncio.sleep(SAY_EVERY)
            self._say(
                f"{time.monotonic() - self._began:6.1f} s  {len(producers.published)} published,"
                f" {await self._unfinished()} unfinished,"
                f" {len(lab.done)} of {len(self._plan.faults)} faults,"
                f" {len(lab.fleet.up())} replicas up"
            )

    @contextmanager
    def _redis(self) -> Iterator[Redis]:
        with Redis.from_url(self._environment["CRICKSY_REDIS_URL"]) as redis:
            yield redis

    def _measured(self, lab: Lab, proof: Proof, interrupted: int) -> Result:
        events = self._journal.events()
        return Result(
            seed=self._plan.seed,
            seconds=time.monotonic() - self._began,
            proof=proof,
            faults=tuple(lab.done),
            missed=tuple(lab.missed),
            kills=sum(event.name in {"killed", "child killed"} for event in events),
            victims=Counter(
                event.details["poison"] for event in events if "poison" in event.details
            ),
            starts=lab.fleet.starts,
            exits=tuple(lab.fleet.gave_up),
            executions_beyond_the_first=executions_beyond_the_first(events),
            reclaims=tuple(reclaims(events, lab.outages)),
            lease=self._plan.lease.total_seconds(),
            interrupted=interrupted,
            # Among other faults nobody could tell what the poison cost.
            beside_poison=(
                None
                if self._plan.faults
                else beside_poison(events, self._plan.lease.total_seconds())
            ),
            audit=self._audit(),
        )

    def _audit(self) -> tuple[int, dict[str, Any]]:
        """The product's own verdict."""
        done = subprocess.run(
            [COMMAND, "audit", "--json"],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        try:
            said = json.loads(done.stdout)
        except ValueError:
            said = {"error": done.stderr[-2000:]}
        return done.returncode, said


async def _finish(task: "asyncio.Task[None]") -> None:
    await task
