"""What the doctor says of settings and rights that are fine for development only."""

from dataclasses import replace
from pathlib import Path

import pytest

from consumers.doctor import Check, Verdict
from consumers.doctor.about_process import examine_process
from consumers.doctor.about_redis import judge_redis
from consumers.doctor.about_settings import Choices, judge_settings
from consumers.doctor.network import is_here
from tests.unit.consumers.doctor.test_judgements import WELL, ailing, postgresql

SECURE = Choices(
    alerts_are_posted=True, console_token="0123456789abcdef", s3_endpoint="https://s3.example.org"
)


def login(url: str, user: str | None = None) -> Verdict:
    checks = judge_redis(WELL, url, snapshots=None, user=user)
    (found,) = [each for each in checks if each.name == "login"]
    return found.verdict


def encryption(url: str) -> Verdict:
    checks = judge_redis(WELL, url, snapshots=None)
    (found,) = [each for each in checks if each.name == "encryption"]
    return found.verdict


@pytest.mark.parametrize(
    ("url", "user", "verdict"),
    [
        ("redis://localhost:6379/0", None, Verdict.GOOD),
        ("redis://:p@127.0.0.1:6379/0", "default", Verdict.GOOD),
        ("unix:///run/redis.sock", None, Verdict.GOOD),
        ("rediss://redis.example.org:6379/0", None, Verdict.WARNING),
        ("rediss://ocr@redis.example.org:6379/0", None, Verdict.WARNING),
        ("rediss://:p@redis.example.org:6379/0", "default", Verdict.HINT),
        ("rediss://:p@redis.example.org:6379/0", None, Verdict.HINT),
        ("rediss://ocr:p@redis.example.org:6379/0", "ocr", Verdict.GOOD),
        # One who may not ask who it is.
        ("rediss://ocr:p@redis.example.org:6379/0", None, Verdict.GOOD),
        ("rediss+sentinel://:p@localhost,s2.example.org/mymaster", None, Verdict.HINT),
        ("redis+cluster://127.0.0.1:7000,127.0.0.1:7001", None, Verdict.GOOD),
    ],
)
def test_who_logs_in_to_redis_over_a_network_is_a_user_of_few_rights(
    url: str, user: str | None, verdict: Verdict
) -> None:
    assert login(url, user) is verdict


@pytest.mark.parametrize(
    ("url", "verdict"),
    [
        ("rediss+cluster://:p@a.example.org,b.example.org", Verdict.GOOD),
        ("redis+sentinel://:p@a.example.org,b.example.org/mymaster", Verdict.WARNING),
        ("redis+sentinel://:p@localhost:1,127.0.0.1:2/mymaster", Verdict.GOOD),
        ("rediss://:p@redis.example.org/0?ssl_cert_reqs=none", Verdict.WARNING),
    ],
)
def test_every_way_to_redis_over_a_network_is_to_be_encrypted(url: str, verdict: Verdict) -> None:
    assert encryption(url) is verdict


def test_no_password_of_redis_is_repeated() -> None:
    checks = judge_redis(WELL, "redis://:hush@redis.example.org:6379/0", snapshots=None)

    assert not [each for each in checks if "hush" in each.text + each.remedy]


def test_a_certificate_of_postgresqls_is_to_be_checked() -> None:
    assert postgresql(local=False, encrypted=True) == {"encryption": Verdict.HINT}


def test_a_superuser_is_more_than_is_needed() -> None:
    assert postgresql(superuser=True) == {"role": Verdict.HINT}


def settings(**chosen: object) -> dict[str, Verdict]:
    return ailing(judge_settings(replace(SECURE, **chosen)))  # type: ignore[arg-type]  # any field


def test_settings_for_production_have_no_remedy() -> None:
    assert settings() == {}
    assert settings(s3_endpoint="", s3_keys=False) == {}
    assert settings(s3_keys=True) == {}
    assert settings(console_token="") == {}


def test_a_developers_settings_are_hints_and_no_more() -> None:
    here = Choices(log_level="DEBUG", s3_endpoint="http://127.0.0.1:8333", s3_keys=True)

    assert ailing(judge_settings(here)) == {"log level": Verdict.HINT, "alerts": Verdict.HINT}


def test_lasting_keys_for_aws_are_a_hint() -> None:
    assert settings(s3_endpoint="", s3_keys=True) == {"S3 keys": Verdict.HINT}
    amazon = "https://s3.eu-west-1.amazonaws.com"
    assert settings(s3_endpoint=amazon, s3_keys=True) == {"S3 keys": Verdict.HINT}


def test_pictures_over_a_network_are_to_be_encrypted() -> None:
    assert settings(s3_endpoint="http://minio:9000") == {"S3 encryption": Verdict.WARNING}


def test_a_token_that_can_be_guessed_is_told_and_never_shown() -> None:
    assert settings(console_token="cricket") == {"console": Verdict.WARNING}
    choices = Choices(console_token="cricket")
    assert "cricket" not in repr(choices) + repr(judge_settings(choices))


@pytest.mark.parametrize(
    ("host", "here"),
    [
        (None, True),
        ("", True),
        ("/run/postgresql", True),
        ("localhost", True),
        ("127.3.2.1", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("redis", False),
        ("localhost.example.org", False),
    ],
)
def test_what_is_this_machine(host: str | None, here: bool) -> None:
    assert is_here(host) is here


def process(*files: Path, user: int = 1000) -> list[Check]:
    return examine_process(user, files)


def written(path: Path, text: str, rights: int) -> Path:
    path.write_text(text)
    path.chmod(rights)
    return path


@pytest.mark.parametrize(
    ("text", "rights", "verdict"),
    [
        ("DATABASE_URL=postgresql://u:p@db/c\n", 0o644, Verdict.WARNING),
        ("# ours\nexport CRICKSY_S3_SECRET_KEY=x\n", 0o604, Verdict.WARNING),
        ("CRICKSY_CONSOLE_TOKEN=x\n", 0o644, Verdict.WARNING),
        ("DATABASE_URL=postgresql://u:p@db/c\n", 0o600, Verdict.GOOD),
        ("DATABASE_URL=postgresql://u:p@db/c\n", 0o640, Verdict.GOOD),
        ("CRICKSY_S3_SECRET_KEY=\nCRICKSY_CONCURRENCY=2\n", 0o644, Verdict.GOOD),
        ("PATH=/bin\n", 0o644, Verdict.GOOD),
    ],
)
def test_a_file_with_secrets_is_not_for_everybody(
    tmp_path: Path, text: str, rights: int, verdict: Verdict
) -> None:
    *_, check = process(written(tmp_path / "env", text, rights))

    assert check.verdict is verdict
    assert (check.remedy == f"chmod 600 {tmp_path / 'env'}") is (verdict is Verdict.WARNING)


def test_files_that_are_not_there_are_left_out(tmp_path: Path) -> None:
    assert [each.name for each in process(tmp_path / "none")] == ["account"]


def test_root_is_a_hint() -> None:
    assert [each.verdict for each in process(user=0)] == [Verdict.HINT]
    assert [each.verdict for each in process(user=1000)] == [Verdict.GOOD]
