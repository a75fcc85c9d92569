"""The process behind `cricksy-ocr console`: settings to a console, and a server in front of it."""

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette

from consumers.console.application import build
from consumers.console.live import Live
from consumers.console.review.pictures import Pictures
from consumers.console.service import Console
from consumers.settings import Settings
from consumers.stream import Client, Keys
from consumers.why import Rules
from pipeline.storage.database import Database
from pipeline.storage.objects import ObjectStore

LEAVING = 3
"""Seconds that requests have to end when the console is told to leave."""


class NotOnlyHere(Exception):
    """The console would be open to other machines, and no token is set."""


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the console answers."""

    host: str = "127.0.0.1"
    port: int = 8080
    certificate: Path | None = None
    """PEM; None: no TLS here, a proxy before it may do that."""
    key: Path | None = None


def console_from(
    settings: Settings, client: Client, keys: Keys, database: Database, objects: ObjectStore
) -> Console:
    """The console that the settings describe."""
    return Console(
        client=client,
        keys=keys,
        database=database,
        objects=objects,
        bucket=settings.s3_bucket,
        rules=Rules(
            lease=settings.lease_seconds,
            in_work=settings.upload_timeout_seconds,
            max_retries=settings.max_retries,
            max_deliveries=settings.max_deliveries,
            link_life=settings.s3_presigned_url_expiry,
        ),
        limits=settings.limits,
        token=settings.console_token.get_secret_value() if settings.console_token else "",
        uploads_enabled=settings.enable_uploads,
        trace_url=settings.trace_url,
    )


def require_closed(console: Console, listening: Listening) -> None:
    """Make sure that no other machine is let in without a token.

    Raises:
        NotOnlyHere: no token is set, and the address is not this machine's own.
    """
    if not console.token and not _is_loopback(listening.host):
        raise NotOnlyHere(
            f"{listening.host} is open to other machines: set CRICKSY_CONSOLE_TOKEN first, or "
            "leave --host out."
        )


async def serve(console: Console, listening: Listening) -> None:
    """Answer until SIGINT or SIGTERM.

    Raises:
        NotOnlyHere: no token is set, and the address is not this machine's own.
    """
    require_closed(console, listening)
    link = urlsplit(await console.objects.presigned_url(console.bucket, "x", console.link_life))
    application = build(console, f"{link.scheme}://{link.netloc}")
    config = uvicorn.Config(
        application,
        host=listening.host,
        port=listening.port,
        ssl_certfile=listening.certificate,
        ssl_keyfile=listening.key,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=LEAVING,
        lifespan="off",
    )
    await Server(config, application).serve()


class Server(uvicorn.Server):
    """Serves the application; pages that listen for changes do not hold it up when it leaves."""

    def __init__(self, config: uvicorn.Config, application: Starlette) -> None:
        super().__init__(config)
        self._live: Live = application.state.live
        self._pictures: Pictures = application.state.pictures

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Told to leave."""
        self._live.close()
        await super().shutdown(sockets)
        self._pictures.close()


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
