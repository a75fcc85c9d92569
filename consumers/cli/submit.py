"""`cricksy-ocr submit`: stores, records and publishes uploads."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from consumers.cli.files import files_in
from consumers.cli.servers import Servers, with_servers
from consumers.publish import Published, Publisher, split_s3_uri
from pipeline.storage.database import Database
from pipeline.storage.uploads import UploadStatus, get_upload, upload_statuses

POLL_SECONDS = 0.25
GOOD = {UploadStatus.PARSED, UploadStatus.APPLIED}
ENDED = GOOD | {UploadStatus.FAILED, UploadStatus.CANCELLED}


def publisher_of(servers: Servers) -> Publisher:
    """A publisher into the servers of a command."""
    return Publisher(
        servers.client,
        servers.keys,
        servers.database,
        servers.objects,
        servers.settings.s3_bucket,
    )


def submit(
    paths: Annotated[
        list[str], typer.Argument(help="Files, folders, or s3://bucket/prefix for what is there.")
    ],
    wait: Annotated[bool, typer.Option("--wait", help="Until all of them have ended.")] = False,
    timeout: Annotated[float, typer.Option(help="Seconds that --wait waits at most.")] = 600,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object an upload, no bar.")
    ] = False,
) -> None:
    """Have scorecards read: object into S3, row into PostgreSQL, entry into the stream.

    With --wait, exits with 1 when one did not end as `parsed`.

    Example: cricksy-ocr submit cards/ --wait
    """
    sources: list[str | Path] = []
    for path in paths:
        sources += [path] if path.startswith("s3://") else files_in([Path(path)])
    good = with_servers(
        lambda servers: _submit(servers, sources, timeout if wait else None, as_json=as_json)
    )
    raise typer.Exit(0 if good else 1)


async def _submit(
    servers: Servers, sources: list[str | Path], patience: float | None, *, as_json: bool
) -> bool:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=as_json) as bar:
        published = await _publish(publisher_of(servers), sources, bar)
        if patience is None:
            statuses: dict[str, str] = {}
        else:
            statuses = await _wait(servers.database, published, bar, patience)
    await _report(servers.database, published, as_json=as_json)
    return patience is None or all(statuses.get(upload.upload_id) in GOOD for upload in published)


async def _publish(
    publisher: Publisher, sources: list[str | Path], bar: Progress
) -> list[Published]:
    task = bar.add_task("published", total=len(sources))
    published = []
    for source in sources:
        if isinstance(source, Path):
            published.append(await publisher.publish_file(source.name, source.read_bytes()))
            bar.advance(task)
            continue
        bucket, prefix = split_s3_uri(source)
        async for found in publisher.publish_prefix(bucket, prefix):
            published.append(found)
            bar.update(task, total=len(published) + 1, completed=len(published))
        bar.update(task, total=len(published))
    return published


async def _wait(
    database: Database, published: list[Published], bar: Progress, patience: float
) -> dict[str, str]:
    task = bar.add_task("ended", total=len(published))
    ids = [upload.upload_id for upload in published]
    deadline = asyncio.get_running_loop().time() + patience
    while True:
        statuses = await upload_statuses(database, ids)
        ended = sum(status in ENDED for status in statuses.values())
        bar.update(task, completed=ended)
        if ended == len(ids) or asyncio.get_running_loop().time() > deadline:
            return statuses
        await asyncio.sleep(POLL_SECONDS)


async def _report(database: Database, published: list[Published], *, as_json: bool) -> None:
    for upload in published:
        row = await get_upload(database, upload.upload_id)
        status = row.status if row else "missing"
        error = row.error_message if row else None
        if as_json:
            told = {**asdict(upload), "status": status, "error": error}
            print(json.dumps(told))
        else:
            sentence = f"  {error}" if error else ""
            print(f"{upload.upload_id}  {status:<10}  {upload.filename}{sentence}")
