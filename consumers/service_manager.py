"""What a replica tells systemd: that it can read, what it does, and that its read loops go round.

The protocol is sd_notify(3): datagrams to the socket that NOTIFY_SOCKET names. The watchdog is fed
by the judgement that `/livez` gives, and by a task of the event loop, so that a hang of either
starves it. Where no service manager listens, nothing is sent.
"""

import asyncio
import os
import socket
from collections.abc import Callable, Mapping

import structlog

from consumers.health import Health

log = structlog.get_logger(__name__)

INTERVAL = 2.0
"""Seconds between messages where no watchdog asks for them more often."""
SHARE = 4
"""Messages in the time that the watchdog allows: a late one does no harm."""
MORE_TIME = "EXTEND_TIMEOUT_USEC=60000000"
"""A start may take long while a server is away, and no new start would mend that."""
MICROSECONDS = 1_000_000


class ServiceManager:
    """Tells systemd how a replica is.

    Args:
        health: what keeps it from reading, and what it should be started anew for.
        doing: what it does, in a few words.
        environment: names the socket, and the watchdog's time.
    """

    def __init__(
        self,
        health: Health,
        doing: Callable[[], str],
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._health = health
        self._doing = doing
        self._address = _address(environment.get("NOTIFY_SOCKET", ""))
        self._interval = _interval(environment)
        self._ready = False
        self._leaves = False

    @property
    def listens(self) -> bool:
        """Whether there is one."""
        return self._address is not None

    def silence(self) -> None:
        """Tell it nothing: this is not the process that it has started."""
        self._address = None

    async def run(self) -> None:
        """Tell it every few seconds, until cancelled; at once over where there is none."""
        while self.listens:
            news = self._news()
            # One that leaves before it was ready needs no more time to start.
            if self._ready or not self._leaves:
                self._send(*news)
            await asyncio.sleep(self._interval)

    def leaving(self) -> None:
        """The replica has begun to leave."""
        self._leaves = True
        self._send("STOPPING=1", _status(f"Leaves. {self._doing()}"))

    def _news(self) -> list[str]:
        ailments = self._health.ailments()
        if ailments:
            # Neither a sign of life nor more time: systemd is to start it anew.
            return [_status(f"Hangs: {'; '.join(ailments)}")]
        obstacles = self._health.obstacles()
        self._ready = self._ready or not obstacles
        status = f"Reads nothing: {'; '.join(obstacles)}" if obstacles else self._doing()
        # READY again and again costs nothing, and one that was lost would be missed for ever.
        return [*(["READY=1", "WATCHDOG=1"] if self._ready else [MORE_TIME]), _status(status)]

    def _send(self, *lines: str) -> None:
        if self._address is None:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                # A full queue is not to hold up the event loop.
                sender.settimeout(0)
                sender.sendto("\n".join(lines).encode(), self._address)
        except OSError as error:
            log.debug("service manager not told", error=str(error))


def _address(named: str) -> str | None:
    """The socket's address; of a kind that is not of Unix, None."""
    if named.startswith("@"):
        return "\0" + named[1:]
    return named if named.startswith("/") else None


def _interval(environment: Mapping[str, str]) -> float:
    """Seconds between messages; a watchdog of another process asks for none."""
    allowed = environment.get("WATCHDOG_USEC", "")
    watched = environment.get("WATCHDOG_PID", str(os.getpid()))
    if not allowed.isdecimal() or watched != str(os.getpid()):
        return INTERVAL
    return min(INTERVAL, int(allowed) / MICROSECONDS / SHARE)


def _status(text: str) -> str:
    """A line break would begin another field."""
    return f"STATUS={' '.join(text.split())}"
