"""Conditions of the servers without which nothing can be read, as the watcher meets them."""

from datetime import timedelta
from functools import partial

from consumers.alerts.finding import Away, Condition, Finding, Severity, View

REDIS = "redis_unreachable"
UNANSWERED = timedelta(seconds=5)
"""A server that is restarted in less than this needs no alert."""
CONSEQUENCES = {
    "redis": "Nothing is claimed; what is in work is finished and settled once Redis is back.",
    "postgresql": "Nothing more is claimed until it answers; what was in work comes back.",
    "s3": "Nothing more is claimed until it answers; what was in work is tried again.",
}
_NAMES = {"redis": "Redis", "postgresql": "PostgreSQL", "s3": "S3"}
_COMMANDS = {
    "redis": 'redis-cli -u "$CRICKSY_REDIS_URL" ping',
    "postgresql": 'pg_isready -d "$DATABASE_URL"',
    "s3": 'curl -sS -o /dev/null -w "%{http_code}\\n" "$CRICKSY_S3_ENDPOINT_URL"',
}


def unreachable(server: str, away: Away) -> Finding:
    """A server does not answer."""
    return Finding(
        text=f"{_NAMES[server]} has not answered for {away.lasts.total_seconds():.0f} s: "
        f"{away.error.rstrip('.')}. {CONSEQUENCES[server]}",
        command=_COMMANDS[server],
        lasts=away.lasts,
    )


def _find(server: str, view: View) -> Finding | None:
    away = view.away.get(server)
    return None if away is None else unreachable(server, away)


def _nothing(_view: View) -> None:
    """Whoever has a view has Redis."""


# A watcher cut off from Redis notes so at least every 15 s.
REDIS_AWAY = Condition(
    REDIS, Severity.CRITICAL, _nothing, raise_after=UNANSWERED, clear_after=timedelta(seconds=20)
)
"""Judged without a view: see `alerts.outage`."""
CONDITIONS = (
    Condition(
        "postgresql_unreachable",
        Severity.CRITICAL,
        partial(_find, "postgresql"),
        raise_after=UNANSWERED,
    ),
    Condition("s3_unreachable", Severity.CRITICAL, partial(_find, "s3"), raise_after=UNANSWERED),
)
