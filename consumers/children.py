"""Child processes that read cards: crash, hang and memory stay theirs.

Images come from strangers, so nothing is decoded in a replica itself. Each slot has a child of
its own, kept warm and replaced after so many uploads.
"""

import asyncio
import signal
import threading
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextvars import copy_context
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import structlog
from pebble import ProcessExpired, ProcessPool

from consumers.attention import ATTENTION
from consumers.child_process import CONTEXT, ReadCard, begin, read_in_child, warm_up
from consumers.progress import ProgressListener, StageStarted
from consumers.vitals import resident_memory
from otel import metrics
from pipeline.errors import InternalError, OcrCrashed, OcrError, TimedOut
from pipeline.options import ReadingOptions
from pipeline.reading import Reading

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What a child process may use."""

    max_tasks: int
    """Uploads after which it is replaced."""
    timeout: timedelta
    """Wall time for the stages of one upload; past it the child is killed."""
    memory: int = 4 * 1024**3
    """Bytes of address space (RLIMIT_AS)."""


class Child:
    """One slot's child process.

    Args:
        options: how files are read.
        limits: what the child may use.
        progress: where it tells which stage begins.
        read_card: what it runs in place of the stages.
    """

    def __init__(
        self,
        options: ReadingOptions,
        limits: ChildLimits,
        progress: ProgressListener,
        read_card: ReadCard | None = None,
    ) -> None:
        self._options = options
        self._limits = limits
        self._progress = progress
        self._read_card = read_card
        self._pool: ProcessPool | None = None
        self._warmth: Future[None] | None = None
        self._uploads = 0
        """That the process has been given."""
        self._farewell: threading.Thread | None = None
        """Ends the worn process before it."""
        self.replaced = 0
        """How many processes had to be replaced."""

    def start(self) -> None:
        """Start the process, so that its first upload does not wait for imports."""
        self._warmth = self._ready_pool().schedule(
            warm_up, timeout=self._limits.timeout.total_seconds()
        )

    async def warm(self) -> None:
        """Wait until the started process could begin to read at once, or has died on the way."""
        if self._warmth is not None:
            # One that died is replaced when there is something to read.
            await asyncio.gather(asyncio.wrap_future(self._warmth), return_exceptions=True)

    @property
    def pid(self) -> int | None:
        """Of the process, while it lives."""
        if self._pool is None or not self._pool.active:
            return None
        # pebble shows its processes nowhere else.
        workers = self._pool._pool_manager.worker_manager.workers  # noqa: SLF001
        return next((pid for pid, worker in list(workers.items()) if worker.is_alive()), None)

    @property
    def memory(self) -> int | None:
        """Resident bytes of the process; None where the system does not tell."""
        return resident_memory(self.pid)

    def revive(self) -> None:
        """Start a process in the place of one that died with nothing to do."""
        # It leaves pebble's pool broken for good.
        if self._pool is not None and not self._pool.active:
            log.warning("idle child process died")
            self._replaced("died_idle")
            self.start()

    async def read(self, content: bytes, on_stage: StageStarted) -> Reading:
        """Run the stages over a file's bytes.

        Cancelling this kills the child.

        Raises:
            TimedOut: past the time limit; the child was killed.
            OcrCrashed: the child died or ran out of memory.
            OcrError: what a stage raised, with the stages done before it in `stages`.
            InternalError: a stage raised something else.
        """
        token = uuid4().hex
        self.revive()
        self._uploads += 1
        # Called from the event loop: in the caller's context, whose log lines name the upload.
        context = copy_context()
        self._progress.follow(token, lambda stage, page: context.run(on_stage, stage, page))
        future = self._ready_pool().schedule(
            read_in_child,
            args=(self._read_card, content, self._options, self._progress.address, token),
            timeout=self._limits.timeout.total_seconds(),
        )
        try:
            with ATTENTION.paid():
                reading: Reading = await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            self._replaced("interrupted")
            raise
        except OcrError:
            raise
        except TimeoutError:
            self._replaced("timed_out")
            raise TimedOut(
                f"The stages took longer than {self._limits.timeout.total_seconds():g} s; "
                "the child process was killed."
            ) from None
        except ProcessExpired as error:
            self._replaced("crashed")
            raise OcrCrashed(f"The child process died ({_exit(error.exitcode)}).") from None
        except BrokenProcessPool:
            self._replaced("crashed")
            raise OcrCrashed("The child process died before it began.") from None
        except MemoryError:
            raise OcrCrashed("The child process ran out of memory.") from None
        except Exception as error:
            raise InternalError(f"{type(error).__name__}: {error}") from error
        finally:
            self._progress.forget(token)
            if self._uploads >= self._limits.max_tasks:
                self._retire()
        return reading

    def stop(self) -> None:
        """End the process, whatever it does; blocks for moments."""
        if self._pool is not None:
            _end(self._pool)
        if self._farewell is not None:
            self._farewell.join()

    def _replaced(self, cause: str) -> None:
        metrics.child_replaced(cause)
        self.replaced += 1
        self._uploads = 0

    def _retire(self) -> None:
        """Let a fresh process take over; pebble would see that it is needed at its next look."""
        worn, self._pool = self._pool, None
        self._replaced("worn")
        if worn is not None:
            self._farewell = threading.Thread(target=_end, args=(worn,), name="worn child")
            self._farewell.start()
        try:
            self.start()
        except OSError as error:
            # The next upload tries again.
            log.warning("child process not started", error=str(error))

    def _ready_pool(self) -> ProcessPool:
        if self._pool is None or not self._pool.active:
            self._pool = ProcessPool(
                max_workers=1,
                initializer=begin,
                initargs=(self._limits.memory,),
                context=CONTEXT,
            )
        return self._pool


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # pebble leaves it untyped
    pool.join()


def _exit(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
