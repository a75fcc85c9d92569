"""Pictures of pages for people: decoded in a child process, never in the console, and kept a while.

Files come from strangers. The child has a bound on its memory and its time, and dies with either.
"""

import asyncio
import multiprocessing
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any
from weakref import finalize

from pebble import ProcessExpired, ProcessPool

from consumers.confinement import confine
from pipeline.errors import InternalError, OcrCrashed, OcrError, TimedOut
from pipeline.imaging.view import ViewedPage, view_page
from pipeline.options import Limits
from pipeline.storage.objects import ObjectStore

_SECONDS = 30
_MEMORY = 3 * 1024**3
_MOST_TASKS = 100
"""Pages after which the child is replaced."""
_LONGEST_SIDE = 2400
"""Pixels: enough to read small print with the page twice as wide as a screen."""
_KEPT = 256 * 1024**2
"""Bytes of pictures that are kept on disk; those not looked at for longest go first."""


class Pictures:
    """Makes and keeps pictures of pages.

    Args:
        objects: where the files are.
        limits: what is refused before it is decoded.
        kept: bytes on disk at most.
    """

    def __init__(self, objects: ObjectStore, limits: Limits, kept: int = _KEPT) -> None:
        self._objects = objects
        self._limits = limits
        self._kept = kept
        self._made: list[Path | ProcessPool] = []
        """What has to go with this object, or with the process."""
        self.close = finalize(self, _discard, self._made)
        self._folder: Path | None = None
        self._pool: ProcessPool | None = None
        self._one_at_a_time = asyncio.Lock()

    async def picture(self, bucket: str, key: str, page: Mapping[str, Any]) -> bytes:
        """A page as a JPEG.

        Args:
            bucket: of the upload's file.
            key: of the upload's file.
            page: as the document states it under `pages`.

        Raises:
            OcrError: the file is missing or cannot be shown, or its store is away.
        """
        path = self._path(bucket, key, page)
        with suppress(FileNotFoundError):
            os.utime(path)
            return await asyncio.to_thread(path.read_bytes)
        # One child decodes one page at a time; who waits for the same page finds it kept.
        async with self._one_at_a_time:
            with suppress(FileNotFoundError):
                return await asyncio.to_thread(path.read_bytes)
            content = await self._objects.get(bucket, key, self._limits.max_bytes)
            jpeg = await self._viewed(content, ViewedPage(**page))
            await asyncio.to_thread(self._keep, path, jpeg)
        return jpeg

    async def _viewed(self, content: bytes, page: ViewedPage) -> bytes:
        future = self._ready_pool().schedule(
            view_page, args=(content, page, self._limits, _LONGEST_SIDE), timeout=_SECONDS
        )
        try:
            jpeg: bytes = await asyncio.wrap_future(future)
        except OcrError:
            raise
        except TimeoutError:
            raise TimedOut(f"The picture was not ready after {_SECONDS} s.") from None
        except (ProcessExpired, MemoryError):
            raise OcrCrashed("The process that decoded the picture died.") from None
        except Exception as error:
            raise InternalError(f"{type(error).__name__}: {error}") from error
        return jpeg

    def _ready_pool(self) -> ProcessPool:
        if self._pool is None or not self._pool.active:
            self._pool = ProcessPool(
                max_workers=1,
                max_tasks=_MOST_TASKS,
                initializer=confine,
                initargs=(_MEMORY,),
                context=multiprocessing.get_context("spawn"),
            )
            self._made.append(self._pool)
        return self._pool

    def _path(self, bucket: str, key: str, page: Mapping[str, Any]) -> Path:
        """Where a picture is kept: no name of a stranger is part of it."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="cricksy-ocr-pages-"))
            self._made.append(self._folder)
        # Read again, a page may lie otherwise.
        name = sha256(repr((bucket, key, sorted(page.items()))).encode()).hexdigest()
        return self._folder / f"{name}.jpg"

    def _keep(self, path: Path, jpeg: bytes) -> None:
        path.write_bytes(jpeg)
        kept = [(each.stat(), each) for each in path.parent.iterdir()]
        total = sum(stat.st_size for stat, _ in kept)
        for stat, each in sorted(kept, key=lambda one: one[0].st_mtime):
            if total <= self._kept or each == path:
                break
            each.unlink()
            total -= stat.st_size


def _discard(made: list[Path | ProcessPool]) -> None:
    """End children, and forget what was kept."""
    for each in made:
        if isinstance(each, Path):
            shutil.rmtree(each, ignore_errors=True)
        else:
            each.stop()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
            each.join()
