""".env.example says what each variable is, and makes an .env that compose.yaml can use."""

import re

import pytest

from consumers.configuration import unread
from consumers.settings import Settings, load_settings
from tests.compose import EXAMPLE, FILE, SECRET, config, made_env, recipe


def named_in(example: str) -> dict[str, str]:
    """The variables of .env.example and their values, those that are commented out as well."""
    return dict(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=(.*)$", example, re.MULTILINE))


def test_env_is_made_by_the_command_that_its_example_gives() -> None:
    example, made = named_in(EXAMPLE.read_text()), named_in(made_env())
    secrets = [made[name] for name in made if SECRET.search(name)]

    assert "openssl rand" in recipe()
    assert [name for name in example if SECRET.search(name) and example[name]] == []
    assert all(re.fullmatch(r"[0-9a-f]{48}", secret) for secret in secrets)
    assert len(set(secrets)) == len(secrets) == 5
    assert {each for each in example if not SECRET.search(each)} < made.keys()


def test_compose_starts_nothing_while_a_secret_is_missing() -> None:
    done = config(EXAMPLE.read_text())
    missing = set(re.findall(r"required variable (\w+) is missing", done.stderr))

    assert done.returncode != 0
    assert missing == {name for name in named_in(EXAMPLE.read_text()) if SECRET.search(name)}


def test_the_example_explains_every_variable_that_is_read_or_used() -> None:
    example = EXAMPLE.read_text()
    read = {
        variable
        for name, field in Settings.model_fields.items()
        for variable in getattr(field.validation_alias, "choices", None)
        or [field.validation_alias or f"CRICKSY_{name.upper()}"]
    }
    used = set(re.findall(r"\$\{([A-Z0-9_]+)", FILE.read_text()))

    assert (read | used) - set(named_in(example)) == set()
    assert unread(dict.fromkeys(named_in(example), "x")) == sorted(used - read - {"DATABASE_URL"})


def test_the_defaults_that_the_example_shows_are_those_of_the_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://localhost/x")
    before = load_settings()
    for name, value in re.findall(r"^# (CRICKSY_\w+)=(\S+)$", EXAMPLE.read_text(), re.MULTILINE):
        monkeypatch.setenv(name, value)

    assert load_settings() == before
