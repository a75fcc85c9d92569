"""`python -m deploy.devstack`: the servers, until Ctrl-C."""

import argparse
import json
import logging
import os
import shlex
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from deploy.devstack.errors import DevStackError
from deploy.devstack.stack import DevStack

_DESCRIPTION = """\
Starts Valkey, PostgreSQL and an S3 object store on this machine, prints the variables that lead
to them, and stops them on Ctrl-C. Data, ports and passwords stay in the data folder.

A server whose variable is set already is not started: CRICKSY_REDIS_URL (or
CRICKSY_CELERY_BROKER_URL), DATABASE_URL, CRICKSY_S3_ENDPOINT_URL.
"""

_logger = logging.getLogger(__name__)

_LOOK_AT_SERVERS = 0.5
"""Seconds."""


def main(arguments: list[str] | None = None) -> int:
    """Runs the stack until Ctrl-C or SIGTERM; 1 where it cannot run or a server dies."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stderr)
    # SIGINT as well: shells have what they start in the background ignore it.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    ports = {name: getattr(options, name) for name in ("valkey", "postgres", "s3")}
    asked = {name: port for name, port in ports.items() if port is not None}
    try:
        with DevStack(options.folder, os.environ, ports=asked) as stack:
            _show(stack.environment, as_json=options.json)
            _logger.info("The servers run; Ctrl-C ends them.")
            while True:
                stack.check()
                time.sleep(_LOOK_AT_SERVERS)
    except KeyboardInterrupt:
        return 0
    except DevStackError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Makes every way of asking for the end what Ctrl-C is."""
    raise KeyboardInterrupt


def _show(environment: Mapping[str, str], *, as_json: bool) -> None:
    if as_json:
        lines = [json.dumps(environment)]
    else:
        lines = [f"export {name}={shlex.quote(value)}" for name, value in environment.items()]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.devstack",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--folder", type=Path, default=Path(".dev"), help="the data folder (default: %(default)s)"
    )
    parser.add_argument(
        "--json", action="store_true", help="print the variables as one line of JSON"
    )
    for server in ("valkey", "postgres", "s3"):
        parser.add_argument(
            f"--{server}-port",
            dest=server,
            type=int,
            metavar="PORT",
            help=f"insist on this port for {server} (default: a free one, kept)",
        )
    return parser


if __name__ == "__main__":
    sys.exit(main())
