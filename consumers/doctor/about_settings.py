"""What is set: what production wants otherwise than a developer."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from consumers.doctor.check import Check, Subject
from consumers.doctor.network import is_here

SETTINGS = Subject("settings")
SHORT = 16
"""Characters; fewer can be guessed."""
AWS = "amazonaws.com"


@dataclass(frozen=True, slots=True)
class Choices:
    """Of the settings, what decides how safe the rest is."""

    log_level: str = "INFO"
    alerts_are_posted: bool = False
    console_token: str = field(default="", repr=False)
    s3_endpoint: str = ""
    """Empty for AWS."""
    s3_keys: bool = False
    """Whether they are set, and not left to a role."""


def judge_settings(choices: Choices) -> list[Check]:
    """What they come to."""
    return [
        _log_level(choices),
        _alerts(choices),
        _console(choices),
        _s3_keys(choices),
        _s3_encryption(choices),
    ]


def _log_level(choices: Choices) -> Check:
    if choices.log_level != "DEBUG":
        return SETTINGS.good("log level", choices.log_level)
    text = "DEBUG writes several lines for every step of every upload."
    return SETTINGS.hint("log level", text, "CRICKSY_LOG_LEVEL=INFO")


def _alerts(choices: Choices) -> Check:
    if choices.alerts_are_posted:
        return SETTINGS.good("alerts", "are posted to the webhook")
    text = "No webhook: only who looks, or a Prometheus that has our rules, learns of an alert."
    return SETTINGS.hint("alerts", text, "CRICKSY_ALERT_WEBHOOK_URL, or deploy/prometheus/")


def _console(choices: Choices) -> Check:
    if not choices.console_token:
        return SETTINGS.good("console", "no token: it lets in this machine alone")
    if len(choices.console_token) < SHORT:
        text = f"The token has fewer than {SHORT} characters: it can be guessed."
        remedy = "CRICKSY_CONSOLE_TOKEN=$(openssl rand -hex 32)"
        return SETTINGS.warning("console", text, remedy)
    return SETTINGS.good("console", "wants a token")


def _s3_keys(choices: Choices) -> Check:
    host = urlsplit(choices.s3_endpoint).hostname or AWS
    if not choices.s3_keys:
        return SETTINGS.good("S3 keys", "none: boto3's own chain finds them, such as a role's")
    if not host.endswith(AWS):
        return SETTINGS.good("S3 keys", "set")
    text = "Keys that do not expire are set for AWS."
    remedy = "Leave out CRICKSY_S3_ACCESS_KEY and CRICKSY_S3_SECRET_KEY; give the host an IAM role."
    return SETTINGS.hint("S3 keys", text, remedy)


def _s3_encryption(choices: Choices) -> Check:
    address = urlsplit(choices.s3_endpoint)
    if address.scheme != "http":
        return SETTINGS.good("S3 encryption", "TLS")
    if is_here(address.hostname):
        return SETTINGS.good("S3 encryption", "none, on this machine alone")
    text = f"Pictures and links travel to {address.hostname} in the clear."
    return SETTINGS.warning("S3 encryption", text, "https:// in CRICKSY_S3_ENDPOINT_URL")
