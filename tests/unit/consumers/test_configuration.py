import pytest

from consumers.configuration import DEFAULT, HIDDEN, configuration, hidden, unread
from consumers.settings import Settings

REQUIRED = {"DATABASE_URL": "postgresql://ann:secret@db/cricksy"}


def settings(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, tuple[str, str]]:
    """Value and source of every setting, with just these variables set."""
    told = {**REQUIRED, **environment}
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    found = configuration(Settings(), told)  # type: ignore[call-arg]  # the environment gives them
    return {each.variable: (each.value or "", each.source) for each in found}


@pytest.mark.parametrize(
    ("secret", "shown"),
    [
        ("key", HIDDEN),
        ("", ""),
        ("postgresql://ann:secret@db:5432/cricksy", f"postgresql://ann:{HIDDEN}@db:5432/cricksy"),
        ("postgresql://ann@db/cricksy", "postgresql://ann@db/cricksy"),
        ("postgresql://db/c?user=a&password=secret", f"postgresql://db/c?user=a&password={HIDDEN}"),
        ("rediss://:se:cr@et@redis:6380/1", f"rediss://:{HIDDEN}@redis:6380/1"),
        ("redis://redis:6379/0", "redis://redis:6379/0"),
        ("https://hooks.slack.com/services/T0/secret", f"https://hooks.slack.com/{HIDDEN}"),
    ],
)
def test_of_a_secret_only_the_address_is_shown(secret: str, shown: str) -> None:
    assert hidden(secret) == shown


def test_a_value_is_told_with_where_it_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings(
        monkeypatch, CRICKSY_LEASE_SECONDS="7.5", CRICKSY_CELERY_BROKER_URL="redis://old/0"
    )

    assert found["CRICKSY_LEASE_SECONDS"] == ("7.5", "environment")
    assert found["CRICKSY_MAX_RETRIES"] == ("3", DEFAULT)
    assert found["CRICKSY_REDIS_URL"] == ("redis://old/0", "CRICKSY_CELERY_BROKER_URL")


def test_headers_of_telemetry_are_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings(
        monkeypatch,
        OTEL_EXPORTER_OTLP_HEADERS="authorization=secret",
        OTEL_SERVICE_NAME="ocr",
    )

    assert found["OTEL_EXPORTER_OTLP_HEADERS"][0] == HIDDEN
    assert found["OTEL_SERVICE_NAME"] == ("ocr", "environment")


def test_variables_that_are_misspelt_are_named() -> None:
    names = {"CRICKSY_REDIS_URK": "x", "CRICKSY_REDIS_URL": "x", "cricksy_stream": "x", "PATH": "x"}

    assert unread(names) == ["CRICKSY_REDIS_URK"]
