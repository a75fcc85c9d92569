"""FastStream's own command, for which `consumers.app` is enough.

FastStream takes only `module:attribute`; everything but a missing `:app` goes on untouched.
"""

import sys

APPLICATION = "consumers.app"


def complete(arguments: list[str]) -> list[str]:
    """The same arguments, with the application's module completed to `module:app`."""
    return [f"{each}:app" if each == APPLICATION else each for each in arguments]


def main() -> None:
    """Run `faststream`."""
    # Here, because each child that reads cards imports this module again as its main one.
    from faststream.cli import cli

    sys.argv[1:] = complete(sys.argv[1:])
    cli(prog_name="faststream")
