"""Prometheus's alert rules: each fires, clears, and leads to a section of the handbook."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from consumers.alerts import NAMES
from tests.prometheus import CONFIGURATION, complaints

ROOT = Path(__file__).parents[2]
RULES = CONFIGURATION.with_name("alerts.rules.yml")
HANDBOOK = ROOT / "docs" / "operations.md"
UP = 'up{job="cricksy-ocr", instance="a:9464"}'
REPLICA = {"instance": "a:9464"}
JOB = {**REPLICA, "job": "cricksy-ocr"}


@dataclass(frozen=True)
class Case:
    """Series, a sample every 15 s, in which an alert first fires and then is over."""

    series: dict[str, str]
    fires_at: str
    over_at: str
    summary: str
    labels: dict[str, str] = field(default_factory=dict)


def gauge(name: str, bad: float, good: float) -> dict[str, str]:
    """A queue's figure that is bad for ten minutes and then good."""
    return {f'cricksy_{name}{{instance="a:9464"}}': f"{bad}x40 {good}x40"}


CASES = {
    "CricksyNoReplica": Case(
        {UP: "0x20 1x20"}, "2m", "8m", "No replica answers; nobody reads uploads."
    ),
    "CricksyReplicaDown": Case(
        {UP: "0x20 1x20"},
        "2m",
        "8m",
        "Replica a:9464 does not answer; what it had in work is reclaimed after its lease.",
        JOB,
    ),
    "CricksyReplicaNotReady": Case(
        gauge("replica_ready", 0, 1),
        "3m",
        "12m",
        "Replica a:9464 lives and could read nothing for two minutes; its /readyz says why.",
        REPLICA,
    ),
    "CricksyNoWatcher": Case(
        {UP: "1x80", "cricksy_queue_backlog": "_x40 0x40"},
        "3m",
        "12m",
        "Replicas live and none shows the queue's figures; Redis does not answer them, or the "
        "watcher stumbles.",
    ),
    "CricksyLeasesNotRenewed": Case(
        {'cricksy_lease_renewal_failures_total{cause="lost"}': "0+1x40 40x80"},
        "10m",
        "25m",
        "40 leases were lost to another consumer within ten minutes; hosts pause for longer than "
        "CRICKSY_LEASE_SECONDS.",
    ),
    "CricksyFailureRateHigh": Case(
        {
            **gauge("uploads_failed_ratio", 0.25, 0.05),
            'cricksy_uploads_total{outcome="dead"}': "0+1x80",
        },
        "8m",
        "12m",
        "25% of the uploads that ended of late were given up.",
    ),
    "CricksyBacklogHigh": Case(gauge("queue_backlog", 150, 3), "3m", "12m", "150 uploads wait."),
    "CricksyProcessingSlow": Case(
        gauge("queue_in_work_longest_seconds", 320, 2),
        "3m",
        "12m",
        "An upload has been in work for 320 s.",
    ),
    "CricksyUploadWaitsLong": Case(
        gauge("queue_oldest_age_seconds", 400, 2),
        "3m",
        "12m",
        "The oldest unfinished upload was published 400 s ago.",
    ),
    "CricksyEntryIdle": Case(
        gauge("queue_idle_longest_seconds", 55, 2),
        "3m",
        "12m",
        "A claimed entry has shown no life for 55 s, and nobody reclaims it.",
    ),
    "CricksyUploadRedelivered": Case(
        gauge("queue_deliveries_most", 3, 1),
        "3m",
        "12m",
        "An entry was delivered 3 times without an outcome; it may kill whoever reads it.",
    ),
    "CricksyQueueStalled": Case(
        {
            **gauge("queue_backlog", 7, 0),
            'cricksy_uploads_total{outcome="retry"}': "0+1x80",
        },
        "5m",
        "12m",
        "7 uploads wait and none has ended for two minutes.",
    ),
    "CricksyLagUnknown": Case(
        {"cricksy_queue_lag_unknown": "1x80 0x40"},
        "18m",
        "22m",
        "Redis cannot tell the group's lag; somebody deleted an entry that nobody had read. The "
        "backlog is counted without it.",
    ),
    "CricksyNoConsumer": Case(
        gauge("queue_consumers", 0, 2),
        "3m",
        "12m",
        "No consumer of the group shows life; nobody reads uploads.",
    ),
    "CricksyDeadLetters": Case(
        {"cricksy_queue_dead": "2x20 5x60"},
        "6m",
        "15m",
        "3 uploads were given up within five minutes.",
    ),
    "CricksyRedisMemoryHigh": Case(
        {
            **gauge("redis_memory_used_bytes", 90, 50),
            'cricksy_redis_memory_limit_bytes{instance="a:9464"}': "100x80",
        },
        "3m",
        "12m",
        "Redis uses 90% of maxmemory.",
    ),
    "CricksyCanaryLate": Case(
        gauge("canary_age_seconds", 200, 12),
        "3m",
        "12m",
        "A known card was last read rightly 200 s ago.",
    ),
    "CricksyReplicaLost": Case(
        {'cricksy_alerts_firing{alert="replica_lost"}': "1x40 0x40"},
        "3m",
        "12m",
        "A replica was killed, cut off or hangs; it did not leave.",
    ),
    "CricksyServerUnreachable": Case(
        {'cricksy_alerts_firing{alert="s3_unreachable"}': "1x40 0x40"},
        "3m",
        "12m",
        "The watcher finds a server away (s3_unreachable).",
        {"alert": "s3_unreachable"},
    ),
}


def rules() -> dict[str, dict[str, Any]]:
    groups = yaml.safe_load(RULES.read_text())["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"]}


def as_test(name: str, case: Case) -> dict[str, Any]:
    """One case in promtool's own words."""
    rule = rules()[name]
    fired = {
        "exp_labels": {**rule["labels"], **case.labels},
        "exp_annotations": {**rule["annotations"], "summary": case.summary},
    }
    return {
        "interval": "15s",
        "input_series": [
            {"series": series, "values": values} for series, values in case.series.items()
        ],
        "alert_rule_test": [
            {"alertname": name, "eval_time": case.fires_at, "exp_alerts": [fired]},
            {"alertname": name, "eval_time": case.over_at, "exp_alerts": []},
        ],
    }


def test_promtool_finds_nothing_wrong_with_the_rules() -> None:
    assert complaints("check", "rules", "--lint-fatal", RULES) == ""


def test_every_rule_fires_and_clears(tmp_path: Path) -> None:
    assert set(CASES) == set(rules())
    file = tmp_path / "test.yml"
    tests = [as_test(name, case) for name, case in CASES.items()]
    file.write_text(yaml.safe_dump({"rule_files": [str(RULES)], "tests": tests}))

    assert complaints("test", "rules", file) == ""


def test_a_rule_that_does_not_fire_is_noticed(tmp_path: Path) -> None:
    quiet = Case(gauge("queue_backlog", 3, 3), "3m", "12m", "150 uploads wait.")
    file = tmp_path / "test.yml"
    tests = [as_test("CricksyBacklogHigh", quiet)]
    file.write_text(yaml.safe_dump({"rule_files": [str(RULES)], "tests": tests}))

    assert "FAILED" in complaints("test", "rules", file)


def sections() -> set[str]:
    """Anchors of the handbook's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", HANDBOOK.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


@pytest.mark.parametrize("name", CASES)
def test_a_rule_leads_to_a_section_of_the_handbook(name: str) -> None:
    file, _, anchor = rules()[name]["annotations"]["runbook"].partition("#")

    assert ROOT / file == HANDBOOK
    assert anchor in sections()


@pytest.mark.parametrize("name", NAMES)
def test_an_alert_of_the_watcher_leads_to_a_section_of_the_handbook(name: str) -> None:
    assert name.replace("_", "-") in sections()
