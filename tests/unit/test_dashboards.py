"""Grafana's dashboards are what Grafana's own types say a dashboard is."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

FOLDER = Path(__file__).parents[2] / "otel" / "dashboards"
FILES = sorted(FOLDER.glob("*.json"))


@pytest.fixture(scope="module", autouse=True)
def known_panels() -> None:
    """Options of panels and queries are checked as well."""
    register_default_plugins()


def load(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def unknown(document: Any, place: str = "") -> Iterator[str]:
    """Places of what Grafana's types do not know, or take for something else."""
    understood = json.loads(json.dumps(Dashboard.from_json(document), cls=JSONEncoder))
    return _differences(document, understood, place)


def _differences(written: Any, understood: Any, place: str) -> Iterator[str]:
    if isinstance(written, dict) and isinstance(understood, dict):
        for name, value in written.items():
            if name in understood:
                yield from _differences(value, understood[name], f"{place}/{name}")
            else:
                yield f"{place}/{name}"
    elif isinstance(written, list) and isinstance(understood, list):
        for number, (one, other) in enumerate(zip(written, understood, strict=True)):
            yield from _differences(one, other, f"{place}/{number}")
    elif written != understood:
        yield place


def panels(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [panel for panel in document["panels"] if panel["type"] != "row"]


def test_there_are_dashboards() -> None:
    assert [file.stem for file in FILES] == ["overview", "reading"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_grafana_knows_every_key_of_a_dashboard(file: Path) -> None:
    assert list(unknown(load(file))) == []


def test_a_misspelt_key_is_found() -> None:
    document = copy.deepcopy(load(FILES[0]))
    document["panels"][1]["fieldConfig"]["defaults"]["untis"] = "s"

    assert list(unknown(document)) == ["/panels/1/fieldConfig/defaults/untis"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_panel_says_what_it_shows_and_none_covers_another(file: Path) -> None:
    document = load(file)
    taken: set[tuple[int, int]] = set()
    for panel in document["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells
    assert all(panel["title"] and panel["description"] for panel in panels(document))
    ids = [panel["id"] for panel in document["panels"]]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_query_goes_to_the_data_source_that_is_chosen(file: Path) -> None:
    document = load(file)
    (variable,) = document["templating"]["list"]
    assert (variable["name"], variable["type"]) == ("datasource", "datasource")
    text = file.read_text()
    assert set(re.findall(r'"uid": "(\$[^"]*)"', text)) == {"${datasource}"}
    for panel in panels(document):
        assert panel["datasource"]["uid"] == "${datasource}"
