"""`cricksy-ocr`: the operator's command."""

import sys

import typer

from consumers.cli import dev, migrate, read, submit
from consumers.settings import SettingsError

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
app.command(name="dev")(dev.dev)


def main() -> None:
    """Run it; exits with 0 fine, 1 a problem found, 2 wrong usage."""
    try:
        app()
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201 -- a command's own words
        sys.exit(WRONG_USAGE)
