from consumers.console.security.limits import Allowance, Rate


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_is_let_through_and_what_follows_waits() -> None:
    allowance = Allowance(Rate(burst=3, per_second=2), Clock())
    assert [allowance.take("a") for _ in range(4)] == [0, 0, 0, 0.5]


def test_what_was_waited_for_is_given() -> None:
    clock = Clock()
    allowance = Allowance(Rate(burst=1, per_second=2), clock)
    allowance.take("a")
    clock.now += allowance.take("a")
    assert allowance.take("a") == 0


def test_one_address_does_not_use_up_what_another_may() -> None:
    allowance = Allowance(Rate(burst=1, per_second=1), Clock())
    allowance.take("a")
    assert allowance.take("b") == 0


def test_who_was_long_silent_has_no_more_than_a_burst() -> None:
    clock = Clock()
    allowance = Allowance(Rate(burst=2, per_second=1), clock)
    allowance.take("a")
    clock.now += 1000
    assert [allowance.take("a") for _ in range(3)] == [0, 0, 1]
