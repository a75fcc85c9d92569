"""The fault lab's short run, as a test."""

import pytest

from tests.chaos.driver import run
from tests.chaos.faults import Kind
from tests.chaos.plan import SEED, short
from tests.chaos.points import Point
from tests.chaos.report import table

pytestmark = pytest.mark.alone


@pytest.mark.timeout(600)
def test_nothing_is_lost_and_nothing_done_twice_whatever_dies() -> None:
    result = run(short(SEED), print)

    measured = table(result)
    print(measured)  # noqa: T201 -- shown by `pytest -s`, and when it fails
    assert result.proof.lost == [], measured
    assert result.proof.twice == [], measured
    assert result.proof.unburied == [], measured
    assert result.proof.left_behind == 0, measured
    assert result.audit[0] == 0, measured
    assert result.proof.published >= 300
    assert {fault.kind for fault in result.faults} == set(Kind)
    assert {fault.point for fault in result.faults} >= set(Point)
