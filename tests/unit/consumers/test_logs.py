"""What a line of the log shows, and what it must not."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import structlog
from structlog.contextvars import bound_contextvars

from consumers.logs import Seldom, configure_logging, framework_logger, without_what_was_read

SECRET = "s3cr3t-of-redis"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What goes to stderr, which is no terminal; logging is as it was afterwards."""
    root, before = logging.getLogger(), logging.getLogger().handlers
    level = root.level
    stderr = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    configure_logging("INFO")
    yield stderr
    root.handlers, root.level = before, level
    structlog.reset_defaults()


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_line_names_what_is_worked_on(written: io.StringIO) -> None:
    with bound_contextvars(upload="u1", entry="1-1", consumer="a-0", attempt=2, trace="ab"):
        structlog.get_logger("consumers.test").info("upload claimed")

    (line,) = lines(written)
    assert line["event"] == "upload claimed"
    about = {name: line[name] for name in ("upload", "entry", "consumer", "attempt", "trace")}
    assert about == {"upload": "u1", "entry": "1-1", "consumer": "a-0", "attempt": 2, "trace": "ab"}
    assert (line["level"], line["logger"]) == ("info", "consumers.test")


def test_a_line_that_nobody_sees_is_not_put_together(written: io.StringIO) -> None:
    looked_at: list[str] = []

    class Told(str):
        def __contains__(self, part: object) -> bool:
            looked_at.append(self)
            return False

    log = structlog.get_logger("consumers.test")
    log.debug("stage", stage=Told("ocr"))
    log.info("stage", stage=Told("parse"))

    assert looked_at == ["parse"]
    assert len(lines(written)) == 1


def test_lines_of_the_framework_look_like_ours(written: io.StringIO) -> None:
    with bound_contextvars(upload="u1"):
        framework_logger().warning("%s failed", "a subscriber")

    (line,) = lines(written)
    assert (line["event"], line["upload"], line["level"]) == (
        "a subscriber failed",
        "u1",
        "warning",
    )


def test_an_exception_is_one_line_without_passwords_and_values(written: io.StringIO) -> None:
    def connect(url: str) -> None:
        raise ConnectionError(f"cannot reach {url}")

    try:
        connect(f"redis://default:{SECRET}@db:6379/0")
    except ConnectionError as error:
        structlog.get_logger("consumers.test").exception("not connected", error=str(error))

    (line,) = lines(written)
    assert line["error"] == "cannot reach redis://default:***@db:6379/0"
    assert "ConnectionError" in line["exception"]
    assert SECRET not in written.getvalue()


@pytest.mark.parametrize(
    ("code", "told"),
    [("internal_error", "ValueError"), ("ocr_crashed", "ValueError: no number: 'Root b Anderson'")],
)
def test_the_words_of_an_internal_error_may_quote_the_picture(code: str, told: str) -> None:
    assert without_what_was_read(code, "ValueError: no number: 'Root b Anderson'") == told


def test_a_terminal_shows_no_values_of_variables_either(
    written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(written, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", written)
    configure_logging("INFO")

    try:
        read_from_the_picture = " ".join(["Root b", "Anderson", "149"])
        int(read_from_the_picture[:0])
    except ValueError:
        structlog.get_logger("consumers.test2").exception("stumbled")

    assert "stumbled" in written.getvalue()
    assert "ValueError" in written.getvalue()
    assert "Root b Anderson" not in written.getvalue()


def test_a_line_of_a_quiet_family_is_repeated_seldom() -> None:
    seldom = Seldom("opentelemetry", timedelta(minutes=1))

    def said(name: str, line: int) -> bool:
        record = logging.LogRecord(name, logging.WARNING, "file.py", line, "away", None, None)
        return bool(seldom.filter(record))

    assert [said("opentelemetry.exporter", 1) for _ in range(3)] == [True, False, False]
    assert said("opentelemetry.exporter", 2)
    assert [said("consumers.handler", 1) for _ in range(3)] == [True] * 3
