"""What Prometheus scrapes from a replica that works, and what the dashboards make of it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance.probes import Probes
from tests.acceptance.replica import running_replica
from tests.acceptance.system import System
from tests.otlp import otlp_receiver
from tests.prometheus import Prometheus, complaints, running_prometheus
from tests.unit import broken_files
from tests.wait import wait_until

ROOT = Path(__file__).parents[2]
CARD = ROOT / "tests" / "cards" / "images" / "tv_clean.png"
DASHBOARDS = sorted((ROOT / "otel" / "dashboards").glob("*.json"))
ROUNDS = 4


@dataclass(frozen=True)
class Run:
    """A replica that has read cards and a canary, and has given up what cannot be read."""

    prometheus: Prometheus
    page: str
    sent: set[str]


def work(system: System) -> None:
    """Uploads that end well and badly, over several scrapes: a rise is seen between two."""
    for _ in range(ROUNDS):
        good = system.publish(CARD.read_bytes())
        bad = system.publish(broken_files.truncated_jpeg())
        system.wait_until_parsed(good)
        wait_until(lambda upload=bad: system.outcomes(upload) == ["dead"])  # type: ignore[misc]  # bound at once
    assert system.canary() == 0
    wait_until(lambda: system.unfinished() == 0)


@pytest.fixture
def run(system: System) -> Iterator[Run]:
    probes = Probes.on_free_port()
    with otlp_receiver() as receiver:
        environment = {
            **system.environment,
            "CRICKSY_PROBE_PORT": str(probes.port),
            "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.endpoint,
            "OTEL_METRIC_EXPORT_INTERVAL": "1000",
        }
        with running_replica(environment), running_prometheus(probes.port) as prometheus:
            work(system)
            wait_until(
                lambda: prometheus.values("cricksy_scorecards_verified_ratio"),
                timeout=30,
                message="the watcher has looked",
            )
            yield Run(prometheus, probes.page(), receiver.metrics)


def expressions() -> list[tuple[str, str]]:
    """Title and expression of every query of every panel, as Grafana would send it."""
    found = []
    for file in DASHBOARDS:
        for panel in json.loads(file.read_text())["panels"]:
            for target in panel.get("targets", ()):
                expression = target["expr"].replace("$__rate_interval", "1m")
                found.append((f"{file.stem}: {panel['title']}", expression))
    return found


def test_a_run_is_scraped_without_complaint_and_fills_every_panel(run: Run) -> None:
    assert complaints("check", "metrics", stdin=run.page) == ""
    series = [line.rpartition(" ")[0] for line in run.page.splitlines() if line[0] != "#"]
    assert len(set(series)) == len(series)

    empty = [
        (title, expression)
        for title, expression in expressions()
        if not run.prometheus.values(expression)
    ]
    assert empty == []

    shown = set(re.findall(r"^# TYPE (\S+)", run.page, flags=re.MULTILINE)) - {"target_info"}
    manual = (ROOT / "docs" / "operations.md").read_text()
    assert [name for name in sorted(shown) if f"`{name}`" not in manual] == []
    plain = {re.sub(r"(_seconds|_bytes|_total)+$", "", name) for name in shown}
    wait_until(
        lambda: plain == {name.replace(".", "_") for name in run.sent},
        message="the same instruments over OTLP",
    )
    # The last rise is scraped within a second. The canary is no upload of anybody's.
    for counted, times in {
        'sum(cricksy_uploads_total{outcome="committed"})': ROUNDS,
        'sum(cricksy_uploads_total{outcome="dead",error_type="unreadable_image"})': ROUNDS,
        "sum(cricksy_scorecards_total)": ROUNDS,
        "sum(messaging_client_consumed_messages_total)": 2 * ROUNDS,
        'sum(cricksy_stage_duration_seconds_count{stage="commit"})': ROUNDS,
    }.items():
        wait_until(lambda of=counted, n=times: run.prometheus.values(of) == [n], message=counted)  # type: ignore[misc]  # bound at once
