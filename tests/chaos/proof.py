"""The proof that nothing was lost and nothing done twice, straight from SQL and Redis.

It shares nothing with the product's own audit, which is run beside it.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row
from redis import Redis

from consumers.entry import parse
from consumers.stream import Keys
from tests.chaos.cards import Behaviour
from tests.chaos.publishing import Wanted

# Each upload with its card and all that its deliveries came to.
_UPLOADS = """
SELECT uploads.id, uploads.status::text AS status, scorecards.revision,
    scorecards.pipeline_version,
    count(outcome) FILTER (WHERE outcome = 'committed') AS commits,
    count(outcome) FILTER (WHERE outcome = 'dead') AS deaths,
    count(outcome) FILTER (WHERE outcome = 'stale') AS refused,
    count(attempt_id) AS deliveries,
    max(error_code) FILTER (WHERE outcome = 'dead') AS reason,
    max(finished_at) FILTER (WHERE outcome = 'dead') AS died_at
FROM uploads
    LEFT JOIN scorecards ON scorecards.upload_id = uploads.id
    LEFT JOIN ocr_attempts ON ocr_attempts.upload_id = uploads.id
GROUP BY uploads.id, scorecards.upload_id
"""

EXPECTED_REASON = {
    Behaviour.REFUSE: "unreadable_image",
    Behaviour.CRASH: "ocr_crashed",
    Behaviour.POISON: "worker_killed",
    Behaviour.HANG: "timed_out",
}
"""Of the cards that cannot end well."""


@dataclass(slots=True)
class Proof:
    """What was found."""

    published: int = 0
    committed: int = 0
    real: int = 0
    """Pictures that were read in earnest, among the committed."""
    dead_by_reason: Counter[str] = field(default_factory=Counter)
    by_version: Counter[str] = field(default_factory=Counter)
    deliveries: int = 0
    refused: int = 0
    """Stale writes."""
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    unburied: list[str] = field(default_factory=list)
    """Died after Redis last lost anything, and have no dead letter."""
    unjust: Counter[str] = field(default_factory=Counter)
    """Good cards that died nevertheless, by reason: the faults met them too often."""
    spared: list[str] = field(default_factory=list)
    """Cards that cannot end well, and did, or died of something else."""
    left_behind: int = 0
    """Entries in the stream and in the retry set."""

    @property
    def holds(self) -> bool:
        """Whether each upload ended once, and is where it belongs."""
        return not (self.lost or self.twice or self.unburied or self.left_behind)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the run knows besides the servers."""

    published: Mapping[str, Wanted]
    """By upload id."""
    forgotten_at: Collection[float]
    """When Redis lost what it held, in seconds since the epoch."""


def prove(database_url: str, redis: Redis, keys: Keys, evidence: Evidence) -> Proof:
    """Look at every upload that was published, and at every one that has a row."""
    letters = _letters(redis, keys)
    proof = Proof(left_behind=int(redis.xlen(keys.stream)) + int(redis.zcard(keys.retry)))
    with psycopg.connect(database_url, row_factory=dict_row) as connection:
        rows = {row["id"]: row for row in connection.execute(_UPLOADS)}
    proof.lost += [upload_id for upload_id in evidence.published if upload_id not in rows]
    proof.published = len(rows)
    for upload_id, row in rows.items():
        _judge(proof, row, letters[upload_id], evidence)
    return proof


def unfinished(database_url: str) -> int:
    """How many uploads have not ended."""
    with psycopg.connect(database_url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM uploads WHERE status IN ('uploaded', 'processing')"
        ).fetchone()
    return int(row[0]) if row else 0


def _letters(redis: Redis, keys: Keys) -> Counter[str]:
    entries: Any = redis.xrange(keys.dead)
    return Counter(parse(fields).upload_id for _, fields in entries)


def _judge(proof: Proof, row: dict[str, Any], letters: int, evidence: Evidence) -> None:
    upload_id, carded = row["id"], row["revision"] is not None
    proof.deliveries += row["deliveries"]
    proof.refused += row["refused"]
    ends = row["commits"] + row["deaths"]
    if ends == 0 or row["status"] != ("parsed" if carded else "failed"):
        proof.lost.append(upload_id)
    if ends > 1 or letters > 1 or (carded and (letters or row["revision"] > 1)):
        proof.twice.append(upload_id)
    if carded:
        proof.committed += 1
        proof.real += upload_id in evidence.published and evidence.published[upload_id].real
        proof.by_version[row["pipeline_version"]] += 1
    elif row["deaths"]:
        proof.dead_by_reason[row["reason"]] += 1
        forgotten = max(evidence.forgotten_at, default=0.0)
        if not letters and row["died_at"] > datetime.fromtimestamp(forgotten, UTC):
            proof.unburied.append(upload_id)
    _compare(proof, row, evidence.published.get(upload_id))


def _compare(proof: Proof, row: dict[str, Any], wanted: Wanted | None) -> None:
    """How it ended against how it was meant to."""
    if wanted is None:
        return
    reason = EXPECTED_REASON.get(wanted.behaviour)
    if reason is None and row["reason"] is not None:
        proof.unjust[row["reason"]] += 1
    if reason is not None and row["reason"] != reason:
        proof.spared.append(f"{row['id']} ({wanted.behaviour}): {row['status']} {row['reason']}")
