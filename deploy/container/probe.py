"""Asks a server in this container whether it is well, for health checks.

    python -m deploy.container.probe /livez
    python -m deploy.container.probe --port 8080 /sign-in

Exits with 0 for an answer of 200, and with 1, and the answer's words, for anything else. The image
has no curl, and a proxy that the environment names is not asked.
"""
# ruff: noqa: T201 -- health checks show what is printed

import os
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

LOOPBACK = "127.0.0.1"
IN_TIME = 3.0
"""Seconds; below the time limit of the health check, so that the reason is still told."""
WELL, UNWELL = 0, 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask, and give the exit code."""
    parser = ArgumentParser(prog="python -m deploy.container.probe", description=__doc__)
    parser.add_argument("path", help="/livez, /readyz, or any other")
    parser.add_argument(
        "--port",
        type=int,
        default=int(os.environ.get("CRICKSY_PROBE_PORT") or 0),
        help="the probe's",
    )
    asked = parser.parse_args(arguments)
    return ask(asked.port, asked.path)


def ask(port: int, path: str) -> int:
    """Exit code of what a port of this container answers; says why where it is not well."""
    if not port:
        print("CRICKSY_PROBE_PORT is not set: nobody answers probes.", file=sys.stderr)
        return UNWELL
    connection = HTTPConnection(LOOPBACK, port, timeout=IN_TIME)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace").strip()
    except (OSError, HTTPException) as error:
        print(f"Port {port} does not answer: {error}", file=sys.stderr)
        return UNWELL
    finally:
        connection.close()
    if answer.status == HTTPStatus.OK:
        return WELL
    print(f"{path} answers {answer.status}: {text}", file=sys.stderr)
    return UNWELL


if __name__ == "__main__":
    sys.exit(main())
