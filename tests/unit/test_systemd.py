"""The units fit what the programs do, and systemd finds nothing wrong with them."""

import shutil
import subprocess
import sys
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import pytest

from consumers.health import PATIENCE
from consumers.settings import Settings, load_settings
from consumers.supervisor import CANNOT_GO_ON, CLOSING

FOLDER = Path(__file__).parents[2] / "deploy" / "systemd"
REPLICA = FOLDER / "cricksy-ocr@.service"
SERVICES = sorted(FOLDER.glob("*.service"))
INSTALLED = "/opt/cricksy-ocr/bin/"
EXPOSURE = 25
"""Tenths, of a hundred: the most that `systemd-analyze security` may find."""

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd is not installed"
)


def keys(unit: Path) -> dict[str, list[str]]:
    """The values of each key, in the order of the file."""
    found = defaultdict(list)
    for line in unit.read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found[key].append(value)
    return found


def environment(lines: list[str]) -> dict[str, str]:
    return {key: value for key, _, value in (line.partition("=") for line in lines)}


def seconds(unit: Path, key: str) -> timedelta:
    (value,) = keys(unit)[key]
    return timedelta(seconds=int(value))


def confinement(unit: Path) -> str:
    """What a unit forbids its processes, as it stands there."""
    text = unit.read_text()
    return text[text.index("# The same in all three units") : text.index("[Install]")]


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", "--no-pager", *arguments]
    return subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """The units, with the programs where they are on this machine."""
    here = f"{Path(sys.executable).parent}/"
    for unit in [*SERVICES, *FOLDER.glob("*.target")]:
        (tmp_path / unit.name).write_text(unit.read_text().replace(INSTALLED, here))
    return sorted(tmp_path.iterdir())


@needs_systemd
def test_systemd_finds_nothing_wrong(units: list[Path]) -> None:
    done = analyze("verify", "--man=no", *units)

    assert (done.returncode, done.stdout) == (0, "")


@needs_systemd
def test_systemd_notices_a_key_that_is_none(units: list[Path]) -> None:
    (unit,) = (each for each in units if each.name == REPLICA.name)
    unit.write_text(unit.read_text().replace("WatchdogSec=", "WatchdogSecs="))

    assert "WatchdogSecs" in analyze("verify", "--man=no", unit).stdout


@needs_systemd
@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_is_exposed_to_little(unit: Path) -> None:
    done = analyze("security", "--offline=true", f"--threshold={EXPOSURE}", unit)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_is_confined_started_again_and_owned_by_no_root(unit: Path) -> None:
    found = keys(unit)

    assert confinement(unit) == confinement(REPLICA)
    assert found["NoNewPrivileges"] == ["yes"]
    assert found["User"] == found["Group"] == ["cricksy-ocr"]
    assert found["Restart"] == ["always"]
    assert found["PartOf"] == found["WantedBy"] == ["cricksy-ocr.target"]
    assert found["EnvironmentFile"] == ["/etc/cricksy-ocr/cricksy-ocr.env"]


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_what_a_service_starts_is_a_program_of_this_project(unit: Path) -> None:
    (command,) = keys(unit)["ExecStart"]
    program, *arguments = command.removeprefix(INSTALLED).split()

    assert command.startswith(INSTALLED)
    assert shutil.which(program, path=str(Path(sys.executable).parent))
    assert (program == "faststream") == (arguments == ["run", "consumers.app:app"])


def test_a_replica_has_time_to_leave_and_its_children_to_read_to_the_end() -> None:
    grace = Settings.model_fields["shutdown_grace_seconds"].default

    assert seconds(REPLICA, "TimeoutStopSec") >= grace + CLOSING
    assert keys(REPLICA)["KillMode"] == ["mixed"]


def test_the_watchdog_waits_for_longer_than_a_read_loop_may_be_silent() -> None:
    assert keys(REPLICA)["Type"] == ["notify"]
    assert seconds(REPLICA, "WatchdogSec") > PATIENCE * 2


def test_a_replica_that_cannot_go_on_is_not_started_again() -> None:
    assert keys(REPLICA)["RestartPreventExitStatus"] == [str(CANNOT_GO_ON)]


@pytest.mark.parametrize("instance", range(10))
def test_the_example_and_an_instance_make_a_configuration(
    instance: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_unit = [line.replace("%i", str(instance)) for line in keys(REPLICA)["Environment"]]
    lines = (FOLDER / "cricksy-ocr.env.example").read_text().splitlines()
    of_file = environment([line for line in lines if not line.startswith("#")])
    for key, value in (environment(of_unit) | of_file).items():
        monkeypatch.setenv(key, value)

    settings = load_settings()

    assert settings.probe_port == 9460 + instance
    assert settings.concurrency == 1
    assert settings.shutdown_grace_seconds + CLOSING <= seconds(REPLICA, "TimeoutStopSec")
