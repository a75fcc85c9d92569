"""What is set, from where, with the secrets hidden: what `cricksy-ocr config` tells."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from pydantic import AliasChoices, SecretStr
from pydantic.fields import FieldInfo

from consumers.settings import Settings

PREFIX = "CRICKSY_"
DEFAULT = "default"
HIDDEN = "********"
_IN_QUERY = re.compile(r"(?i)([?&](?:password|sslpassword|token|key|secret)=)[^&]*")
_TELEMETRY_SECRETS = ("HEADERS", "KEY", "TOKEN")


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable."""

    variable: str
    value: str | None
    """As it takes effect; None where it is not set and has no default. Secrets are hidden."""
    source: str
    """`default`, `environment`, or the other variable that it was taken from."""
    secret: bool

    @property
    def is_set(self) -> bool:
        """Whether the environment says so."""
        return self.source != DEFAULT


def configuration(settings: Settings, environment: Mapping[str, str]) -> list[Setting]:
    """Every setting, in the order of its declaration; then OpenTelemetry's own that are set."""
    found = []
    for name, field in Settings.model_fields.items():
        names = _variables(name, field)
        source = next((each for each in names if _given(environment, each)), None)
        value = getattr(settings, name)
        secret = isinstance(value, SecretStr)
        text = hidden(value.get_secret_value()) if secret else _without_user(_text(value))
        where = DEFAULT if source is None else "environment" if source == names[0] else source
        found.append(Setting(names[0], text or None, where, secret))
    for name, value in sorted(environment.items()):
        if name.startswith("OTEL_") and value:
            secret = any(word in name for word in _TELEMETRY_SECRETS) or "@" in value
            found.append(Setting(name, HIDDEN if secret else value, "environment", secret))
    return found


def unread(environment: Mapping[str, str]) -> list[str]:
    """Variables that are named like ours and read by nobody here: the backend's, or misspelt."""
    known = {
        each for name, field in Settings.model_fields.items() for each in _variables(name, field)
    }
    return sorted(
        name
        for name in environment
        if name.upper().startswith(PREFIX) and name.upper() not in known
    )


def hidden(secret: str) -> str:
    """A secret as it may be shown: of an address all but its password, of anything else nothing."""
    if "://" not in secret:
        return HIDDEN if secret else ""
    scheme, _, rest = secret.partition("://")
    if scheme.startswith("http"):
        # The path of a webhook is its secret.
        host = rest.rpartition("@")[2].partition("/")[0]
        return f"{scheme}://{host}/{HIDDEN}"
    authority, at, place = rest.rpartition("@")
    user, colon, _ = authority.partition(":")
    shown = f"{user}{colon}{HIDDEN if colon else ''}{at}"
    return f"{scheme}://{shown}{_IN_QUERY.sub(lambda found: found[1] + HIDDEN, place)}"


def _variables(name: str, field: FieldInfo) -> list[str]:
    alias = field.validation_alias
    if isinstance(alias, AliasChoices):
        return [str(each) for each in alias.choices]
    return [str(alias)] if alias else [f"{PREFIX}{name.upper()}"]


def _given(environment: Mapping[str, str], variable: str) -> bool:
    return any(name.upper() == variable and value for name, value in environment.items())


def _without_user(text: str) -> str:
    """An address that is no secret, but for who asks."""
    return hidden(text) if "://" in text and "@" in text else text


def _text(value: object) -> str:
    if isinstance(value, timedelta):
        return f"{value.total_seconds():g}"
    if isinstance(value, bool):
        return str(int(value))
    return "" if value is None else str(value)
