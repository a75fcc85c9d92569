from dataclasses import replace
from datetime import timedelta

from consumers.alerts.finding import UNKNOWN, Alert, Condition, Finding, Judgement, Severity, View
from consumers.alerts.hysteresis import Change, Hysteresis
from tests.unit.consumers.alerts.views import NOON, seconds, view

FINDING = Finding("Something is wrong.", "cricksy-ocr stuck", lasts=seconds(30))


class Round:
    """Rounds of five seconds, in which one condition is found or not."""

    def __init__(self, raise_after: float = 0, clear_after: float = 10) -> None:
        self.judgement: Judgement = None
        self.firing: dict[str, Alert] = {}
        self.now = NOON
        condition = Condition(
            "odd", Severity.WARNING, self._find, seconds(raise_after), seconds(clear_after)
        )
        self.hysteresis = Hysteresis([condition], "a")

    def _find(self, _view: View) -> Judgement:
        return self.judgement

    def look(self, judgement: Judgement, after: float = 5) -> str:
        """What is told in a round: nothing, `fires` or `resolved`."""
        self.now += timedelta(seconds=after)
        self.judgement = judgement
        told = self.hysteresis.judge(
            replace(view(), snapshot=replace(view().snapshot, at=self.now)), self.firing
        )
        return " ".join(map(self._take, told))

    def _take(self, change: Change) -> str:
        if change.fires:
            self.firing["odd"] = change.alert
            return "fires"
        del self.firing["odd"]
        return "resolved"


def test_an_alert_fires_once_and_resolves_once() -> None:
    rounds = Round()

    told = [rounds.look(each) for each in (None, FINDING, FINDING, FINDING, None, None, None, None)]

    assert told == ["", "fires", "", "", "", "", "resolved", ""]


def test_what_does_not_last_is_not_raised() -> None:
    rounds = Round(raise_after=10)

    told = [rounds.look(each) for each in (FINDING, FINDING, None, FINDING, FINDING, FINDING)]

    assert told == ["", "", "", "", "", "fires"]


def test_what_comes_back_before_it_is_resolved_does_not_fire_anew() -> None:
    rounds = Round(clear_after=10)

    told = [rounds.look(each) for each in (FINDING, None, None, FINDING, None, None, None)]

    assert told == ["fires", "", "", "", "", "", "resolved"]


def test_what_cannot_be_judged_neither_raises_nor_resolves() -> None:
    rounds = Round(clear_after=0)

    told = [rounds.look(each) for each in (UNKNOWN, FINDING, UNKNOWN, UNKNOWN, None)]

    assert told == ["", "fires", "", "", "resolved"]


def test_what_another_watcher_raised_is_resolved_and_not_raised_again() -> None:
    first, second = Round(), Round(clear_after=0)
    first.look(FINDING)
    second.firing = dict(first.firing)

    assert [second.look(FINDING), second.look(None)] == ["", "resolved"]


def test_an_alert_says_since_when_it_has_been_so() -> None:
    rounds = Round()
    rounds.look(FINDING)

    alert = rounds.firing["odd"]

    assert alert.fired_at - alert.since == seconds(30)
    assert alert.runbook == "docs/operations.md#odd"


def test_an_alert_names_twenty_uploads_and_counts_the_others() -> None:
    rounds = Round()
    rounds.look(replace(FINDING, uploads=tuple(f"u{number}" for number in range(25))))

    assert len(rounds.firing["odd"].uploads) == 20
    assert rounds.firing["odd"].more_uploads == 5
