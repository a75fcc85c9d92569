"""The user of least rights that deploy/redis/users.acl gives the project."""

import hashlib
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from redis import Redis

USERS = Path(__file__).parents[1] / "deploy" / "redis" / "users.acl"
NAME = "cricksy"
OF_TESTS = "~{ocr-*}:*"
"""Each test has a stream of its own."""


def rules() -> list[str]:
    """What the file says of the user, behind its name and without its password."""
    for line in USERS.read_text().splitlines():
        match line.split():
            case ["user", name, *said] if name == NAME:
                return [rule for rule in said if not rule.startswith("#")]
    raise AssertionError(f"{USERS} names no user {NAME}")


def add_user(url: str, keys: str = OF_TESTS) -> None:
    """Make the user at a server, with the password of the one in the URL."""
    said = [keys if rule.startswith("~") else rule for rule in rules()]
    with Redis.from_url(url) as client:
        client.execute_command("ACL", "SETUSER", NAME, "reset", *said, f">{_password(url)}")


def as_loaded(path: Path, password: str) -> Path:
    """The file as an operator loads it: with a password, and without what is said about it."""
    digest = hashlib.sha256(password.encode()).hexdigest()
    text = re.sub(r"#0{64}", f"#{digest}", USERS.read_text())
    path.write_text("\n".join(line for line in text.splitlines() if line.startswith("user ")))
    return path


def as_user(url: str) -> str:
    """The URL with which the user comes."""
    return url.replace("redis://:", f"redis://{NAME}:", 1)


def as_operator(url: str) -> str:
    """The URL of the one who may do everything, from the user's."""
    return url.replace(f"redis://{NAME}:", "redis://:", 1)


def denied(url: str) -> list[str]:
    """What the user was refused; the doctor asks for `CONFIG GET`, and can do without."""
    with Redis.from_url(url, decode_responses=True) as client:
        found: Any = client.acl_log()
    mine = (each for each in found if each["username"] == NAME)
    return [f"{each['reason']} {each['object']}" for each in mine if each["object"] != "config|get"]


def _password(url: str) -> str:
    return urlsplit(url).password or ""
