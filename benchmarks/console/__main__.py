"""`python -m benchmarks.console`: how long the console takes for each page of a large system.

100,000 uploads in PostgreSQL, 1,000 entries in work and 1,000 more waiting, and the console as an
operator starts it. A page that may be a moment old is asked for only once it no longer is.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import quantiles

import httpx
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.servers import FASTSTREAM, running_servers
from consumers.connection import connect
from consumers.console.sight import FRESH
from consumers.operations.overview import take_overview
from consumers.stream import Keys, ensure_group
from deploy.devstack.ports import choose_ports
from pipeline.storage.database import Database
from pipeline.storage.migrate import migrate
from tests.crowd import fill_database, fill_queue

COMMAND = Path(sys.executable).with_name("cricksy-ocr")
CARD = Path(__file__).parents[2] / "tests" / "cards" / "images" / "club_clean.png"
UPLOADS, UNFINISHED, PENDING = 100_000, 2_000, 1_000
LIMIT, LIMIT_OF_STATUS = 0.150, 0.300
"""Seconds, of the 95th percentile."""
PAGES = (
    "/", "/uploads", "/uploads?status=failed", "/uploads?error=unreadable_image",
    "/uploads?game=game-7", "/uploads/crowd-0000007", "/uploads/crowd-0099999",
    "/uploads/{card}/review", "/uploads/{card}/arrival", "/upload", "/workers", "/pending", "/dead",
    "/patterns", "/api/uploads/{card}/status",
)  # fmt: skip


def main() -> int:
    """Measure, print, and say by the exit code whether every page is within the limit."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.console", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    with ExitStack() as opened:
        environment = opened.enter_context(running_servers(durable=False)).environment
        asyncio.run(migrate(environment["DATABASE_URL"]))
        card = _read_card(environment)
        asyncio.run(_fill(environment))
        address = opened.enter_context(_console(environment))
        took = _measure(address, card, rounds)
        took["status"] = asyncio.run(_status(environment, rounds))
    return _report(took)


def _read_card(environment: Mapping[str, str]) -> str:
    """A real card for the review."""
    with _process([FASTSTREAM, "run", "consumers.app:app"], environment):
        done = subprocess.run(  # noqa: S603 - our own command
            [COMMAND, "submit", "--wait", "--json", CARD],
            env={**os.environ, **environment},
            check=True,
            stdout=subprocess.PIPE,
            timeout=120,
        )
    upload_id: str = json.loads(done.stdout)["upload_id"]
    return upload_id


async def _fill(environment: Mapping[str, str]) -> None:
    uploads = fill_database(environment["DATABASE_URL"], uploads=UPLOADS, unfinished=UNFINISHED)
    client, keys = (
        connect(environment["CRICKSY_REDIS_URL"], "{ocr}:uploads"),
        Keys("{ocr}:uploads", "ocr"),
    )
    await ensure_group(client, keys)
    await fill_queue(client, keys, uploads, claimed=PENDING)
    await client.aclose()


@contextmanager
def _console(environment: Mapping[str, str]) -> Iterator[str]:
    port = choose_ports(("console",), kept={}, asked={})["console"]
    with _process([COMMAND, "console", "--port", str(port)], environment):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _process(command: list[str | Path], environment: Mapping[str, str]) -> Iterator[None]:
    with subprocess.Popen(  # noqa: S603 - our own commands
        command,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield
        finally:
            process.terminate()


def _measure(address: str, card: str, rounds: int) -> dict[str, list[float]]:
    took: dict[str, list[float]] = {page: [] for page in PAGES}
    with httpx.Client(base_url=address, transport=httpx.HTTPTransport(retries=5)) as browser:
        for number in track(range(rounds + 1), description="asking", transient=True):
            for page in PAGES:
                time.sleep(FRESH if page in {"/", "/workers", "/pending"} else 0)
                began = time.perf_counter()
                answer = browser.get(page.format(card=card))
                seconds = time.perf_counter() - began
                answer.raise_for_status()
                if number:  # the first round opens connections and compiles templates
                    took[page].append(seconds)
    return took


async def _status(environment: Mapping[str, str], rounds: int) -> list[float]:
    client, keys = (
        connect(environment["CRICKSY_REDIS_URL"], "{ocr}:uploads"),
        Keys("{ocr}:uploads", "ocr"),
    )
    took = []
    async with Database(environment["DATABASE_URL"]) as database:
        for _ in range(rounds + 1):
            began = time.perf_counter()
            await take_overview(client, keys, database)
            took.append(time.perf_counter() - began)
    await client.aclose()
    return took[1:]


def _report(took: Mapping[str, list[float]]) -> int:
    table = Table("page", "p50 ms", "p95 ms", "limit ms")
    within = True
    for page, seconds in took.items():
        cuts = quantiles(seconds, n=20, method="inclusive")
        limit = LIMIT_OF_STATUS if page == "status" else LIMIT
        within = within and cuts[18] < limit
        table.add_row(page, *(f"{each * 1000:.0f}" for each in (cuts[9], cuts[18], limit)))
    Console(width=88).print(table)
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
