import subprocess
import sys

import psutil
import pytest

from benchmarks.processes import Tree, spending

MIB = 1024**2
SPIN = "import time\nwhile time.process_time() < 0.3: pass"
HELD = "import sys; held = bytearray(64 * 2**20); print(flush=True); sys.stdin.read()"


def test_cpu_time_of_children_that_have_ended_is_counted() -> None:
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SPIN!r}])"
    wait = "; print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", parent + wait], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert Tree((process.pid,)).cpu_seconds() >= 0.3
        process.communicate()


def test_memory_of_a_tree_is_that_of_its_descendants_too() -> None:
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {HELD!r}])"
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        tree = Tree((process.pid,))
        with tree.watched() as seen:
            pass
        assert 64 * MIB < tree.pss() < 200 * MIB
        assert seen[0] > 64 * MIB
        process.communicate()


def test_what_was_spent_before_is_not_counted() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SPIN + "\nprint(flush=True)\ninput()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        with spending(Tree((process.pid,))) as spent:
            pass
        assert spent.cpu_seconds < 0.1
        process.communicate(b"\n")


def test_a_tree_that_has_ended_costs_nothing_more() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()

    assert Tree((process.pid,)).cpu_seconds() == 0
    assert Tree((process.pid,)).pss() == 0


def test_a_process_that_ends_while_it_is_looked_at_costs_nothing_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        ended = psutil.Process(process.pid)
    monkeypatch.setattr(Tree, "_living", lambda _: [ended])

    assert Tree(()).cpu_seconds() == 0
    assert Tree(()).pss() == 0
