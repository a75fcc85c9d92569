"""The configuration files beside the code: what they name is there."""

from pathlib import Path
from typing import Any

import yaml

from tests.prometheus import CONFIGURATION, complaints

ROOT = Path(__file__).parents[2]
OTEL = ROOT / "otel"


def load(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(file.read_text())
    return found


def test_the_collector_uses_all_that_it_defines_and_nothing_else() -> None:
    collector = load(OTEL / "collector.yaml")
    service = collector["service"]
    for kind in ("receivers", "processors", "exporters"):
        used = {name for pipeline in service["pipelines"].values() for name in pipeline[kind]}
        assert used == set(collector[kind]), kind
    assert set(service["extensions"]) == set(collector["extensions"])


def test_the_collector_takes_what_replicas_send() -> None:
    collector = load(OTEL / "collector.yaml")
    assert set(collector["service"]["pipelines"]) == {"traces", "metrics"}
    protocols = collector["receivers"]["otlp"]["protocols"]
    # The port of OTLP over HTTP, which is what the exporters speak.
    assert protocols["http"]["endpoint"].endswith(":4318")


def test_grafana_finds_its_data_and_its_dashboards() -> None:
    provisioning = OTEL / "dashboards" / "provisioning"
    sources = load(provisioning / "datasources.yaml")["datasources"]
    assert {source["type"] for source in sources} == {"prometheus", "jaeger"}
    (provider,) = load(provisioning / "dashboards.yaml")["providers"]
    assert (provider["type"], provider["options"]["path"]) == (
        "file",
        "/var/lib/grafana/dashboards",
    )


def test_promtool_finds_nothing_wrong_with_the_scrape_configuration() -> None:
    assert complaints("check", "config", CONFIGURATION) == ""
