"""Whether all benchmarks work; what they find on a busy machine tells nothing about speed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.alone


@pytest.mark.timeout(400)
def test_every_measure_works_and_finds_nothing_absurd(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"

    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--short", "--json", figures],
        capture_output=True, text=True, timeout=390, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    told = json.loads(figures.read_text())
    lines = [line for each in told["measures"].values() for line in each]
    assert set(told["measures"]) == {"start", "queue", "throughput", "recovery", "scale"}
    assert {line["what"] for line in lines} <= set(_cells(done.stdout))
    assert all(0 <= line["least"] <= line["figure"] <= line["most"] for line in lines)
    found = {line["what"]: line["figure"] for line in lines}
    assert 0.2 < found["ours / limit, 1 process"] < 2
    assert 90 < found["ours: numbers right"] <= 100
    assert found["celery tuned: numbers right"] < found["ours: numbers right"]
    assert 0.5 < found["SIGKILL to reclaim p50, leases of 4 s"] < 5
    assert found["celery: visibility time-out, by default"] == 3600


def _cells(page: str) -> list[str]:
    rows = (line.split("|") for line in page.splitlines() if line.startswith("|"))
    return [row[2].strip() for row in rows]
