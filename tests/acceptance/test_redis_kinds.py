"""Sentinel, Cluster, TLS: a failover in mid-work loses nothing and repeats nothing."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.acceptance.replica import running_replica
from tests.acceptance.system import COMMAND, System
from tests.redis_servers import cluster, encrypted, seconds_until, watched_pair
from tests.redis_user import as_loaded
from tests.wait import wait_until

REDIS = shutil.which("redis-server")
CARD = Path(__file__).parents[1] / "cards" / "images" / "club_clean.png"
UPLOADS = 6


def holds(environment: dict[str, str]) -> bool:
    done = subprocess.run(
        [COMMAND, "audit", "--json"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout, done.stderr
    return bool(json.loads(done.stdout)["holds"])


def publish(environment: dict[str, str], count: int) -> list[str]:
    done = subprocess.run(
        [COMMAND, "submit", "--json", *[str(CARD)] * count],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line)["upload_id"] for line in done.stdout.splitlines()]


def test_a_sentinel_failover_in_mid_work_costs_seconds_and_no_upload(
    system: System, capsys: pytest.CaptureFixture[str]
) -> None:
    with watched_pair() as (first, second, url):
        environment = {**system.environment, "CRICKSY_REDIS_URL": url}
        # What the primary had not passed on is gone with it: the watcher publishes it again.
        with running_replica({**environment, "CRICKSY_LEASE_SECONDS": "5"}) as replica:
            uploads = publish(environment, UPLOADS)
            replica.wait_for("upload claimed")
            wait_until(second.follows)
            first.kill()
            before = len(replica.events("upload claimed"))
            gap = seconds_until(lambda: len(replica.events("upload claimed")) > before, timeout=40)
            for each in uploads:
                system.wait_until_parsed(each)
            assert second.role == "master"
            assert holds(environment)
        with capsys.disabled():
            print(f"\n  Sentinel failover: {gap:.1f} s until the next claim")  # noqa: T201
    commits = [outcome for each in uploads for outcome in system.outcomes(each)].count("committed")
    assert commits == UPLOADS


def test_a_cluster_failover_in_mid_work_is_followed(system: System) -> None:
    with cluster() as (_, second, url):
        environment = {**system.environment, "CRICKSY_REDIS_URL": url}
        with running_replica(environment) as replica:
            uploads = publish(environment, UPLOADS)
            replica.wait_for("upload claimed")
            second.ask("CLUSTER", "FAILOVER")
            wait_until(lambda: second.role == "master")
            for each in uploads:
                system.wait_until_parsed(each)
            assert holds(environment)
    outcomes = [system.outcomes(each) for each in uploads]
    assert outcomes == [["committed"]] * UPLOADS


@pytest.mark.skipif(REDIS is None, reason="Debian's redis-server is not installed")
def test_redis_7_is_spoken_to_over_tls_with_few_rights(system: System, tmp_path: Path) -> None:
    users = as_loaded(tmp_path / "users.acl", "secret")
    with encrypted(users, Path(str(REDIS))) as (_, url):
        login = url.replace("rediss://", "rediss://cricksy:secret@")
        stream = {"CRICKSY_REDIS_URL": login, "CRICKSY_STREAM": "{ocr}:uploads"}
        environment = {**system.environment, **stream}
        with running_replica(environment) as replica:
            (upload,) = publish(environment, 1)
            system.wait_until_parsed(upload)
            assert holds(environment)
            assert replica.events("redis unreachable") == []
