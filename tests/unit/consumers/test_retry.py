from datetime import timedelta

from consumers.retry import LONGEST_DELAY, delay_before

FIRST = timedelta(seconds=60)


def test_the_delay_doubles_within_its_jitter() -> None:
    for retry in range(1, 5):
        expected = FIRST * 2 ** (retry - 1)
        for _ in range(50):
            assert expected * 0.8 <= delay_before(retry, FIRST) <= expected * 1.2


def test_the_delay_is_capped_however_often_it_failed() -> None:
    assert delay_before(10_000, FIRST) <= LONGEST_DELAY * 1.2


def test_the_delay_is_jittered() -> None:
    assert len({delay_before(1, FIRST) for _ in range(20)}) > 1
