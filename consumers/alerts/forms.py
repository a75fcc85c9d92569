"""What an alert looks like to whoever receives it: our JSON, Alertmanager's, Slack's."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from consumers.alerts.finding import Alert
from otel.provider import SERVICE

REPEATED = timedelta(minutes=1)
"""Alertmanager wants to hear of what fires again and again, or takes it for resolved."""
OUTLIVES = 4 * REPEATED
"""It takes an alert for resolved so long after it last heard of it: its sender may have died."""


class Form(StrEnum):
    """Who is spoken to."""

    JSON = "json"
    ALERTMANAGER = "alertmanager"
    SLACK = "slack"


def form_of(url: str) -> Form:
    """By the address: Slack's hooks and Alertmanager's v2 API are known."""
    parts = urlsplit(url)
    if parts.hostname == "hooks.slack.com":
        return Form.SLACK
    if parts.path.rstrip("/").endswith("/api/v2/alerts"):
        return Form.ALERTMANAGER
    return Form.JSON


def body(form: Form, alert: Alert, stream: str, now: datetime) -> Any:
    """What is posted, ready for JSON."""
    return _FORMS[form](alert, stream, now)


def _json(alert: Alert, stream: str, _now: datetime) -> Mapping[str, Any]:
    return {
        "status": _status(alert),
        "alert": alert.name,
        "severity": alert.severity,
        "text": alert.text,
        "command": alert.command,
        "runbook": alert.runbook,
        "uploads": list(alert.uploads),
        "more_uploads": alert.more_uploads,
        "consumer": alert.consumer or None,
        "since": alert.since.isoformat(),
        "fired_at": alert.fired_at.isoformat(),
        "resolved_at": None if alert.resolved_at is None else alert.resolved_at.isoformat(),
        "stream": stream,
        "seen_by": alert.seen_by,
    }


def _alertmanager(alert: Alert, stream: str, now: datetime) -> list[Mapping[str, Any]]:
    # Labels are the alert's identity there: what may change between two posts is no label.
    return [
        {
            "labels": {
                "alertname": alert.name,
                "severity": alert.severity,
                "service": SERVICE,
                "stream": stream,
            },
            "annotations": {
                "summary": alert.text,
                "command": alert.command,
                "runbook": alert.runbook,
                "uploads": _uploads(alert),
                "consumer": alert.consumer,
            },
            "startsAt": alert.fired_at.isoformat(),
            "endsAt": (alert.resolved_at or now + OUTLIVES).isoformat(),
        }
    ]


def _slack(alert: Alert, _stream: str, _now: datetime) -> Mapping[str, Any]:
    mark = ":white_check_mark: *Resolved*" if alert.resolved_at else ":rotating_light: *Firing*"
    lines = [f"{mark} `{alert.name}` ({alert.severity})", _escaped(alert.text)]
    if alert.resolved_at is None:
        if alert.uploads:
            lines.append(f"Uploads: {_escaped(_uploads(alert))}")
        lines.append(f"Since {alert.since:%H:%M:%S} UTC. Next: `{_escaped(alert.command)}`")
    return {"text": "\n".join(lines)}


def _status(alert: Alert) -> str:
    return "firing" if alert.resolved_at is None else "resolved"


def _uploads(alert: Alert) -> str:
    more = f" and {alert.more_uploads} more" if alert.more_uploads else ""
    return ", ".join(alert.uploads) + more


def _escaped(text: str) -> str:
    """Slack's mark-up knows three characters."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_FORMS: Mapping[Form, Callable[[Alert, str, datetime], Any]] = {
    Form.JSON: _json,
    Form.ALERTMANAGER: _alertmanager,
    Form.SLACK: _slack,
}
