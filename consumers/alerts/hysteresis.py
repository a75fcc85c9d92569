"""From what is found in each round to alerts that fire once and resolve once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from consumers.alerts.finding import Alert, Condition, Finding, Sight, View, raised


@dataclass(frozen=True, slots=True)
class Change:
    """An alert that is to fire, or to be resolved."""

    alert: Alert

    @property
    def fires(self) -> bool:
        """Or else it is resolved."""
        return self.alert.resolved_at is None


@dataclass(slots=True)
class Hysteresis:
    """Remembers since when each condition has held, or has been gone.

    What fires is given to it, for another watcher may have raised it.
    """

    conditions: Sequence[Condition]
    seen_by: str
    _found_since: dict[str, datetime] = field(default_factory=dict)
    _gone_since: dict[str, datetime] = field(default_factory=dict)

    def judge(self, view: View, firing: Mapping[str, Alert]) -> list[Change]:
        """What is to be told after this look.

        Args:
            view: what is to be judged.
            firing: alerts that have fired and are not resolved, by name.
        """
        now = view.snapshot.at
        view = replace(view, firing=frozenset(firing))
        changes = []
        for condition in self.conditions:
            found = condition.find(view)
            if isinstance(found, Sight):
                continue
            change = self.settle(condition, found, firing.get(condition.name), now)
            if change is not None:
                changes.append(change)
        return changes

    def settle(
        self, condition: Condition, found: Finding | None, alert: Alert | None, now: datetime
    ) -> Change | None:
        """What one condition comes to; `alert` where it fires already."""
        if found is not None:
            self._gone_since.pop(condition.name, None)
            since = self._found_since.setdefault(condition.name, now)
            if alert is None and now - since >= condition.raise_after:
                return Change(raised(condition, found, now, self.seen_by))
            return None
        self._found_since.pop(condition.name, None)
        if alert is None:
            self._gone_since.pop(condition.name, None)
            return None
        since = self._gone_since.setdefault(condition.name, now)
        if now - since >= condition.clear_after:
            self._gone_since.pop(condition.name)
            return Change(replace(alert, resolved_at=now))
        return None
