"""`cricksy-ocr submit`: stores, records and publishes uploads."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from consumers.bulk import BulkPublisher, Page
from consumers.cli.files import files_in
from consumers.cli.servers import Servers, with_servers
from consumers.cli.submission import Submission, ends, tell
from consumers.publish import Publisher, split_s3_uri
from consumers.stream import Lane

BUCKETS = "s3://"


@dataclass(slots=True)
class Wish:
    """What a command is to publish, and how far it has come."""

    sources: list[str | Path]
    """Files, and prefixes as `s3://bucket/prefix`."""
    lane: Lane | None
    """None for each source's own: files are live, what is in S3 already is an archive."""
    again: bool
    published: int = 0
    known: int = 0
    """Objects that had been published before."""

    @property
    def of_buckets(self) -> bool:
        """Whether all of it is in S3 already."""
        return not any(isinstance(each, Path) for each in self.sources)

    def lane_of(self, source: str | Path) -> Lane:
        """Where the entries of a source wait."""
        if self.lane is not None:
            return self.lane
        return Lane.LIVE if isinstance(source, Path) else Lane.BACKFILL

    def came(self) -> str:
        """How far it has come."""
        before = f", {self.known:,} were there before" if self.known else ""
        return f"{self.published:,} published{before}"


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
    live: Annotated[
        bool, typer.Option("--live", help="Objects of s3://… as well wait with people's uploads.")
    ] = False,
    backfill: Annotated[
        bool, typer.Option("--backfill", help="Files as well wait behind people's uploads.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Objects that were published before as well.")
    ] = False,
    wait: Annotated[
        bool, typer.Option("--wait", help="Until all that it published have ended.")
    ] = False,
    timeout: Annotated[float, typer.Option(help="Seconds that --wait waits at most.")] = 600,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object an upload, no bar.")
    ] = False,
) -> None:
    """Have scorecards read: object into S3, row into PostgreSQL, entry into the stream.

    What is in S3 already is taken for an archive: it waits behind people's uploads, and a prefix
    that is submitted a second time goes on where the first time ended.

    With --wait, exits with 1 when one did not end as `parsed`.

    Example: cricksy-ocr submit cards/ --wait
    """
    if live and backfill:
        raise typer.BadParameter("--live and --backfill exclude each other.")
    lane = Lane.LIVE if live else Lane.BACKFILL if backfill else None
    sources: list[str | Path] = []
    for path in paths:
        sources += [path] if path.startswith(BUCKETS) else files_in([Path(path)])
    wish = Wish(sources, lane, again)
    try:
        good = with_servers(
            lambda servers: _submit(servers, wish, timeout if wait else None, as_json=as_json)
        )
    except BaseException:
        resumes = wish.of_buckets and not again
        more = "; the same command goes on from there" if resumes else ""
        print(f"Stopped: {wish.came()}{more}.", file=sys.stderr)
        raise
    print(f"{wish.came()}.", file=sys.stderr)
    raise typer.Exit(0 if good else 1)


async def _submit(servers: Servers, wish: Wish, patience: float | None, *, as_json: bool) -> bool:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    bar = Progress(*columns, console=Console(stderr=True), disable=as_json)
    with bar, closing(Submission()) as submission:
        task = bar.add_task("published", total=len(wish.sources) if not wish.of_buckets else None)
        async for page in _published(servers, wish):
            bar.update(task, completed=wish.published + wish.known)
            if patience is None:
                await tell(servers.database, page.published, as_json=as_json)
            else:
                submission.add(page.published)
        bar.update(task, total=wish.published + wish.known)
        if patience is None:
            return True
        return await _wait(servers, submission, bar, patience, as_json=as_json)


async def _published(servers: Servers, wish: Wish) -> AsyncIterator[Page]:
    """Publish source by source, and count what comes of it."""
    publisher = publisher_of(servers)
    bulk = BulkPublisher(servers.client, servers.keys, servers.database, servers.objects)
    for source in wish.sources:
        lane = wish.lane_of(source)
        async for page in _pages(publisher, bulk, source, lane, again=wish.again):
            wish.published += len(page.published)
            wish.known += page.known
            yield page


async def _pages(
    publisher: Publisher, bulk: BulkPublisher, source: str | Path, lane: Lane, *, again: bool
) -> AsyncIterator[Page]:
    if isinstance(source, Path):
        content = await asyncio.to_thread(source.read_bytes)
        yield Page((await publisher.publish_file(source.name, content, lane),))
        return
    async for page in bulk.publish_prefix(*split_s3_uri(source), lane, again=again):
        yield page


async def _wait(
    servers: Servers, submission: Submission, bar: Progress, patience: float, *, as_json: bool
) -> bool:
    """Tell of each when it has ended, the first published first; returns whether all were read."""
    task = bar.add_task("ended", total=submission.count)
    deadline = asyncio.get_running_loop().time() + patience
    before, good = 0, True
    for page in submission.pages():
        async for ended in ends(servers.database, page, deadline):
            bar.update(task, completed=before + ended)
        good &= await tell(servers.database, page, as_json=as_json)
        before += len(page)
    return good
