"""`cricksy-ocr console`: the web console, and the backend's upload API."""

from pathlib import Path
from typing import Annotated

import typer

from consumers.cli.servers import Servers, with_servers

WRONG_USAGE = 2


def console(
    host: Annotated[
        str, typer.Option(help="Address to listen on; another than loopback needs a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8080,
    certificate: Annotated[
        Path | None, typer.Option(exists=True, help="PEM, for TLS without a proxy.")
    ] = None,
    key: Annotated[Path | None, typer.Option(exists=True, help="Of the certificate.")] = None,
) -> None:
    """Serve the console and the upload API until Ctrl-C.

    Only this machine is let in unless CRICKSY_CONSOLE_TOKEN is set.

    Example: cricksy-ocr console --port 8080
    """
    # Here, because every other verb would wait for a web framework that it does not use.
    from consumers.console.server import (
        Listening,
        NotOnlyHere,
        console_from,
        require_closed,
        serve,
    )

    listening = Listening(host, port, certificate, key)

    async def work(servers: Servers) -> None:
        queue = (servers.client, servers.keys, servers.database, servers.objects)
        console = console_from(servers.settings, *queue)
        require_closed(console, listening)
        scheme = "https" if certificate else "http"
        typer.echo(f"The console is at {scheme}://{host}:{port}/ until Ctrl-C.", err=True)
        await serve(console, listening)

    try:
        with_servers(work, tells_of_absence=True)
    except NotOnlyHere as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(WRONG_USAGE) from None
