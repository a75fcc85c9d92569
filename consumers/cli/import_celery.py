"""`cricksy-ocr import-celery`: what waits in the old Redis list, moved over once."""

import json
from collections import Counter
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from consumers.celery_queue import LEFT, Fate, Message, held_by_workers, look, move
from consumers.cli.consent import agree
from consumers.cli.servers import Servers, with_servers
from consumers.cli.wording import some
from consumers.connection import connect
from consumers.stream import Client

BROKER = "CRICKSY_CELERY_BROKER_URL"


def import_celery(
    queue: Annotated[str, typer.Option(help="Name of the list that Celery used.")] = "ocr",
    broker: Annotated[
        str | None,
        typer.Option(envvar=BROKER, help="Redis that Celery used, if another than ours."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Publish what waits in Celery's list, oldest first, and empty the list.

    Stop Celery's workers first. Run twice, it does nothing twice. Messages that name no upload, or
    one that PostgreSQL does not know, stay in the list; the exit code is 1 then.

    Example: cricksy-ocr import-celery --queue ocr --yes
    """
    told = with_servers(lambda servers: _import(servers, queue, broker, yes=yes, quiet=as_json))
    if as_json:
        print(json.dumps(told))
    if told["left"] or told["held_by_workers"]:
        raise typer.Exit(1)


async def _import(
    servers: Servers, queue: str, broker: str | None, *, yes: bool, quiet: bool
) -> dict[str, int]:
    old = connect(broker or servers.settings.redis_url.get_secret_value(), queue)
    console = Console(stderr=True)
    try:
        held = await held_by_workers(old)
        messages = await look(old, queue, servers.client, servers.keys, servers.database)
        if not quiet:
            _say(console, queue, messages, held)
        if any(message.fate not in LEFT for message in messages):
            agree("Move them?", yes=yes)
            await _move(servers, old, queue, messages, console, quiet=quiet)
    finally:
        await old.aclose()
    fates = Counter(message.fate for message in messages)
    return {
        "published": fates[Fate.PUBLISHED],
        "waiting_already": fates[Fate.WAITS],
        "ended": fates[Fate.ENDED],
        "left": sum(fates[fate] for fate in LEFT),
        "held_by_workers": held,
    }


async def _move(
    servers: Servers,
    old: Client,
    queue: str,
    messages: list[Message],
    console: Console,
    *,
    quiet: bool,
) -> None:
    with Progress(console=console, disable=quiet or not console.is_terminal) as bar:
        line = bar.add_task("moved", total=len(messages))
        async for _ in move(
            old,
            queue,
            messages,
            client=servers.client,
            keys=servers.keys,
            database=servers.database,
        ):
            bar.advance(line)


def _say(console: Console, queue: str, messages: list[Message], held: int) -> None:
    if not messages:
        console.print(f"Nothing waits in the list {queue}.", highlight=False)
    for fate, count in Counter(message.fate for message in messages).items():
        console.print(f"{some(count, 'message')}: {_MEANING[fate]}", highlight=False)
    if held:
        console.print(
            f"Celery's workers hold {some(held, 'message')}: stop them, and once their visibility "
            "timeout has passed, Celery puts what is left back into the list.",
            highlight=False,
        )


_MEANING = {
    Fate.PUBLISHED: "to be published to the stream.",
    Fate.WAITS: "the upload waits in the stream already; to be taken from the list.",
    Fate.ENDED: "the upload has ended; to be taken from the list.",
    Fate.UNKNOWN: "PostgreSQL has no such upload; stays in the list.",
    Fate.FOREIGN: "names no upload; stays in the list.",
}
