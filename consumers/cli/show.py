"""`cricksy-ocr show`: the whole story of an upload."""

import json
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from consumers.cli.scorecards import print_scorecard
from consumers.cli.servers import Servers, rules_of, with_servers
from consumers.cli.told import plain
from consumers.cli.wording import some
from consumers.console.wording import moment, size, span
from consumers.operations import Story, tell
from consumers.operations.story import trace_link
from pipeline.storage.attempts import Attempt
from pipeline.storage.reviews import Revision
from pipeline.storage.scorecards import Scorecard
from pipeline.storage.uploads import Upload

PROBLEM = 1
BAR = 40
"""Characters of the longest stage's bar."""


def show(
    upload: Annotated[str, typer.Argument(help="The upload's id.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show an upload's whole story: entries, deliveries, stages, errors, traces, scorecard.

    Exits with 1 when something is wrong with it.

    Example: cricksy-ocr show 0b6a2f0c9d7e4c1d8f5a3e2b1c0d9e8f
    """

    async def work(servers: Servers) -> tuple[Story, str]:
        queue = (servers.client, servers.keys, servers.database)
        story = await tell(*queue, upload, rules_of(servers.settings))
        return story, servers.settings.trace_url

    story, trace_url = with_servers(work, tells_of_absence=True)
    if as_json:
        print(json.dumps(_told(story, trace_url), default=str))
    else:
        _print(Console(), story, trace_url)
    raise typer.Exit(PROBLEM if story.answer.problem else 0)


def _print(console: Console, story: Story, trace_url: str) -> None:
    record = story.evidence.record
    console.print(escape(story.evidence.upload_id), style="bold", highlight=False)
    if record is not None and record.upload is not None:
        console.print(_row(record.upload))
    console.print()
    console.print(escape(story.answer.text), highlight=False)
    if story.answer.command:
        console.print(f"Next: {escape(story.answer.command)}", style="bold", highlight=False)
    _print_publications(console, story)
    attempts = record.attempts if record else ()
    for attempt in attempts:
        _print_attempt(console, attempt)
    if story.evidence.place is not None and story.evidence.place.letter is not None:
        letter = story.evidence.place.letter
        console.print(
            f"\n[bold red]Dead letter[/] {letter.letter_id}: {escape(letter.reason)}, "
            f"{some(letter.attempts, 'attempt')}, delivered {letter.deliveries}x",
            highlight=False,
        )
    for trace in story.trace_ids:
        link = trace_link(trace_url, trace)
        console.print(f"\ntrace {trace}  {escape(link)}".rstrip(), soft_wrap=True, highlight=False)
    if record is not None and record.scorecard is not None:
        console.print()
        _print_card(console, record.scorecard)
    if story.revisions:
        console.print("\nWhat people did", style="bold")
    for revision in story.revisions:
        _print_revision(console, revision)


def _row(upload: Upload) -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    facts = {
        "status": upload.status,
        "file": f"{upload.filename}  {upload.content_type}  {size(upload.file_size)}",
        "object": f"s3://{upload.bucket}/{upload.key}",
        "game": upload.game_id,
        "user": upload.user_id,
        "created": moment(upload.created_at),
        "updated": moment(upload.updated_at),
        "read": moment(upload.processed_at) if upload.processed_at else None,
        "error": upload.error_message,
    }
    for name, fact in facts.items():
        if fact:
            table.add_row(name, escape(fact))
    return table


def _print_publications(console: Console, story: Story) -> None:
    if not story.publications:
        return
    table = Table(title="Entries", box=None, pad_edge=False, title_justify="left")
    for heading in ("published", "cause", "entry"):
        table.add_column(heading, header_style="dim", no_wrap=True)
    for each in story.publications:
        table.add_row(moment(each.published_at), each.cause, each.entry_id)
    console.print()
    console.print(table)


def _print_attempt(console: Console, attempt: Attempt) -> None:
    outcome = attempt.outcome or "in work"
    style = {"committed": "green", "dead": "red", "retry": "yellow"}.get(outcome, "bold")
    console.print(
        f"\n[bold]Delivery {attempt.fence}[/]  [{style}]{outcome}[/]  "
        f"{moment(attempt.started_at)}  {_took(attempt.started_at, attempt.finished_at)}"
        f"  at {escape(attempt.consumer)}",
        highlight=False,
        soft_wrap=True,
    )
    if attempt.error:
        code = escape(attempt.error_code or "")
        console.print(f"  {code}: {escape(attempt.error)}", style="red", highlight=False)
    stages = list(attempt.stages or ())
    longest = max((_seconds(each) for each in stages), default=0)
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 2))
    for stage in stages:
        page = stage.get("page")
        name = str(stage.get("name")) + ("" if page is None else f" of page {page}")
        length = round(_seconds(stage) / longest * BAR) if longest else 0
        table.add_row(
            escape(name), f"{_seconds(stage):.3f} s", "\N{BOX DRAWINGS HEAVY HORIZONTAL}" * length
        )
    if stages:
        console.print(table)


def _seconds(stage: Any) -> float:
    return max(float(stage["ended_at"]) - float(stage["started_at"]), 0)


def _took(began: datetime, ended: datetime | None) -> str:
    return "" if ended is None else f"took {span(ended - began)}"


def _print_card(console: Console, card: Scorecard) -> None:
    state = "verified" if card.verified else "not verified"
    if card.reviewed_at is None:
        state += ", to be reviewed"
    print_scorecard(console, f"Scorecard, revision {card.revision}, {state}", card.document)


def _print_revision(console: Console, revision: Revision) -> None:
    """`2026-11-26 09:41:25  Asha edited  /innings/0/total/runs: 99 -> 101`."""
    console.print(
        f"{moment(revision.made_at)}  [bold]{escape(revision.reviewer)}[/] {revision.action}"
        f"  {escape(revision.reason or '')}".rstrip(),
        highlight=False,
        soft_wrap=True,
    )
    for change in revision.changes:
        if change["cell"]:
            told = f"  {change['cell']}: {change['was']} -> {change['became']}"
            console.print(escape(told), highlight=False, soft_wrap=True)


def _told(story: Story, trace_url: str) -> dict[str, Any]:
    record, place = story.evidence.record, story.evidence.place
    return {
        "upload_id": story.evidence.upload_id,
        "state": str(story.answer.state),
        "problem": story.answer.problem,
        "text": story.answer.text,
        "command": story.answer.command or None,
        "upload": plain(record.upload) if record else None,
        "publications": plain(story.publications),
        "deliveries": plain(record.attempts) if record else [],
        "dead_letter": plain(place.letter) if place else None,
        "traces": [
            {"trace_id": each, "link": trace_link(trace_url, each) or None}
            for each in story.trace_ids
        ],
        "scorecard": plain(record.scorecard) if record else None,
        "revisions": plain(story.revisions),
    }
