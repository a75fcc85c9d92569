"""What the console works on: the servers, and values that its entry point took from settings."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from starlette.requests import HTTPConnection

from consumers.stream import Client, Keys
from consumers.why import Rules
from pipeline.options import Limits
from pipeline.storage.database import Database
from pipeline.storage.objects import ObjectStore


@dataclass(frozen=True, slots=True)
class Console:
    """The servers and rules behind every page."""

    client: Client
    keys: Keys
    database: Database
    objects: ObjectStore
    bucket: str
    """Where new uploads are put."""
    rules: Rules
    limits: Limits
    """Larger files are refused before they are decoded."""
    token: str = field(default="", repr=False)
    """What people and programs show to be let in; empty: only this machine is let in."""
    uploads_enabled: bool = True
    trace_url: str = ""
    """Link to a trace, `{trace_id}` in it; empty where there is none."""
    signing_key: str = field(default_factory=lambda: secrets.token_hex(32), repr=False)
    """Signs cookies where there is no token."""

    @property
    def cookie_key(self) -> str:
        """Signs cookies: another token ends every session."""
        return self.token or self.signing_key

    @property
    def link_life(self) -> timedelta:
        """How long a presigned link works."""
        return self.rules.link_life


def console_of(connection: HTTPConnection) -> Console:
    """The console that answers a request."""
    console = connection.app.state.console
    if not isinstance(console, Console):
        raise TypeError("The application was not built by `application.build`.")
    return console
