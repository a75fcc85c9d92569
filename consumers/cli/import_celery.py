"""`cricksy-ocr import-celery`: what is left in Celery's queue, moved over once."""

import asyncio
import json
from collections import Counter
from dataclasses import dataclass, replace
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from consumers.cli.consent import agree
from consumers.cli.servers import Servers, open_servers
from consumers.cli.wording import some
from consumers.connection import connect
from consumers.from_celery.message import TASK
from consumers.from_celery.moving import LEFT, Celery, Fate, Message, look, move
from consumers.from_celery.queue import SEPARATOR, CeleryKeys, listening_workers
from consumers.settings import load_settings

BROKER = "CRICKSY_CELERY_BROKER_URL"
SHOWN = 20
PROBLEM = 1

_MEANING = {
    Fate.PUBLISHED: "published to the stream",
    Fate.DELAYED: "waits until it is due, then published",
    Fate.WAITS: "its upload waits in the stream already",
    Fate.ENDED: "its upload has ended",
    Fate.FAILED: "its upload had failed; `cricksy-ocr retry UPLOAD` has it read again",
    Fate.UNKNOWN: "stays: PostgreSQL has no such upload",
    Fate.FOREIGN: "stays: not understood",
    Fate.GONE: "somebody else took it meanwhile",
}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the options say."""

    keys: CeleryKeys
    task: str
    broker: str | None
    dry_run: bool
    yes: bool
    quiet: bool
    despite_workers: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """Celery's queue, before or after."""

    messages: list[Message]
    workers: int
    moved: bool = False


def import_celery(
    queue: Annotated[str, typer.Option(help="Name of the queue that Celery used.")] = "ocr",
    broker: Annotated[
        str | None,
        typer.Option(envvar=BROKER, help="Redis that Celery used, if another than ours."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show each message and its fate; change nothing.")
    ] = False,
    despite_workers: Annotated[
        bool,
        typer.Option(
            "--despite-workers",
            help="Go on though workers of Celery live: they are of other applications.",
        ),
    ] = False,
    task: Annotated[str, typer.Option(help="Name of the task that reads an upload.")] = TASK,
    key_prefix: Annotated[str, typer.Option(help="Transport option global_keyprefix.")] = "",
    separator: Annotated[
        str, typer.Option(help="Transport option sep.", show_default=r"\x06\x16")
    ] = SEPARATOR,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Publish what is left in Celery's queue, each upload once, and empty the queue.

    That is what waits, of all priorities, with its countdown; and what dead workers held. Nothing
    is moved while a worker of Celery lives. Run twice, it does nothing twice. Messages of other
    tasks, and of uploads that PostgreSQL does not know, stay; the exit code is 1 then.

    Example: cricksy-ocr import-celery --dry-run
    """
    keys = CeleryKeys(queue, key_prefix, separator)
    wanted = _Wanted(keys, task, broker, dry_run, yes, as_json, despite_workers)
    found = asyncio.run(_with_servers(wanted))
    if as_json:
        print(json.dumps(_told(found, wanted)))
    if _held_up(found, wanted) or any(each.fate in LEFT for each in found.messages):
        raise typer.Exit(PROBLEM)


async def _with_servers(wanted: _Wanted) -> _Found:
    # A dry run changes nothing, the database's version included.
    async with open_servers(load_settings(), up_to_date=not wanted.dry_run) as servers:
        return await _import(servers, wanted)


async def _import(servers: Servers, wanted: _Wanted) -> _Found:
    url = wanted.broker or servers.settings.redis_url.get_secret_value()
    broker = connect(url, wanted.keys.queue)
    celery = Celery(broker, wanted.keys, wanted.task)
    console = Console(stderr=True, highlight=False)
    try:
        workers = await listening_workers(broker, wanted.keys)
        messages = await look(celery, servers.client, servers.keys, servers.database)
        found = _Found(messages, workers)
        if not wanted.quiet:
            _show(console, found, wanted)
        movable = any(each.fate not in LEFT for each in messages)
        if wanted.dry_run or not movable or _held_up(found, wanted):
            return found
        agree("Move them?", yes=wanted.yes)
        return replace(
            found, messages=await _move(servers, celery, messages, console, wanted), moved=True
        )
    finally:
        await broker.aclose()


async def _move(
    servers: Servers, celery: Celery, messages: list[Message], console: Console, wanted: _Wanted
) -> list[Message]:
    moved = []
    with Progress(console=console, disable=wanted.quiet or not console.is_terminal) as bar:
        line = bar.add_task("moved", total=len(messages))
        async for message in move(celery, messages, servers.client, servers.keys, servers.database):
            moved.append(message)
            bar.advance(line)
    if not wanted.quiet:
        gone = sum(message.fate is Fate.GONE for message in moved)
        console.print(f"{some(gone, 'message')}: {_MEANING[Fate.GONE]}." if gone else "Done.")
    return moved


def _held_up(found: _Found, wanted: _Wanted) -> bool:
    return bool(found.workers) and not wanted.despite_workers


def _show(console: Console, found: _Found, wanted: _Wanted) -> None:
    if not found.messages:
        console.print(f"Nothing is left in Celery's queue {wanted.keys.queue}.")
    if wanted.dry_run:
        for message in found.messages:
            print(_line(message))
    for fate, count in Counter(message.fate for message in found.messages).items():
        console.print(f"{some(count, 'message')}: {_MEANING[fate]}.")
    if not wanted.dry_run:
        _show_what_wants_a_look(console, found)
    if found.workers:
        console.print(
            f"{some(found.workers, 'worker')} of Celery on this Redis: stop them first, for "
            "nothing is moved before. If they are of other applications, add --despite-workers."
        )


def _show_what_wants_a_look(console: Console, found: _Found) -> None:
    looked_at = [each for each in found.messages if each.fate in {*LEFT, Fate.FAILED}]
    for message in looked_at[:SHOWN]:
        console.print(f"  {_line(message)}", markup=False, soft_wrap=True)
    if len(looked_at) > SHOWN:
        console.print(f"  and {len(looked_at) - SHOWN:,} more; --dry-run shows all.")


def _line(message: Message) -> str:
    fate = message.why or str(message.fate).replace("_", " ")
    if message.due and message.fate is Fate.DELAYED:
        fate = f"{fate} until {message.due:%Y-%m-%d %H:%M:%S} UTC"
    return f"{message.upload_id or '-':<32}  {_where(message):<4}  {fate}"


def _where(message: Message) -> str:
    return "held" if message.stored.held else message.stored.key.replace(SEPARATOR, ":")


def _told(found: _Found, wanted: _Wanted) -> dict[str, Any]:
    fates = Counter(message.fate for message in found.messages)
    return {
        "dry_run": wanted.dry_run,
        "moved": found.moved,
        "celery_workers": found.workers,
        **{str(fate): fates[fate] for fate in Fate},
        "left": sum(fates[fate] for fate in LEFT),
        "held_by_workers": sum(message.stored.held for message in found.messages),
        "messages": [
            {
                "upload_id": message.upload_id,
                "where": _where(message),
                "due": message.due.isoformat() if message.due else None,
                "fate": str(message.fate),
                "why": message.why or None,
            }
            for message in found.messages
        ],
    }
