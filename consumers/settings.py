"""Every environment variable that this software reads, in one class.

Read at the entry points only; everything else takes values.
"""

import os
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import (
    AliasChoices,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from consumers.connection import way_to
from pipeline.options import Limits, ReadingOptions


class SettingsError(Exception):
    """The environment does not make a working configuration.

    The message has one line a variable and holds no value: values may be secrets.
    """


def _from_seconds(value: object) -> object:
    """Numbers of seconds, which is all that a variable holds, as `timedelta` takes them."""
    return float(value) if isinstance(value, str) else value


Seconds = Annotated[timedelta, BeforeValidator(_from_seconds), Field(gt=timedelta(0))]
SecondsOrNought = Annotated[timedelta, BeforeValidator(_from_seconds), Field(ge=timedelta(0))]


def _all_but_one(settings: dict[str, Any]) -> int:
    """Slots that read of an archive: one is always there for people, unless it is the only one."""
    return max(int(settings.get("concurrency", 1)) - 1, 1)


class Settings(BaseSettings):
    """The configuration of a replica or a command."""

    model_config = SettingsConfigDict(
        env_prefix="CRICKSY_", env_ignore_empty=True, hide_input_in_errors=True, frozen=True
    )

    database_url: SecretStr = Field(validation_alias="DATABASE_URL")
    redis_url: SecretStr = Field(
        default=SecretStr("redis://localhost:6379/0"),
        validation_alias=AliasChoices("CRICKSY_REDIS_URL", "CRICKSY_CELERY_BROKER_URL"),
    )
    celery_result_backend: SecretStr | None = None

    s3_endpoint_url: str | None = None
    s3_access_key: SecretStr | None = None
    s3_secret_key: SecretStr | None = None
    s3_bucket: str = "cricksy-uploads"
    s3_region: str = "us-east-1"
    s3_presigned_url_expiry: Seconds = timedelta(hours=1)

    enable_uploads: bool = True
    enable_ocr: bool = True
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    stream: str = Field(default="{ocr}:uploads", min_length=1)
    group: str = Field(default="ocr", min_length=1)
    concurrency: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1, le=512)
    backfill_concurrency: int = Field(default_factory=_all_but_one, ge=0)
    max_tasks_per_child: int = Field(default=100, ge=1)
    lease_seconds: Seconds = timedelta(seconds=20)
    upload_timeout_seconds: Seconds = timedelta(seconds=300)
    max_retries: int = Field(default=3, ge=0)
    retry_delay_seconds: Seconds = timedelta(seconds=60)
    max_deliveries: int = Field(default=3, ge=1)
    max_file_mb: float = Field(default=25, gt=0)
    max_pixels: int = Field(default=80_000_000, gt=0)
    max_pages: int = Field(default=20, gt=0)
    ocr_engine: Literal["auto", "tesserocr", "pytesseract"] = "auto"
    ocr_languages: str = Field(default="eng", pattern=r"^[A-Za-z0-9_]+(\+[A-Za-z0-9_]+)*$")
    shutdown_grace_seconds: Seconds = timedelta(seconds=60)

    probe_port: int = Field(default=0, ge=0, le=65535)
    alert_webhook_url: SecretStr | None = None
    alert_webhook_form: Literal["json", "alertmanager", "slack"] | None = None
    canary_seconds: SecondsOrNought = timedelta(0)
    trace_url: str = ""
    console_token: SecretStr | None = None

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("backfill_concurrency")
    @classmethod
    def _within_concurrency(cls, value: int, others: ValidationInfo) -> int:
        if value > others.data.get("concurrency", value):
            raise ValueError("must not be more than CRICKSY_CONCURRENCY")
        return value

    @field_validator("redis_url")
    @classmethod
    def _redis_scheme(cls, value: SecretStr) -> SecretStr:
        way_to(value.get_secret_value(), "")
        return value

    @field_validator("database_url")
    @classmethod
    def _database_scheme(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(("postgresql", "postgres://")):
            raise ValueError("must start with postgresql:// or postgresql+asyncpg://")
        return value

    @field_validator("alert_webhook_url")
    @classmethod
    def _webhook_scheme(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not value.get_secret_value().startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://, or be empty for no webhook")
        return value

    @field_validator("s3_endpoint_url")
    @classmethod
    def _http_scheme(cls, value: str | None) -> str | None:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://, or be empty for AWS")
        return value

    @property
    def reading(self) -> ReadingOptions:
        """How files are read."""
        return ReadingOptions(
            engine=self.ocr_engine, languages=self.ocr_languages, limits=self.limits
        )

    @property
    def limits(self) -> Limits:
        """What is refused before it is decoded."""
        return Limits(
            max_bytes=int(self.max_file_mb * 1024 * 1024),
            max_pixels=self.max_pixels,
            max_pages=self.max_pages,
        )


def load_settings() -> Settings:
    """The settings of this process's environment.

    Raises:
        SettingsError: with everything that is wrong, a line a variable.
    """
    try:
        return Settings()  # type: ignore[call-arg]  # the environment gives them
    except ValidationError as error:
        lines = [
            f"  {_variable(found['loc'])}: {_sentence(found)}"
            for found in error.errors()
            # A default that follows from a variable which is wrong itself.
            if found["type"] != "default_factory_not_called"
        ]
        raise SettingsError("\n".join(["The environment has to be mended:", *lines])) from None


def _variable(location: tuple[int | str, ...]) -> str:
    field = str(location[0])
    return field if field.isupper() else f"CRICKSY_{field.upper()}"


def _sentence(found: Any) -> str:
    if found["type"] == "missing":
        return "is required, for example postgresql://user:password@localhost:5432/cricksy"
    return str(found["msg"]).removeprefix("Value error, ")
