"""Headless Chromium, driven over its debugging pipe: HTML in, pixels out."""

import base64
import fcntl
import json
import os
import select
import shutil
import signal
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Self

import cv2
import numpy as np

from benchmarks.render.raster import Raster

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ANSWER_SECONDS = 60
_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--remote-debugging-pipe",
)
# Where Chromium looks for the debugging pipe: it reads from 3 and writes to 4.
_COMMANDS, _ANSWERS = 3, 4


class NoBrowser(Exception):
    """Chromium is missing, or does not answer."""


def find_chromium() -> str:
    """Path of the Chromium that is installed.

    Raises:
        NoBrowser: there is none.
    """
    for name in NAMES:
        found = shutil.which(name)
        if found is not None:
            return found
    raise NoBrowser(
        "Cards are rendered by Chromium, and none is installed. On Debian and Ubuntu: "
        "apt-get install chromium fonts-liberation fonts-roboto fonts-lato "
        "fonts-crosextra-carlito fonts-ebgaramond"
    )


class Browser:
    """One running Chromium with one page; a context manager.

    Source: Chrome DevTools Protocol (https://chromedevtools.github.io/devtools-protocol/).
    """

    def __init__(self, executable: str | None = None) -> None:
        executable = executable or find_chromium()
        self._profile = tempfile.TemporaryDirectory(prefix="cards-", ignore_cleanup_errors=True)
        commands, self._out = _pipe_above(_ANSWERS)
        self._in, answers = _pipe_above(_ANSWERS)
        self._pid = os.posix_spawn(
            executable,
            [executable, *_ARGUMENTS, f"--user-data-dir={self._profile.name}", "about:blank"],
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, commands, _COMMANDS),
                (os.POSIX_SPAWN_DUP2, answers, _ANSWERS),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ],
            # Its own group, so that its helpers end with it.
            setpgroup=0,
        )
        os.close(commands)
        os.close(answers)
        self._unread = b""
        self._last = 0
        self._session: str | None = None

    def __enter__(self) -> Self:
        try:
            target = self._ask("Target.createTarget", url="about:blank")["targetId"]
            session = self._ask("Target.attachToTarget", targetId=target, flatten=True)
        except NoBrowser:
            self._end()
            raise
        self._session = session["sessionId"]
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _end(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._in)
        os.close(self._out)
        self._profile.cleanup()

    def picture(self, html: str, width: int, scale: float) -> Raster:
        """The whole page as a picture.

        Args:
            html: the document; it must need nothing from outside.
            width: of the window, in CSS pixels.
            scale: pixels a CSS pixel.

        Raises:
            NoBrowser: Chromium does not answer.
        """
        self._resize(width, 100, scale)
        frame = self._ask("Page.getFrameTree")["frameTree"]["frame"]["id"]
        self._ask("Page.setDocumentContent", frameId=frame, html=html)
        # A table that is wider than the window would be cut off.
        width = max(width, self._measured("scrollWidth"))
        self._resize(width, 100, scale)
        self._resize(width, self._measured("scrollHeight"), scale)
        shot = self._ask("Page.captureScreenshot", format="png")["data"]
        raster = cv2.imdecode(
            np.frombuffer(base64.b64decode(shot), dtype=np.uint8), cv2.IMREAD_COLOR
        )
        if raster is None:
            raise NoBrowser("Chromium sent a screenshot that is no picture.")
        return raster.astype(np.uint8, copy=False)

    def _measured(self, extent: str) -> int:
        """A length of the whole page in CSS pixels, once its fonts are there."""
        expression = f"document.fonts.ready.then(() => document.documentElement.{extent})"
        answer = self._ask("Runtime.evaluate", expression=expression, awaitPromise=True)
        length: int = answer["result"]["value"]
        return length

    def _resize(self, width: int, height: int, scale: float) -> None:
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=False,
        )

    def _ask(self, method: str, **parameters: Any) -> Mapping[str, Any]:
        self._last += 1
        command: dict[str, Any] = {"id": self._last, "method": method, "params": parameters}
        if self._session is not None:
            command["sessionId"] = self._session
        self._send(json.dumps(command).encode() + b"\0")
        while True:
            answer = json.loads(self._next_message())
            if answer.get("id") != self._last:
                continue
            if "error" in answer:
                raise NoBrowser(f"Chromium refused {method}: {answer['error']['message']}")
            result: Mapping[str, Any] = answer["result"]
            return result

    def _send(self, message: bytes) -> None:
        try:
            while message:
                message = message[os.write(self._out, message) :]
        except BrokenPipeError as error:
            raise NoBrowser("Chromium has ended.") from error

    def _next_message(self) -> bytes:
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._in], [], [], ANSWER_SECONDS)
            received = os.read(self._in, 1 << 20) if ready else b""
            if not received:
                raise NoBrowser("Chromium does not answer.")
            self._unread += received
        message, _, self._unread = self._unread.partition(b"\0")
        return message


def _pipe_above(lowest: int) -> tuple[int, int]:
    """A pipe's two ends, both above `lowest`: the child's own numbers must stay free."""
    ends = os.pipe()
    moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, lowest + 1) for end in ends]
    for end in ends:
        os.close(end)
    return moved[0], moved[1]
