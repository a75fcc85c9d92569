from datetime import timedelta

import pytest

from consumers.settings import SettingsError, load_settings


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in list(os.environ):
        if name.startswith("CRICKSY_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", "postgresql+asyncpg://user:hunter2@db:5432/cricksy")


def test_defaults_are_those_of_the_contract() -> None:
    settings = load_settings()

    assert settings.redis_url.get_secret_value() == "redis://localhost:6379/0"
    assert settings.stream == "{ocr}:uploads"
    assert settings.group == "ocr"
    assert settings.lease_seconds == timedelta(seconds=20)
    assert settings.upload_timeout_seconds == timedelta(seconds=300)
    assert settings.retry_delay_seconds == timedelta(seconds=60)
    assert settings.shutdown_grace_seconds == timedelta(seconds=60)
    assert (settings.max_retries, settings.max_deliveries) == (3, 3)
    assert settings.limits.max_bytes == 25 * 1024 * 1024
    assert settings.s3_endpoint_url is None


def test_everything_that_is_wrong_is_reported_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("CRICKSY_CONCURRENCY", "none")
    monkeypatch.setenv("CRICKSY_LEASE_SECONDS", "-1")
    monkeypatch.setenv("CRICKSY_OCR_ENGINE", "abbyy")

    with pytest.raises(SettingsError) as raised:
        load_settings()

    told = str(raised.value)
    for name in (
        "DATABASE_URL",
        "CRICKSY_CONCURRENCY",
        "CRICKSY_LEASE_SECONDS",
        "CRICKSY_OCR_ENGINE",
    ):
        assert name in told
    assert len(told.splitlines()) == 5


def test_a_wrong_url_is_reported_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRICKSY_REDIS_URL", "http://:hunter3@redis:6379/0")
    monkeypatch.setenv("DATABASE_URL", "mysql://root:hunter2@db/cricksy")

    with pytest.raises(SettingsError) as raised:
        load_settings()

    assert "CRICKSY_REDIS_URL" in str(raised.value)
    assert "DATABASE_URL" in str(raised.value)
    assert "hunter" not in str(raised.value)


def test_secrets_are_not_in_the_repr() -> None:
    assert "hunter2" not in repr(load_settings())


def test_the_old_broker_url_is_used_where_no_redis_url_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CRICKSY_CELERY_BROKER_URL", "redis://old:6379/1")
    assert load_settings().redis_url.get_secret_value() == "redis://old:6379/1"

    monkeypatch.setenv("CRICKSY_REDIS_URL", "redis://new:6379/1")
    assert load_settings().redis_url.get_secret_value() == "redis://new:6379/1"


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRICKSY_S3_ENDPOINT_URL", "")
    monkeypatch.setenv("CRICKSY_CONCURRENCY", "")

    settings = load_settings()

    assert settings.s3_endpoint_url is None
    assert settings.concurrency >= 1


@pytest.mark.parametrize(("slots", "share"), [("1", 1), ("2", 1), ("4", 3)])
def test_one_slot_is_left_for_people_unless_it_is_the_only_one(
    monkeypatch: pytest.MonkeyPatch, slots: str, share: int
) -> None:
    monkeypatch.setenv("CRICKSY_CONCURRENCY", slots)
    assert load_settings().backfill_concurrency == share

    monkeypatch.setenv("CRICKSY_BACKFILL_CONCURRENCY", "0")
    assert load_settings().backfill_concurrency == 0


def test_an_archive_cannot_have_more_slots_than_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRICKSY_CONCURRENCY", "2")
    monkeypatch.setenv("CRICKSY_BACKFILL_CONCURRENCY", "3")

    with pytest.raises(SettingsError, match="must not be more than CRICKSY_CONCURRENCY"):
        load_settings()


@pytest.mark.parametrize(("written", "means"), [("1", True), ("0", False), ("false", False)])
def test_flags_are_read_as_the_old_worker_wrote_them(
    monkeypatch: pytest.MonkeyPatch, written: str, means: bool
) -> None:
    monkeypatch.setenv("CRICKSY_ENABLE_OCR", written)
    assert load_settings().enable_ocr is means


def test_fractions_of_seconds_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRICKSY_LEASE_SECONDS", "1.5")
    assert load_settings().lease_seconds == timedelta(seconds=1.5)
