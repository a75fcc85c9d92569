from itertools import count, takewhile

from tests.chaos.journal import Event
from tests.chaos.throughput import Throughput, beside_poison

LEASE = 20.0


def settlements(begin: float, end: float, every: float) -> list[Event]:
    times = takewhile(lambda at: at < end, count(begin, every))
    return [Event(at, "settled", 1, {"entry": str(at)}) for at in times]


def death(at: float) -> Event:
    return Event(at, "killed", 2, {"poison": "card"})


def test_the_rate_beside_poison_stands_against_the_rate_after_its_burial() -> None:
    slow, normal = settlements(0, 60, 0.5), settlements(60, 125, 0.25)

    found = beside_poison([death(0), death(20), death(40), *slow, *normal], LEASE)

    assert found == Throughput(beside=2.0, after=4.0)


def test_a_run_that_ends_with_the_burial_tells_no_rate() -> None:
    assert beside_poison([death(0), death(40), *settlements(0, 70, 0.5)], LEASE) is None


def test_a_run_without_poison_tells_no_rate() -> None:
    assert beside_poison(settlements(0, 200, 0.5), LEASE) is None
