"""The table at the end of a run."""

from collections import Counter
from dataclasses import asdict, dataclass
from statistics import quantiles
from typing import Any

from tests.chaos.faults import Fault, Kind
from tests.chaos.proof import Proof
from tests.chaos.reclaims import Reclaim
from tests.chaos.throughput import Throughput


@dataclass(frozen=True, slots=True)
class Result:
    """One run, measured."""

    seed: int
    seconds: float
    proof: Proof
    faults: tuple[Fault, ...]
    missed: tuple[Fault, ...]
    kills: int
    """Replicas and children that died by SIGKILL, poison's victims among them."""
    victims: Counter[str]
    """Replicas that each poison card has killed."""
    starts: int
    exits: tuple[int, ...]
    """Codes with which services ended of themselves."""
    executions_beyond_the_first: int
    reclaims: tuple[Reclaim, ...]
    lease: float
    """Seconds."""
    interrupted: int
    beside_poison: Throughput | None
    audit: tuple[int, dict[str, Any]]
    """Exit code of `cricksy-ocr audit` and what it said."""

    @property
    def holds(self) -> bool:
        """Whether the invariant held, by our own proof and by the product's audit."""
        return self.proof.holds and self.audit[0] == 0

    def by_kind(self) -> Counter[Kind]:
        return Counter(fault.kind for fault in self.faults)

    def to_json(self) -> dict[str, Any]:
        calm = _seconds(self, disturbed=False)
        return {
            "seed": self.seed,
            "seconds": round(self.seconds, 1),
            "published": self.proof.published,
            "committed": self.proof.committed,
            "real_cards_committed": self.proof.real,
            "dead": dict(self.proof.dead_by_reason),
            "good_cards_that_died": dict(self.proof.unjust),
            "lost": self.proof.lost,
            "twice": self.proof.twice,
            "unburied": self.proof.unburied,
            "stale_writes_refused": self.proof.refused,
            "deliveries": self.proof.deliveries,
            "executions_beyond_the_first": self.executions_beyond_the_first,
            "faults": {kind.value: count for kind, count in self.by_kind().items()},
            "missed": [f"{fault.kind} {fault.point or ''}" for fault in self.missed],
            "kills": self.kills,
            "victims_of_poison": dict(self.victims),
            "replica_starts": self.starts,
            "exits": list(self.exits),
            "kill_to_reclaim": {
                "lease": self.lease,
                "undisturbed": _percentiles(calm),
                "disturbed": _percentiles(_seconds(self, disturbed=True)),
            },
            "beside_poison": asdict(self.beside_poison) if self.beside_poison else None,
            "audit": self.audit,
            "holds": self.holds,
        }


def table(result: Result) -> str:
    """As it is printed."""
    proof = result.proof
    versions = ", ".join(f"{n} by version {v}" for v, n in sorted(proof.by_version.items()))
    lines: list[tuple[str, object]] = [
        ("seed", result.seed),
        ("seconds", f"{result.seconds:.0f}"),
        ("published", proof.published),
        ("  publications interrupted", result.interrupted),
        ("committed", f"{proof.committed} ({versions})"),
        ("  of them real cards", proof.real),
        ("dead", proof.dead_by_reason.total()),
        *((f"  {reason}", count) for reason, count in sorted(proof.dead_by_reason.items())),
        ("  of them good cards", _spelt(proof.unjust)),
        ("deliveries", proof.deliveries),
        ("executions beyond the first", result.executions_beyond_the_first),
        ("faults", len(result.faults)),
        *((f"  {kind}", count) for kind, count in sorted(result.by_kind().items())),
        ("  ordered, but no process came by", len(result.missed)),
        ("SIGKILLs", result.kills),
        ("  most by one poison card", max(result.victims.values(), default=0)),
        ("throughput beside poison", _throughput_line(result.beside_poison)),
        ("services started", result.starts),
        ("services that ended of themselves", _spelt(Counter(map(str, result.exits)))),
        ("kill to reclaim, two replicas up", _reclaim_line(result, disturbed=False)),
        ("kill to reclaim, fewer or an outage", _reclaim_line(result, disturbed=True)),
        ("stale writes refused", proof.refused),
        ("died without a dead letter", len(proof.unburied)),
        ("entries left behind", proof.left_behind),
        ("lost", len(proof.lost)),
        ("twice", len(proof.twice)),
        ("cricksy-ocr audit", _audit_line(result)),
    ]
    width = max(len(name) for name, _ in lines) + 2
    return "\n".join(f"{name:<{width}}{value}" for name, value in lines)


def _spelt(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items())) or "none"


def _throughput_line(throughput: Throughput | None) -> str:
    if throughput is None:
        return "not measured"
    return (
        f"{throughput.beside:.2f} uploads/s, after it {throughput.after:.2f}"
        f" (ratio {throughput.beside / throughput.after:.2f})"
    )


def _audit_line(result: Result) -> str:
    code, said = result.audit
    verdict = "holds" if code == 0 else f"DOES NOT HOLD (exit code {code})"
    numbers = ", ".join(
        f"{name} {len(value) if isinstance(value, list) else value}"
        for name in ("lost", "twice", "stale_writes_refused")
        if (value := said.get(name)) is not None
    )
    return f"{verdict}: {numbers}"


def _seconds(result: Result, *, disturbed: bool) -> list[float]:
    return sorted(each.seconds for each in result.reclaims if each.disturbed is disturbed)


def _percentiles(seconds: list[float]) -> dict[str, float]:
    if not seconds:
        return {"n": 0}
    cuts = quantiles(seconds, n=100, method="inclusive") if len(seconds) > 1 else seconds * 99
    return {
        "n": len(seconds),
        "p50": round(cuts[49], 2),
        "p99": round(cuts[98], 2),
        "max": round(seconds[-1], 2),
    }


def _reclaim_line(result: Result, *, disturbed: bool) -> str:
    found = _percentiles(_seconds(result, disturbed=disturbed))
    if not found["n"]:
        return "none"
    parts = [f"{name} {found[name]:.2f} s" for name in ("p50", "p99", "max")]
    leases = found["p99"] / result.lease
    return f"n {found['n']}, {', '.join(parts)} (p99 {leases:.2f} leases)"
