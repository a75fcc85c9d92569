"""`cricksy-ocr`: the operator's command."""

import sys
from typing import NoReturn

import typer
from redis.exceptions import RedisError

from consumers.cli import (
    audit,
    canary,
    console,
    dead,
    dev,
    migrate,
    read,
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
app.command(name="read")(read.read)
app.command(name="submit")(submit.submit)
app.command(name="migrate")(migrate.migrate)
app.command(name="audit")(audit.audit)
app.command(name="stuck")(stuck.stuck)
app.command(name="why")(why.why)
app.command(name="watch")(watch.watch)
app.command(name="canary")(canary.canary)
app.command(name="reconcile")(audit.reconcile)
app.add_typer(dead.app, name="dead")
app.command(name="console")(console.console)
app.command(name="dev")(dev.dev)


def main() -> None:
    """Run it; exits with 0 fine, 1 a problem found, 2 wrong usage."""
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
