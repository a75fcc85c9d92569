"""`cricksy-ocr doctor`: what to mend, before it costs something."""

import asyncio
import json
from dataclasses import asdict
from itertools import groupby
from typing import Annotated

import typer
from rich.console import Console

from consumers.cli.servers import open_servers
from consumers.doctor import Check, Verdict, examine
from consumers.doctor.about_settings import Choices
from consumers.doctor.examination import Patient
from consumers.settings import Settings, load_settings

PROBLEM = 1
MARKS = {
    Verdict.GOOD: ("ok", "green"),
    Verdict.HINT: ("hint", "cyan"),
    Verdict.WARNING: ("warning", "yellow"),
    Verdict.BAD: ("bad", "bold red"),
}


def doctor(
    origin: Annotated[
        str, typer.Option(help="Of the pages that put files into the bucket, for CORS.")
    ] = "http://127.0.0.1:8080",
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 also for warnings: for production.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Check the servers, Tesseract, clocks and settings, and say what to mend.

    Changes nothing but an object in the bucket, which it deletes again. Exits with 1 when something
    is bad; warnings count only with --strict, and hints never.

    Example: cricksy-ocr doctor --origin https://scorer.example.org
    """
    checks = asyncio.run(_examine(origin))
    wrong = {Verdict.BAD, Verdict.WARNING} if strict else {Verdict.BAD}
    good = not any(each.verdict in wrong for each in checks)
    if as_json:
        print(json.dumps({"good": good, "checks": [asdict(each) for each in checks]}))
    else:
        _print(Console(), checks)
    raise typer.Exit(0 if good else PROBLEM)


async def _examine(origin: str) -> list[Check]:
    settings = load_settings()
    async with open_servers(settings, up_to_date=False) as servers:
        return await examine(
            Patient(
                servers.client,
                settings.redis_url.get_secret_value(),
                servers.database,
                settings.database_url.get_secret_value(),
                servers.objects,
                settings.s3_bucket,
                origin,
                settings.ocr_engine,
                settings.ocr_languages,
                _choices(settings),
            )
        )


def _choices(settings: Settings) -> Choices:
    token = settings.console_token
    return Choices(
        log_level=settings.log_level,
        alerts_are_posted=settings.alert_webhook_url is not None,
        console_token=token.get_secret_value() if token else "",
        s3_endpoint=settings.s3_endpoint_url or "",
        s3_keys=settings.s3_access_key is not None,
    )


def _print(console: Console, checks: list[Check]) -> None:
    for subject, found in groupby(checks, key=lambda each: each.subject):
        console.print(subject, style="bold")
        for check in found:
            mark, style = MARKS[check.verdict]
            console.print(f"  {mark:<8}", style=style, end="")
            console.print(f"{check.name}: {check.text}", markup=False, highlight=False)
            if check.remedy:
                console.print(
                    f"          {check.remedy}", style="dim", markup=False, soft_wrap=True
                )
    worst = [each for each in checks if each.verdict is Verdict.BAD]
    warnings = sum(each.verdict is Verdict.WARNING for each in checks)
    hints = sum(each.verdict is Verdict.HINT for each in checks)
    told = (
        f"{len(worst)} to mend, {warnings} to think of, {hints} before production, "
        f"{len(checks)} looked at"
    )
    console.print(told, style="bold red" if worst else "bold", highlight=False)
