"""Telling people: a log line for each alert that fires or resolves, and a post where one is set."""

from collections.abc import Callable

import structlog

from consumers.alerts.finding import Alert
from consumers.alerts.webhook import Webhook

log = structlog.get_logger(__name__)


class Telling:
    """Where alerts go.

    Args:
        webhook: an address of the operator's, too; None without one.
        show: whoever else wants to know.
    """

    def __init__(
        self, webhook: Webhook | None = None, show: Callable[[Alert], None] | None = None
    ) -> None:
        self._webhook = webhook
        self._show = show

    def tell(self, alert: Alert) -> None:
        """Say that an alert fires, or that it is resolved."""
        if alert.resolved_at is None:
            log.warning(
                "alert firing",
                alert=alert.name,
                severity=alert.severity,
                text=alert.text,
                uploads=list(alert.uploads),
                consumer=alert.consumer or None,
                since=alert.since.isoformat(timespec="seconds"),
                command=alert.command,
                runbook=alert.runbook,
            )
        else:
            seconds = (alert.resolved_at - alert.fired_at).total_seconds()
            log.info("alert resolved", alert=alert.name, fired_for=round(seconds, 1))
        if self._show is not None:
            self._show(alert)
        if self._webhook is not None:
            self._webhook.post(alert)

    def adopt(self, firing: dict[str, Alert]) -> None:
        """Go on with what another watcher has told."""
        if self._webhook is not None:
            self._webhook.adopt(firing)

    async def run(self) -> None:
        """Post what is told until cancelled."""
        if self._webhook is not None:
            await self._webhook.run()
