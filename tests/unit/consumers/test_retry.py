from datetime import timedelta

from consumers.retry import Backoff

BACKOFF = Backoff(timedelta(seconds=60))


def test_the_delay_doubles_within_its_jitter() -> None:
    for retry in range(1, 5):
        expected = BACKOFF.first * 2 ** (retry - 1)
        for _ in range(50):
            assert expected * 0.8 <= BACKOFF.before(retry) <= expected * 1.2


def test_the_delay_is_capped_however_often_it_failed() -> None:
    assert BACKOFF.before(10_000) <= BACKOFF.longest * 1.2


def test_the_delay_is_jittered() -> None:
    assert len({BACKOFF.before(1) for _ in range(20)}) > 1
