"""Posts alerts to an address of the operator's; whatever becomes of it, watching goes on."""

import asyncio
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import stamina
import structlog
import urllib3
from urllib3.exceptions import HTTPError

from consumers.alerts.finding import Alert
from consumers.alerts.forms import REPEATED, Form, body

log = structlog.get_logger(__name__)

ONE_TRY = timedelta(seconds=5)
ALL_TRIES = timedelta(seconds=60)
MOST_TRIES = 6
WAITING = 100
"""Alerts that wait to be posted; more are only logged."""
LAST_POSTS = timedelta(seconds=3)
"""For what still waits when the watcher ends."""
_ERRORS = 400


class Refused(Exception):
    """The address answered, but took nothing."""


class Webhook:
    """One address that alerts are posted to.

    Args:
        url: the address; it may hold a secret, and is never logged whole.
        form: what is posted.
        stream: which queue the alerts are about.
    """

    def __init__(self, url: str, form: Form, stream: str) -> None:
        self._url = url
        self._where = urlsplit(url).hostname
        self._form = form
        self._stream = stream
        self._waiting: asyncio.Queue[Alert] = asyncio.Queue(WAITING)
        self._firing: dict[str, Alert] = {}
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(total=ONE_TRY.total_seconds()), retries=False
        )

    def post(self, alert: Alert) -> None:
        """Have an alert posted, fired or resolved."""
        if self._form is Form.ALERTMANAGER:
            if alert.resolved_at is None:
                self._firing[alert.name] = alert
            else:
                self._firing.pop(alert.name, None)
        try:
            self._waiting.put_nowait(alert)
        except asyncio.QueueFull:
            log.warning("alert not posted", alert=alert.name, to=self._where, reason="too many")

    def adopt(self, firing: dict[str, Alert]) -> None:
        """Go on with what another watcher has posted; only Alertmanager hears of it again."""
        self._firing = dict(firing) if self._form is Form.ALERTMANAGER else {}

    async def run(self) -> None:
        """Post until cancelled; then what still waits, for moments."""
        try:
            repeat_at = _in(REPEATED)
            while True:
                try:
                    async with asyncio.timeout_at(repeat_at):
                        alert = await self._waiting.get()
                except TimeoutError:
                    for each in tuple(self._firing.values()):
                        await self._post(each)
                    repeat_at = _in(REPEATED)
                else:
                    await self._post(alert)
        finally:
            await self._post_the_last()

    async def _post_the_last(self) -> None:
        try:
            async with asyncio.timeout(LAST_POSTS.total_seconds()):
                while not self._waiting.empty():
                    await self._post(self._waiting.get_nowait())
        except TimeoutError:
            log.warning("alerts not posted", count=self._waiting.qsize(), to=self._where)

    async def _post(self, alert: Alert) -> None:
        try:
            async for attempt in stamina.retry_context(
                (HTTPError, OSError, Refused),
                attempts=MOST_TRIES,
                timeout=ALL_TRIES,
                wait_initial=0.5,
                wait_max=20,
            ):
                with attempt:
                    await asyncio.to_thread(self._post_once, alert)
        except (HTTPError, OSError, Refused) as error:
            # Not the error's own words: they may hold the address.
            reason = str(error) if isinstance(error, Refused) else type(error).__name__
            log.warning("alert not posted", alert=alert.name, to=self._where, reason=reason)

    def _post_once(self, alert: Alert) -> None:
        content = body(self._form, alert, self._stream, datetime.now(UTC))
        answer = self._pool.request("POST", self._url, json=content)
        if answer.status >= _ERRORS:
            raise Refused(f"status {answer.status}")


def _in(delay: timedelta) -> float:
    """By the event loop's clock."""
    return asyncio.get_running_loop().time() + delay.total_seconds()
