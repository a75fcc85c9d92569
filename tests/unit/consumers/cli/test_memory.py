"""What is left where it is scarcest."""

from pathlib import Path

import pytest

from consumers.cli.memory import Memory, memory_left

MIB = 2**20
MACHINE = "MemTotal: 4096 kB\nMemFree: 12 kB\nMemAvailable: 2048 kB\nHugePages_Total: 0\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/meminfo").write_text(MACHINE)
    return tmp_path


def in_group(root: Path, name: str, limit: str) -> None:
    (root / "proc/self/cgroup").write_text(f"0::{name}\n")
    folder = root / "sys/fs/cgroup" / name.strip("/")
    folder.mkdir(parents=True)
    (folder / "memory.max").write_text(f"{limit}\n")
    (folder / "memory.current").write_text(f"{MIB}\n")
    (folder / "memory.stat").write_text(f"anon 1\ninactive_file {MIB // 4}\nactive_file 2\n")


def test_it_is_the_machines_where_nothing_limits_it_further(root: Path) -> None:
    assert memory_left(root) == Memory(2 * MIB, 4 * MIB)


@pytest.mark.parametrize("name", ["/", "/system.slice/ocr.service"])
def test_it_is_the_containers_or_the_units_where_that_has_less(root: Path, name: str) -> None:
    in_group(root, name, str(2 * MIB))
    assert memory_left(root) == Memory(MIB + MIB // 4, 2 * MIB)


def test_a_control_group_without_a_limit_is_none(root: Path) -> None:
    in_group(root, "/", "max")
    assert memory_left(root) == Memory(2 * MIB, 4 * MIB)


def test_a_system_that_does_not_tell_is_asked_in_vain(tmp_path: Path) -> None:
    assert memory_left(tmp_path) is None


def test_this_machine_tells() -> None:
    found = memory_left()
    assert found is not None
    assert 0 < found.left <= found.total
