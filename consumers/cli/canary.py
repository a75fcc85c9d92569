"""`cricksy-ocr canary`: a known card through the whole system."""

import json
from datetime import timedelta
from typing import Annotated

import typer

from consumers.alerts.finding import CanaryRound
from consumers.canary import IN_TIME, Canary
from consumers.cli.servers import Servers, with_servers

PROBLEM = 1


def canary(
    within: Annotated[
        float, typer.Option(help="Seconds that the right answer may take.", min=1)
    ] = IN_TIME.total_seconds(),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Publish a known card and check that the right answer is committed in time.

    Nothing of it stays behind, and no figure counts it. Exits with 1 when it is late or wrong.

    Example: cricksy-ocr canary --within 60
    """

    async def work(servers: Servers) -> CanaryRound:
        canary = Canary(
            servers.client,
            servers.keys,
            servers.database,
            servers.objects,
            servers.settings.s3_bucket,
        )
        return await canary.send(timedelta(seconds=within))

    found = with_servers(work, tells_of_absence=True)
    if as_json:
        told = {"good": found.good, "upload_id": found.upload_id, "text": found.text}
        print(json.dumps(told))
    else:
        print(found.text)
    raise typer.Exit(0 if found.good else PROBLEM)
