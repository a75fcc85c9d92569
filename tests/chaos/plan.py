"""What a run does: how many uploads, which replicas, which faults in which order."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from tests.chaos.cards import Behaviour, Card
from tests.chaos.faults import Fault, Kind
from tests.chaos.fleet import Service
from tests.chaos.points import IN_CHILD, Point

SEED = 20250711
LEASE = timedelta(seconds=2)
QUICK = (0.02, 0.1)

SERVICES = (Service(slots=2), Service(slots=2, version="2"), Service(workers=2))
"""Two versions side by side, and replicas under FastStream's supervisor."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One run."""

    seed: int
    uploads: int
    """At least so many cards of the test double; published as long as there are faults to do."""
    faults: tuple[Fault, ...] = ()
    first: tuple[Card, ...] = ()
    """Cards that are published before all others."""
    real_cards: int = 0
    good: tuple[float, float] | None = None
    """Only good cards, which take between so many seconds."""
    services: tuple[Service, ...] = SERVICES
    lease: timedelta = LEASE
    longest_gap: float = 0.5
    """Seconds between two faults."""
    most_unfinished: int = 30
    """Uploads that wait: enough to keep all replicas at work, few enough to be read by the end."""
    patience: float = 90.0
    """Seconds in which everything has to have ended after the last fault."""

    @property
    def environment(self) -> dict[str, str]:
        """Short times for the replicas."""
        return {
            "CRICKSY_LEASE_SECONDS": str(self.lease.total_seconds()),
            "CRICKSY_UPLOAD_TIMEOUT_SECONDS": str(6 * self.lease.total_seconds()),
            "CRICKSY_RETRY_DELAY_SECONDS": "0.3",
            "CRICKSY_MAX_RETRIES": "4",
            "CRICKSY_SHUTDOWN_GRACE_SECONDS": "3",
        }


_SERVERS = {
    Kind.POISON: 2,
    Kind.NEW_VERSION: 2,
    Kind.VALKEY: 2,
    Kind.FLUSHALL: 1,
    Kind.GROUP: 1,
    Kind.STREAM: 1,
    Kind.VALKEY_CUT: 2,
    Kind.POSTGRES: 2,
    Kind.POSTGRES_CUT: 2,
    Kind.S3: 1,
}
_AT_ANY_TIME = {
    Kind.KILL_REPLICA: 2,
    Kind.KILL_SUPERVISOR: 1,
    Kind.KILL_CHILD: 2,
    Kind.STOP_REPLICA: 1,
}
_STOPS = (Point.AFTER_CLAIM, Point.IN_OCR, Point.BEFORE_COMMIT, Point.BEFORE_ACKNOWLEDGE)
_CHILD_KILLS = (Point.IN_DECODE, Point.IN_OCR)


def short(seed: int) -> Plan:
    """Every kind and every point, in under three minutes."""
    return Plan(seed, uploads=300, faults=_shuffled(_round(), seed))


def long(seed: int, uploads: int = 5000, real_cards: int = 170, rounds: int = 10) -> Plan:
    """The same many times over."""
    faults = [fault for _ in range(rounds) for fault in _round()]
    return Plan(
        seed,
        uploads=uploads,
        real_cards=real_cards,
        faults=_shuffled(faults, seed),
        # Real cards take their time on a machine that is kept busy.
        lease=timedelta(seconds=3),
        longest_gap=2.0,
        patience=300.0,
    )


def calm(seed: int, uploads: int) -> Plan:
    """Two replicas and no faults."""
    return Plan(
        seed,
        uploads=uploads,
        good=QUICK,
        services=(Service(), Service()),
        lease=timedelta(seconds=1.5),
    )


def kills(seed: int, count: int = 6) -> Plan:
    """Replicas killed one after the other, while others have a hand free."""
    points = (Point.AFTER_CLAIM, Point.IN_OCR, Point.BEFORE_COMMIT)
    return Plan(
        seed,
        uploads=count,
        good=QUICK,
        faults=tuple(Fault(Kind.KILL_AT_POINT, points[n % len(points)]) for n in range(count)),
        services=(Service(), Service(), Service()),
        lease=timedelta(seconds=3),
        most_unfinished=2,
    )


def poison(seed: int) -> Plan:
    """One card that kills its workers among good ones, under the lease that users have."""
    return Plan(
        seed,
        uploads=1000,
        first=(Card("poison", Behaviour.POISON),),
        good=(0.4, 0.6),
        services=(Service(slots=2), Service(slots=2)),
        lease=timedelta(seconds=20),
    )


def _round() -> list[Fault]:
    """Every point and every kind at least once."""
    counts = _SERVERS | _AT_ANY_TIME
    return [
        *(Fault(Kind.KILL_AT_POINT, point) for point in Point),
        *(Fault(Kind.STOP_AT_POINT, point) for point in _STOPS),
        *(Fault(Kind.KILL_CHILD_AT_POINT, point) for point in _CHILD_KILLS if point in IN_CHILD),
        *(Fault(kind) for kind, count in counts.items() for _ in range(count)),
    ]


def _shuffled(faults: list[Fault], seed: int) -> tuple[Fault, ...]:
    Random(seed).shuffle(faults)
    return tuple(faults)
