"""compose.yaml agrees with the files that it mounts and with what replicas are told."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from consumers.settings import load_settings
from tests.prometheus import CONFIGURATION, complaints

ROOT = Path(__file__).parents[2]
FILE = ROOT / "compose.yaml"
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
WITHOUT_A_SHELL = {"collector"}
PINNED = re.compile(r"^[\w./-]+:v?\d+\.\d+(\.\d+)?(-alpine)?$")


def load(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(file.read_text())
    return found


def mounts(service: str) -> dict[str, str]:
    """What a service finds where: the path inside, and its source."""
    found = (each.split(":") for each in SERVICES[service].get("volumes", ()))
    return {target: source for source, target, *_ in found}


def published(service: str) -> set[int]:
    """Ports of this host, which are those inside as well."""
    return {int(each.rpartition(":")[2]) for each in SERVICES[service]["ports"]}


def environment_of_replicas() -> dict[str, str]:
    """As the head of the file gives it."""
    head = FILE.read_text().partition("name:")[0]
    return dict(re.findall(r"^#   ([A-Z0-9_]+)=(\S+)$", head, re.MULTILINE))


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_is_pinned_and_published_to_this_host_alone(service: str) -> None:
    assert PINNED.match(SERVICES[service]["image"])
    for port in SERVICES[service]["ports"]:
        address, outside, inside = port.split(":")
        assert (address, outside) == ("127.0.0.1", inside)


@pytest.mark.parametrize("service", sorted(set(SERVICES) - WITHOUT_A_SHELL))
def test_a_service_says_whether_it_is_well(service: str) -> None:
    check = SERVICES[service]["healthcheck"]
    (port,) = published(service)
    asked = re.findall(r"127\.0\.0\.1:(\d+)", " ".join(check["test"]))

    assert check["interval"]
    assert asked in ([], [str(port)])


def test_whoever_waits_waits_for_a_service_that_can_say_so() -> None:
    for service in SERVICES.values():
        for name, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            assert "healthcheck" in SERVICES[name]


def test_all_that_is_mounted_is_there_and_all_that_is_declared_is_used() -> None:
    sources = {source for service in SERVICES for source in mounts(service).values()}
    files = {source for source in sources if source.startswith("./")}
    configs = {each["source"] for one in SERVICES.values() for each in one.get("configs", ())}

    assert [each for each in files if not (ROOT / each).exists()] == []
    assert sources - files == set(COMPOSE["volumes"])
    assert configs == set(COMPOSE["configs"])


def test_replicas_find_every_server_where_the_head_of_the_file_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = environment_of_replicas()
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()

    assert settings.redis_url.get_secret_value() == "redis://:cricksy@localhost:6379/0"
    ports = {int(port) for port in re.findall(r"localhost:(\d+)", " ".join(told.values()))}
    assert ports == {6379, 5432, 8333, 16686, 4318}
    assert ports < set().union(*map(published, SERVICES))
    identities = COMPOSE["configs"]["s3"]["content"]
    assert f":-{told['CRICKSY_S3_ACCESS_KEY']}}}" in identities
    assert f":-{told['CRICKSY_S3_SECRET_KEY']}}}" in identities


def test_prometheus_scrapes_the_replicas_of_this_host_and_judges_the_rules() -> None:
    argument = SERVICES["prometheus"]["command"][0].partition("=")[2]
    file = ROOT / mounts("prometheus")["/etc/prometheus"] / Path(argument).name
    told = environment_of_replicas()["CRICKSY_PROBE_PORT"]
    plain, composed = CONFIGURATION.read_text(), file.read_text()

    assert complaints("check", "config", file) == ""
    assert f"host.docker.internal:{told}" in composed
    assert yaml.safe_load(composed.replace("host.docker.internal", "localhost")) == (
        yaml.safe_load(plain)
    )
    assert SERVICES["prometheus"]["extra_hosts"] == ["host.docker.internal:host-gateway"]


def test_the_collector_listens_where_it_is_published_and_sends_to_jaeger() -> None:
    (file,) = mounts("collector").values()
    collector = load(ROOT / file)
    protocols = collector["receivers"]["otlp"]["protocols"].values()
    endpoints = [each["endpoint"] for each in protocols]
    endpoints.append(collector["extensions"]["health_check"]["endpoint"])

    assert {int(each.rpartition(":")[2]) for each in endpoints} == published("collector")
    assert "${env:JAEGER_ENDPOINT" in collector["exporters"]["otlp"]["endpoint"]
    assert SERVICES["collector"]["environment"] == {"JAEGER_ENDPOINT": "jaeger:4317"}


def test_grafana_is_led_to_its_dashboards_and_to_both_sources() -> None:
    inside = mounts("grafana")
    sources = inside["/etc/grafana/provisioning/datasources/cricksy-ocr.yaml"]
    provider = inside["/etc/grafana/provisioning/dashboards/cricksy-ocr.yaml"]
    environment = SERVICES["grafana"]["environment"]

    for source in load(ROOT / sources)["datasources"]:
        host, port = re.match(r"http://(\w+):(\d+)", environment[source["url"][2:-1]]).groups()  # type: ignore[union-attr]  # or it fails
        assert int(port) in published(host)
    (folder,) = (each["options"]["path"] for each in load(ROOT / provider)["providers"])
    assert list((ROOT / inside[folder]).glob("*.json"))
