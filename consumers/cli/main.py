"""`cricksy-ocr`: the operator's command."""

import logging
import sys
from typing import NoReturn

import structlog
import typer
from redis.exceptions import RedisError

from consumers.cli import (
    audit,
    canary,
    config,
    console,
    dead,
    dev,
    doctor,
    import_celery,
    migrate,
    pause,
    pending,
    purge,
    read,
    retry,
    run,
    show,
    status,
    stuck,
    submit,
    watch,
    why,
)
from consumers.settings import SettingsError
from pipeline.errors import OcrError
from pipeline.storage.migrate import MigrationError

PROBLEM = 1
WRONG_USAGE = 2

app = typer.Typer(
    name="cricksy-ocr",
    help="Turns pictures of cricket scorecards into checked, structured scorecards.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
CARDS = "Cards"
LOOKING = "Looking"
ACTING = "Acting"
RUNNING = "Running"

app.command(name="read", rich_help_panel=CARDS)(read.read)
app.command(name="submit", rich_help_panel=CARDS)(submit.submit)

app.command(name="status", rich_help_panel=LOOKING)(status.status)
app.command(name="workers", rich_help_panel=LOOKING)(status.workers)
app.command(name="pending", rich_help_panel=LOOKING)(pending.pending)
app.command(name="show", rich_help_panel=LOOKING)(show.show)
app.command(name="why", rich_help_panel=LOOKING)(why.why)
app.command(name="stuck", rich_help_panel=LOOKING)(stuck.stuck)
app.command(name="audit", rich_help_panel=LOOKING)(audit.audit)
app.command(name="config", rich_help_panel=LOOKING)(config.config)

app.command(name="retry", rich_help_panel=ACTING)(retry.retry)
app.command(name="cancel", rich_help_panel=ACTING)(retry.cancel)
app.add_typer(dead.app, name="dead", rich_help_panel=ACTING)
app.command(name="purge", rich_help_panel=ACTING)(purge.purge)
app.command(name="pause", rich_help_panel=ACTING)(pause.pause)
app.command(name="resume", rich_help_panel=ACTING)(pause.resume)
app.command(name="drain", rich_help_panel=ACTING)(pause.drain)
app.command(name="reconcile", rich_help_panel=ACTING)(audit.reconcile)

app.command(name="run", rich_help_panel=RUNNING)(run.run)
app.command(name="watch", rich_help_panel=RUNNING)(watch.watch)
app.command(name="canary", rich_help_panel=RUNNING)(canary.canary)
app.command(name="console", rich_help_panel=RUNNING)(console.console)
app.command(name="doctor", rich_help_panel=RUNNING)(doctor.doctor)
app.command(name="import-celery", rich_help_panel=RUNNING)(import_celery.import_celery)
app.command(name="migrate", rich_help_panel=RUNNING)(migrate.migrate)
app.command(name="dev", rich_help_panel=RUNNING)(dev.dev)


def main() -> None:
    """Run it; exits with 0 fine, 1 a problem found, 2 wrong usage."""
    # What a command has to say about a server that is away, it says in one sentence.
    logging.getLogger("psycopg.pool").addHandler(logging.NullHandler())
    # Standard output is for what was asked for, which may be JSON.
    structlog.configure(
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    try:
        app()
    except SettingsError as error:
        _end(error, WRONG_USAGE)
    except (OcrError, MigrationError) as error:
        _end(error, PROBLEM)
    except RedisError as error:
        _end(f"Redis: {error}", PROBLEM)


def _end(sentence: object, code: int) -> NoReturn:
    print(sentence, file=sys.stderr)
    sys.exit(code)
