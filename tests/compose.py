"""compose.yaml as `docker compose` itself resolves it, with an .env made from .env.example."""

import json
import os
import re
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FILE = ROOT / "compose.yaml"
EXAMPLE = ROOT / ".env.example"
PROGRAM = Path(sys.executable).with_name("docker-compose")
"""The client; `config` checks a file against the compose specification, and needs no engine."""
SECRET = re.compile(r"_(PASSWORD|SECRET_KEY|TOKEN)$")
"""Names of variables that hold one."""


def recipe() -> str:
    """The shell command that makes .env, as the head of .env.example gives it."""
    (found,) = re.findall(r"^#   (awk .*)$", EXAMPLE.read_text(), re.MULTILINE)
    return str(found)


def made_env() -> str:
    """What that command writes."""
    command, _, target = recipe().rpartition(" > ")
    assert target == ".env"
    return subprocess.run(
        command, shell=True, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout


def config(variables: str, *files: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`docker compose config` with the content of an .env."""
    with tempfile.NamedTemporaryFile("w", suffix=".env") as env:
        env.write(variables)
        env.flush()
        chosen = [part for file in (FILE, *files) for part in ("--file", str(file))]
        return subprocess.run(
            [PROGRAM, "--env-file", env.name, *chosen, "config", "--format", "json"],
            # Nothing of this shell's: its variables go before those of the file.
            env={"PATH": os.environ["PATH"], **environment},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )


@cache
def resolved() -> dict[str, Any]:
    """Everything that compose would start."""
    done = config(made_env())
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def services() -> dict[str, dict[str, Any]]:
    """The resolved services by name."""
    found: dict[str, dict[str, Any]] = resolved()["services"]
    return found


def ours() -> dict[str, dict[str, Any]]:
    """Those that run our image."""
    return {name: each for name, each in services().items() if "build" in each}


def environment_of(service: str) -> dict[str, str]:
    """What its process finds set: a name that nobody gives a value is not."""
    given = services()[service].get("environment", {})
    return {name: value for name, value in given.items() if value is not None}
