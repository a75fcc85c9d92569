"""deploy/Dockerfile and what it is given: all of it is needed, and all of it is locked."""

import ast
import re
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE = ROOT / "deploy" / "Dockerfile"
HADOLINT = Path(sys.executable).with_name("hadolint")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)", re.MULTILINE)
RUN_LOCK, WHOLE_LOCK = "requirements-run.lock", "requirements.lock"


def instructions() -> list[tuple[str, str]]:
    """Each instruction and what follows it, on one line, without comments."""
    lines = [
        line for line in FILE.read_text().splitlines() if line and not line.lstrip().startswith("#")
    ]
    joined = "\n".join(lines).replace("\\\n", " ")
    split = (line.partition(" ") for line in joined.splitlines())
    return [(name, " ".join(rest.split())) for name, _, rest in split]


def last_stage() -> list[tuple[str, str]]:
    """The instructions of the image that ships."""
    found = instructions()
    begin = max(number for number, (name, _) in enumerate(found) if name == "FROM")
    return found[begin:]


def only(name: str) -> str:
    """What the one instruction of that name says in the stage that ships."""
    (found,) = (rest for each, rest in last_stage() if each == name)
    return found


def pins(lock: str) -> set[tuple[str, str]]:
    return set(PIN.findall((ROOT / lock).read_text()))


def test_hadolint_finds_nothing_to_mend() -> None:
    done = subprocess.run(
        [HADOLINT, "--failure-threshold", "info", FILE],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_the_image_runs_as_a_fixed_user_that_is_not_root() -> None:
    user, _, group = only("USER").partition(":")

    assert int(user) > 1000
    assert int(group) > 1000
    assert f"useradd --uid {user} --gid {group}" in only("RUN")


def test_the_image_brings_no_compiler_no_pip_and_no_package_lists() -> None:
    installed = only("RUN")

    assert not re.search(r"\b(gcc|g\+\+|build-essential|python3-dev|pip|curl|wget)\b", installed)
    assert "--no-install-recommends" in installed
    assert "rm -rf /var/lib/apt/lists/*" in installed
    assert [rest for name, rest in last_stage() if name == "COPY"] == [
        "--from=build /opt/cricksy-ocr /opt/cricksy-ocr"
    ]
    assert any("venv --without-pip" in rest for name, rest in instructions() if name == "RUN")


def test_nothing_is_installed_without_the_hash_that_was_locked() -> None:
    installs = [
        part
        for name, rest in instructions()
        if name == "RUN"
        for part in rest.split(" && ")
        if re.search(r"\bpip\b.* (install|wheel) ", part)
    ]
    for each in installs:
        locked = "--require-hashes" in each and RUN_LOCK in each
        ours = "--no-deps" in each and ("--no-index" in each or "--no-build-isolation" in each)
        assert locked or ours
        assert "--no-cache-dir" in each
    assert len(installs) == 3


def test_the_image_is_stopped_and_probed_as_a_replica_wants_it() -> None:
    assert only("STOPSIGNAL") == "SIGTERM"
    assert ast.literal_eval(only("CMD")) == ["faststream", "run", "consumers.app:app"]
    probe = ast.literal_eval(only("HEALTHCHECK").partition(" CMD ")[2])
    assert probe == ["python", "-m", "deploy.container.probe", "/livez"]
    assert {"OMP_THREAD_LIMIT=1", "CRICKSY_PROBE_PORT=9464"} <= set(only("ENV").split())


def test_labels_say_what_the_image_is_and_of_which_version() -> None:
    labels = dict(re.findall(r'org\.opencontainers\.image\.(\S+?)="([^"]*)"', only("LABEL")))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert labels["title"] == project["name"]
    assert labels["description"] == project["description"]
    assert {"version", "revision", "created", "base.name"} <= set(labels)
    assert ("ARG", f"VERSION={project['version']}") in last_stage()


def test_all_that_is_copied_is_there_and_is_all_that_the_build_is_given() -> None:
    copied = {
        word
        for name, rest in instructions()
        if name == "COPY" and not rest.startswith("--from")
        for word in rest.split()[:-1]
    }
    ignored = (ROOT / ".dockerignore").read_text().split("\n")

    assert [each for each in copied if not (ROOT / each).exists()] == []
    assert "*" in ignored
    assert {line[1:] for line in ignored if line.startswith("!")} == copied
    assert not any(fnmatch(".env", each) for each in copied)


def test_what_ships_is_locked_as_it_is_tested_and_brings_no_test_tools() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = {_name(each) for each in project["project"]["dependencies"]}
    ships = {name for name, _ in pins(RUN_LOCK)}
    for_tests = {_name(each) for each in project["dependency-groups"]["test"]}
    for_tests |= {_name(each) for each in project["project"]["optional-dependencies"]["dev"]}

    assert wanted <= ships
    assert pins(RUN_LOCK) <= pins(WHOLE_LOCK)
    assert ships & (for_tests - wanted) == set()
    for entry in re.split(r"^(?=\S)", (ROOT / RUN_LOCK).read_text(), flags=re.MULTILINE)[1:]:
        assert PIN.match(entry)
        assert "--hash=sha256:" in entry


def _name(requirement: str) -> str:
    return re.split(r"[\[<>=!~ ]", requirement)[0]
