"""How often an upload is delivered and read when nothing is done to the replicas."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.devstack import DevStack
from tests.chaos.cards import Behaviour, Card
from tests.chaos.driver import MAX_DELIVERIES, Driver
from tests.chaos.plan import SEED, Plan, calm, kills
from tests.chaos.report import Result, table

pytestmark = pytest.mark.alone

Measure = Callable[[Plan], Result]


@pytest.fixture
def measure(stack: DevStack, environment: dict[str, str], tmp_path: Path) -> Measure:
    def run(plan: Plan) -> Result:
        driver = Driver(plan, stack, environment, tmp_path / "run", print)
        return asyncio.run(driver.run())

    return run


def test_without_faults_each_upload_is_delivered_once_even_one_that_takes_five_leases(
    measure: Measure,
) -> None:
    plan = calm(SEED, 100)
    slow = Card("slow", Behaviour.OK, seconds=5 * plan.lease.total_seconds())

    result = measure(replace(plan, first=(slow,)))

    assert result.holds, table(result)
    assert result.proof.committed == result.proof.deliveries == 101
    assert result.executions_beyond_the_first == 0


def test_a_poison_card_kills_no_more_workers_than_it_may_and_dies(measure: Measure) -> None:
    poison = Card("poison", Behaviour.POISON)

    result = measure(replace(calm(SEED, 20), first=(poison,)))

    assert result.holds, table(result)
    assert result.victims == {"poison": MAX_DELIVERIES}
    assert result.proof.dead_by_reason == {"worker_killed": 1}
    assert result.proof.committed == 20


def test_what_a_killed_replica_held_is_claimed_within_one_and_a_half_leases(
    measure: Measure,
) -> None:
    plan = kills(SEED)

    result = measure(plan)

    assert result.holds, table(result)
    assert len(result.reclaims) == len(plan.faults), table(result)
    assert max(each.seconds for each in result.reclaims) < 1.5 * result.lease, table(result)
