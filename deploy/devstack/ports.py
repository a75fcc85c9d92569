"""Ports that stay the same from one run to the next."""

import logging
import random
import socket
from collections.abc import Callable, Mapping

import psutil

from deploy.devstack.errors import PortTaken

_logger = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"

# Below the range from which systems take the near ends of outgoing connections (32768 and up on
# Linux, 49152 on macOS): while a server is down for a moment, none of its clients' own
# connections can sit down on its port.
_RANGE = range(20_000, 32_000)


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of the loopback interface."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Servers set this as well; without it a port that was in use a minute ago looks taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def choose_ports(
    names: tuple[str, ...],
    *,
    kept: Mapping[str, int],
    asked: Mapping[str, int],
    usable: Callable[[int], bool] = is_free,
) -> dict[str, int]:
    """One free port for each name: the one asked for, else the one kept, else any.

    Args:
        names: what the ports are for.
        kept: ports of earlier runs; replaced where they are in use by now.
        asked: ports that the user insists on.
        usable: whether a port is free.

    Returns:
        `kept`, with a port for each of `names`.

    Raises:
        PortTaken: a port that was asked for is in use.
    """
    ports = dict(kept)
    for name in names:
        if name in asked:
            ports[name] = asked[name]
            if not usable(ports[name]):
                raise PortTaken(
                    f"Port {ports[name]}, asked for with --{name}-port, is in use"
                    f"{_by_whom(ports[name])}: end that, or ask for another."
                )
        elif name not in ports or not usable(ports[name]):
            ports[name] = _any_port(usable, forbidden={*ports.values(), *asked.values()})
            if name in kept:
                _logger.info(
                    "Port %d of %s is in use by now%s: it becomes %d.",
                    kept[name],
                    name,
                    _by_whom(kept[name]),
                    ports[name],
                )
    return ports


def _any_port(usable: Callable[[int], bool], *, forbidden: set[int]) -> int:
    for port in random.sample(_RANGE, len(_RANGE)):
        if port not in forbidden and usable(port):
            return port
    raise PortTaken(f"No port from {_RANGE.start} to {_RANGE.stop} is free: end what uses them.")


def _by_whom(port: int) -> str:
    """` by NAME (process N)`, where the system tells."""
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status != psutil.CONN_LISTEN or connection.pid is None:
                continue
            if connection.laddr and connection.laddr.port == port:
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    except psutil.Error:
        pass
    return ""
