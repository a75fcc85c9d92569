"""`cricksy-ocr why`: what an upload waits for, in one paragraph."""

import json
from typing import Annotated

import typer

from consumers.cli.servers import Servers, rules_of, with_servers
from consumers.why import Answer, explain, gather

PROBLEM = 1


def why(
    upload: Annotated[str, typer.Argument(help="The upload's id.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say where an upload is, since when, what it waits for, and what to do.

    Exits with 1 when something is wrong with it.

    Example: cricksy-ocr why 0b6a2f0c9d7e4c1d8f5a3e2b1c0d9e8f
    """

    async def work(servers: Servers) -> Answer:
        queue = (servers.client, servers.keys, servers.database)
        return explain(await gather(*queue, upload, rules_of(servers.settings)))

    answer = with_servers(work, tells_of_absence=True)
    if as_json:
        told = {
            "upload_id": upload,
            "state": answer.state,
            "problem": answer.problem,
            "text": answer.text,
            "command": answer.command or None,
            "figures": dict(answer.figures),
        }
        print(json.dumps(told))
    else:
        print(answer.text)
        if answer.command:
            print(f"Next: {answer.command}")
    raise typer.Exit(PROBLEM if answer.problem else 0)
