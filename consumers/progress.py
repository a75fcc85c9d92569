"""Live progress out of a child process: which stage of which page begins now.

A datagram a stage over a Unix socket. A pipe or a queue would need a lock, and a child that is
killed while it holds the lock would silence the others for good; a lost datagram costs nothing.
"""

import asyncio
import json
import socket
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

StageStarted = Callable[[str, int | None], None]
"""Called with the stage's name and the page's number from 1, if it is a stage of one page."""


class ProgressSender:
    """The child's end."""

    def __init__(self, address: str, token: str) -> None:
        self._address = address
        self._token = token
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.settimeout(0)

    def stage_started(self, stage: str, page: int | None) -> None:
        """Tell the parent; says nothing when it does not listen."""
        datagram = json.dumps([self._token, stage, page]).encode()
        try:
            self._socket.sendto(datagram, self._address)
        except OSError:
            return

    def close(self) -> None:
        """Free the socket."""
        self._socket.close()


class ProgressListener(asyncio.DatagramProtocol):
    """The parent's end: one socket for all children of a replica."""

    def __init__(self) -> None:
        self._followers: dict[str, StageStarted] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._transport: asyncio.DatagramTransport | None = None
        self.address = ""

    async def start(self) -> None:
        """Begin to listen."""
        self.address = self._new_address()
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        listening.settimeout(0)
        listening.bind(self.address)
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, sock=listening)

    def _new_address(self) -> str:
        if sys.platform == "linux":
            # The abstract namespace: a replica that is killed leaves no file behind.
            return f"\0cricksy-ocr-{uuid4().hex}"
        self._folder = tempfile.TemporaryDirectory(prefix="cricksy-ocr-")
        return str(Path(self._folder.name) / "progress")

    def stop(self) -> None:
        """Stop listening and remove the socket."""
        if self._transport is not None:
            self._transport.close()
        if self._folder is not None:
            self._folder.cleanup()

    def follow(self, token: str, follower: StageStarted) -> None:
        """Call `follower` for each stage that the task `token` begins."""
        self._followers[token] = follower

    def forget(self, token: str) -> None:
        """The task has ended."""
        self._followers.pop(token, None)

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002 -- asyncio's
        """A child began a stage."""
        try:
            token, stage, page = json.loads(data)
        except ValueError:
            # Any process of the machine may write here; what is none of ours says nothing.
            return
        follower = self._followers.get(token)
        if follower is not None:
            follower(stage, page)
