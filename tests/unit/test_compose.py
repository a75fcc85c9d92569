"""compose.yaml agrees with itself, with what it mounts, and with what replicas are told.

`docker compose config` checks it against the compose specification; no engine is needed for that.
"""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from consumers.configuration import unread
from consumers.settings import load_settings
from pipeline.options import Limits
from tests.compose import (
    ROOT,
    SECRET,
    config,
    environment_of,
    made_env,
    ours,
    resolved,
    services,
)
from tests.prometheus import CONFIGURATION, complaints

WITHOUT_A_CHECK = {"collector", "watcher", "migrate", "bucket"}
ONE_SHOTS = {"migrate", "bucket"}
PINNED = re.compile(r"^[\w./-]+:v?\d+\.\d+(\.\d+)?(-alpine)?$")
MINIO = ROOT / "deploy" / "compose" / "minio.yaml"


def load(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(file.read_text())
    return found


def mounts(service: str) -> dict[str, str]:
    """What a service finds where: the path inside, and its source."""
    return {each["target"]: each["source"] for each in services()[service].get("volumes", ())}


def published(service: str) -> set[int]:
    """Ports inside that this host has as well."""
    return {each["target"] for each in services()[service].get("ports", ())}


def seconds(duration: str) -> float:
    """Of a duration as compose writes it: 1m30s."""
    units = {"h": 3600, "m": 60, "s": 1}
    return sum(float(n) * units[unit] for n, unit in re.findall(r"([\d.]+)([hms])", duration))


def content(name: str) -> str:
    """Of a file that compose.yaml holds."""
    return str(resolved()["configs"][name]["content"])


@pytest.mark.parametrize("service", sorted(services().keys() - ours().keys()))
def test_a_server_is_pinned_published_to_this_host_alone_and_bounded(service: str) -> None:
    found = services()[service]

    assert PINNED.match(found["image"])
    for port in found["ports"]:
        assert port["host_ip"] == "127.0.0.1"
        assert int(port["published"]) == port["target"]
    assert set(found["deploy"]["resources"]["limits"]) >= {"cpus", "memory"}
    assert found["logging"]["options"]["max-size"]


@pytest.mark.parametrize("service", ours())
def test_a_process_of_ours_may_do_little(service: str) -> None:
    found = services()[service]

    assert found["read_only"] is True
    assert found["cap_drop"] == ["ALL"]
    assert found["security_opt"] == ["no-new-privileges:true"]
    assert [each.split(":")[0] for each in found["tmpfs"]] == ["/tmp"]
    assert set(found["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}
    assert not found.get("volumes")
    secrets = {name for name in environment_of(service) if SECRET.search(name)}
    assert secrets - {"CRICKSY_S3_SECRET_KEY"} == (
        {"CRICKSY_CONSOLE_TOKEN"} if service == "console" else set()
    )


def test_workers_can_be_scaled_and_have_time_to_leave() -> None:
    worker = services()["worker"]
    grace = float(environment_of("worker")["CRICKSY_SHUTDOWN_GRACE_SECONDS"])

    assert not worker.get("ports")
    assert not worker.get("container_name")
    assert seconds(worker["stop_grace_period"]) >= grace + 15
    assert environment_of("worker")["CRICKSY_PROBE_PORT"] in worker["expose"]


def test_profiles_are_core_and_observe_and_neither_needs_the_other() -> None:
    profiles = {name: each["profiles"] for name, each in services().items()}
    observing = {name for name, each in profiles.items() if each == ["observe"]}

    assert observing == {"collector", "jaeger", "prometheus", "alertmanager", "grafana"}
    assert all(profiles[name] == ["core"] for name in services().keys() - observing)
    for name, each in services().items():
        for other in each.get("depends_on", {}):
            assert profiles[other] == profiles[name]


@pytest.mark.parametrize("service", sorted(services().keys() - WITHOUT_A_CHECK))
def test_a_service_says_whether_it_is_well(service: str) -> None:
    check = services()[service]["healthcheck"]
    asked = re.findall(r"127\.0\.0\.1:(\d+)", " ".join(check["test"]))

    assert check["interval"]
    assert {int(port) for port in asked} <= published(service)


def test_whoever_waits_waits_for_a_service_that_can_say_so() -> None:
    for service in services().values():
        for name, how in service.get("depends_on", {}).items():
            ends = name in ONE_SHOTS
            assert how["condition"] == (
                "service_completed_successfully" if ends else "service_healthy"
            )
            assert ends or "test" in services()[name]["healthcheck"]
            assert services()[name]["restart"] == ("no" if ends else "unless-stopped")


def test_all_that_is_mounted_is_there_and_all_that_is_declared_is_used() -> None:
    found = [each for one in services().values() for each in one.get("volumes", ())]
    files = {each["source"] for each in found if each["type"] == "bind"}
    configs = {each["source"] for one in services().values() for each in one.get("configs", ())}

    assert [each for each in files if not Path(each).exists()] == []
    assert all(each["read_only"] for each in found if each["type"] == "bind")
    assert {each["source"] for each in found} - files == set(resolved()["volumes"])
    assert configs == set(resolved()["configs"])


@pytest.mark.parametrize("service", ours())
def test_our_processes_find_every_server_with_the_secrets_that_it_has(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = environment_of(service)
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    database = urlsplit(settings.database_url.get_secret_value())
    redis = urlsplit(settings.redis_url.get_secret_value())
    s3 = urlsplit(settings.s3_endpoint_url or "")
    postgres = services()["postgres"]["environment"]

    assert (database.hostname, database.port) == ("postgres", 5432)
    assert database.password == postgres["POSTGRES_PASSWORD"]
    assert database.path == f"/{postgres['POSTGRES_DB']}"
    assert (redis.hostname, redis.port) == ("valkey", 6379)
    assert f"requirepass {redis.password}\n" in content("valkey")
    assert s3.hostname in services()["s3"]["networks"]["default"]["aliases"]
    assert s3.port in published("s3")
    (identity,) = json.loads(content("s3"))["identities"]
    assert identity["credentials"] == [
        {"accessKey": told["CRICKSY_S3_ACCESS_KEY"], "secretKey": told["CRICKSY_S3_SECRET_KEY"]}
    ]
    collector = urlsplit(told["OTEL_EXPORTER_OTLP_ENDPOINT"])
    assert collector.hostname in services()
    assert collector.port in published("collector")
    assert unread(told) == []


def test_valkey_loses_nothing_evicts_nothing_and_wants_a_password() -> None:
    lines = content("valkey").splitlines()

    assert {"appendonly yes", "maxmemory-policy noeviction"} <= set(lines)
    assert not any("requirepass" in word for word in services()["valkey"]["command"])


def test_a_worker_has_memory_for_the_largest_picture_that_is_not_refused() -> None:
    memory = int(services()["worker"]["deploy"]["resources"]["limits"]["memory"])
    slots = int(environment_of("worker")["CRICKSY_CONCURRENCY"])
    decoded = 3 * Limits().max_pixels

    assert memory >= slots * 4 * decoded


def test_the_backends_own_addresses_win_over_those_of_compose() -> None:
    theirs = {
        "DATABASE_URL": "postgresql+asyncpg://u:p@db.example/x",
        "CRICKSY_CELERY_BROKER_URL": "redis://queue.example:6379/0",
        "CRICKSY_S3_ENDPOINT_URL": "",
    }
    done = config(made_env() + "".join(f"{name}={value}\n" for name, value in theirs.items()))
    worker = json.loads(done.stdout)["services"]["worker"]["environment"]

    assert worker["DATABASE_URL"] == theirs["DATABASE_URL"]
    assert worker["CRICKSY_REDIS_URL"] == theirs["CRICKSY_CELERY_BROKER_URL"]
    assert worker["CRICKSY_S3_ENDPOINT_URL"] == ""


def test_minio_takes_the_place_of_the_object_store_where_it_is_asked_for() -> None:
    done = config(made_env(), MINIO, CRICKSY_MINIO_IMAGE="registry.example/minio:1.0")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["services"]
    s3, worker = found["s3"], found["worker"]["environment"]

    assert s3["image"] == "registry.example/minio:1.0"
    assert not s3.get("configs")
    (port,) = s3["ports"]
    endpoint = urlsplit(worker["CRICKSY_S3_ENDPOINT_URL"])
    assert (endpoint.hostname, endpoint.port) == ("s3.localhost", port["target"])
    assert s3["environment"]["MINIO_ROOT_PASSWORD"] == worker["CRICKSY_S3_SECRET_KEY"]
    assert config(made_env(), MINIO).returncode != 0


def test_prometheus_finds_every_worker_judges_the_rules_and_tells_alertmanager() -> None:
    argument = services()["prometheus"]["command"][0].partition("=")[2]
    file = Path(mounts("prometheus")["/etc/prometheus"]) / Path(argument).name
    composed, plain = load(file), load(CONFIGURATION)
    (job,), (plain_job,) = composed.pop("scrape_configs"), plain.pop("scrape_configs")
    (manager,) = composed.pop("alerting")["alertmanagers"][0]["static_configs"][0]["targets"]
    (discovery,) = job["dns_sd_configs"]

    assert complaints("check", "config", file) == ""
    assert composed == plain
    assert job["job_name"] == plain_job["job_name"]
    assert (discovery["names"], discovery["type"]) == (["worker"], "A")
    assert str(discovery["port"]) == environment_of("worker")["CRICKSY_PROBE_PORT"]
    host, _, port = manager.partition(":")
    assert int(port) in published(host)


@pytest.mark.parametrize("address", ["", "http://pager.example/hook?a=1&b=2"])
def test_alertmanager_tells_the_address_that_is_set_and_else_nobody(address: str) -> None:
    done = config(
        made_env().replace(
            "CRICKSY_ALERTMANAGER_WEBHOOK_URL=", f"CRICKSY_ALERTMANAGER_WEBHOOK_URL={address}"
        )
    )
    told = yaml.safe_load(json.loads(done.stdout)["configs"]["alertmanager"]["content"])
    (receiver,) = told["receivers"]

    assert told["route"]["receiver"] == receiver["name"]
    assert receiver["webhook_configs"] == ([{"url": address}] if address else [])


def test_the_collector_listens_where_it_is_published_and_sends_to_jaeger() -> None:
    (file,) = mounts("collector").values()
    collector = load(Path(file))
    protocols = collector["receivers"]["otlp"]["protocols"].values()
    endpoints = [each["endpoint"] for each in protocols]
    endpoints.append(collector["extensions"]["health_check"]["endpoint"])

    assert {int(each.rpartition(":")[2]) for each in endpoints} == published("collector")
    assert "${env:JAEGER_ENDPOINT" in collector["exporters"]["otlp"]["endpoint"]
    assert services()["collector"]["environment"] == {"JAEGER_ENDPOINT": "jaeger:4317"}


def test_grafana_is_led_to_its_dashboards_and_to_both_sources() -> None:
    inside = mounts("grafana")
    sources = inside["/etc/grafana/provisioning/datasources/cricksy-ocr.yaml"]
    provider = inside["/etc/grafana/provisioning/dashboards/cricksy-ocr.yaml"]
    environment = services()["grafana"]["environment"]

    for source in load(Path(sources))["datasources"]:
        address = urlsplit(environment[source["url"][2:-1]])
        assert address.port in published(address.hostname or "")
    (folder,) = (each["options"]["path"] for each in load(Path(provider))["providers"])
    assert list(Path(inside[folder]).glob("*.json"))
