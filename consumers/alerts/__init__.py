"""Alerts: what can be wrong, when it is said, and where to."""

from consumers.alerts import about_entries, about_queue, about_servers

CONDITIONS = (
    *about_entries.CONDITIONS,
    *about_queue.CONDITIONS,
    *about_servers.CONDITIONS,
)
"""All that is judged in each round, in the order in which it is told."""
NAMES = (*(each.name for each in CONDITIONS), about_servers.REDIS)
"""Of every alert that there is."""

__all__ = ["CONDITIONS", "NAMES"]
