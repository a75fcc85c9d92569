"""Log lines: one event a line, JSON where no person looks on, no secrets in them.

What a line is about (upload, entry, attempt, consumer, delivery, trace) is bound by whoever works
on it, in structlog's context variables.
"""

import logging
import re
import sys
import time
from datetime import timedelta

import structlog

from pipeline.errors import InternalError

QUIET = (
    "redis",
    "psycopg",
    "boto3",
    "botocore",
    "urllib3",
    "s3transfer",
    "asyncio",
    "opentelemetry",
)
SELDOM = timedelta(minutes=1)
"""How often a line of OpenTelemetry's is repeated: while no collector answers it has one for each
batch, and one for each span once its queue is full."""
_PASSWORD = re.compile(r"(?<=://)([^:/@\s]*):[^@/\s]+@")


def configure_logging(level: str) -> None:
    """Send structlog and the standard library's loggers through one formatter to stderr.

    Args:
        level: DEBUG, INFO, WARNING or ERROR.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        # Plain: a traceback with the values of variables would show secrets and what was read.
        structlog.processors.format_exc_info,
        without_passwords,
    ]
    last: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if sys.stderr.isatty()
        else structlog.processors.JSONRenderer()
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Seldom("opentelemetry", SELDOM))
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[
            # First: a line that nobody sees costs next to nothing.
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def without_passwords(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Hide the password of every URL in a line: messages of libraries may hold some."""
    for name, value in event.items():
        if isinstance(value, str) and "://" in value:
            event[name] = _PASSWORD.sub(r"\1:***@", value)
    return event


def without_what_was_read(code: str, sentence: str) -> str:
    """An upload's error, fit for a log line.

    The words of an internal error may quote the picture (`invalid literal for int(): 'Root b …'`):
    its kind is told, and all of it stands in the dead letter and in the attempt.
    """
    return sentence.partition(":")[0] if code == InternalError.code else sentence


class Seldom(logging.Filter):
    """Lets each line of a family of loggers through once in a while; those of others always.

    Args:
        family: name of the loggers' parent.
        pause: time between two lines from the same place.
    """

    def __init__(self, family: str, pause: timedelta) -> None:
        super().__init__(family)
        self._pause = pause.total_seconds()
        self._said: dict[tuple[str, int], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is let through."""
        if not super().filter(record):
            return True
        place = (record.pathname, record.lineno)
        now = time.monotonic()
        if now - self._said.get(place, -self._pause) < self._pause:
            return False
        self._said[place] = now
        return True


def framework_logger() -> logging.Logger:
    """What FastStream logs through, so that its lines look like ours."""
    return logging.getLogger("consumers.faststream")
