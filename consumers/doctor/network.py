"""Which addresses no network leads to."""

from ipaddress import ip_address


def is_here(host: str | None) -> bool:
    """Whether a host is this machine by its name or address; none, or a socket's path, is."""
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
