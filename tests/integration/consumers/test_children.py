"""Child processes that crash, hang and eat memory, and the parent that lives on."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pebble import CONSTS

from consumers.attention import AT_REST, AT_WORK
from consumers.child_process import ReadCard
from consumers.children import Child, ChildLimits
from consumers.progress import ProgressListener
from pipeline.errors import InternalError, OcrCrashed, TimedOut, UnreadableImage
from pipeline.options import ReadingOptions
from tests import doubles
from tests.processes import card_readers, fork_servers
from tests.wait import wait_until_async as wait_until

StartChild = Callable[..., Child]
LONG = timedelta(seconds=60)


def nobody(_stage: str, _page: int | None) -> None:
    return


@pytest.fixture
async def start_child() -> AsyncIterator[StartChild]:
    progress = ProgressListener()
    await progress.start()
    children = []

    def start(read_card: ReadCard, *, timeout: timedelta = LONG, max_tasks: int = 100) -> Child:
        child = Child(ReadingOptions(), ChildLimits(max_tasks, timeout), progress, read_card)
        children.append(child)
        return child

    yield start
    for child in children:
        child.stop()
    progress.stop()


async def lives_on(child: Child) -> bool:
    """Whether the slot reads its next upload."""
    child._read_card = doubles.read_nothing
    return await child.read(b"", nobody) == doubles.EMPTY


async def test_a_warm_child_is_there_before_it_is_needed(start_child: StartChild) -> None:
    child = start_child(doubles.read_nothing)

    child.start()
    await child.warm()

    assert [each.pid for each in card_readers(os.getpid())] == [child.pid]


async def test_a_child_that_dies_as_it_starts_is_not_waited_for(start_child: StartChild) -> None:
    child = start_child(doubles.read_nothing, timeout=timedelta(seconds=0.01))

    child.start()
    await asyncio.wait_for(child.warm(), timeout=30)

    child._limits = ChildLimits(100, LONG)
    assert await lives_on(child)


async def test_stages_are_told_while_they_run(start_child: StartChild) -> None:
    stages: list[tuple[str, int | None]] = []

    await start_child(doubles.read_nothing).read(b"", lambda *stage: stages.append(stage))

    assert stages == [("ocr", 1)]


async def test_they_are_looked_after_often_only_while_one_reads(start_child: StartChild) -> None:
    paces: list[float] = []

    await start_child(doubles.read_nothing).read(b"", lambda *_: paces.append(CONSTS.sleep_unit))

    assert paces == [AT_WORK]
    assert CONSTS.sleep_unit == AT_WORK
    await wait_until(lambda: CONSTS.sleep_unit == AT_REST)


async def test_a_crash_in_native_code_ends_the_child_alone(start_child: StartChild) -> None:
    child = start_child(doubles.crash)

    with pytest.raises(OcrCrashed, match="SIGSEGV"):
        await child.read(b"", nobody)

    assert await lives_on(child)


async def test_a_child_that_hangs_is_killed_when_its_time_is_up(start_child: StartChild) -> None:
    child = start_child(doubles.hang, timeout=timedelta(seconds=0.5))

    with pytest.raises(TimedOut, match=r"0\.5 s"):
        await child.read(b"", nobody)

    assert await lives_on(child)


async def test_a_child_out_of_memory_has_crashed(start_child: StartChild) -> None:
    child = start_child(doubles.eat_memory)

    with pytest.raises(OcrCrashed, match="memory"):
        await child.read(b"", nobody)

    assert await lives_on(child)


async def test_an_error_of_ours_comes_back_as_it_was_with_its_stages(
    start_child: StartChild,
) -> None:
    with pytest.raises(UnreadableImage, match="damaged") as raised:
        await start_child(doubles.refuse).read(b"", nobody)

    assert [stage.name for stage in raised.value.stages] == ["decode"]


async def test_a_fault_of_ours_is_an_internal_error_that_names_it(start_child: StartChild) -> None:
    with pytest.raises(InternalError, match="KeyError: 'runs'"):
        await start_child(doubles.stumble).read(b"", nobody)


async def test_cancelling_kills_the_child(start_child: StartChild, tmp_path: Path) -> None:
    child = start_child(doubles.say_pid)
    told = tmp_path / "pid"
    reading = asyncio.create_task(child.read(str(told).encode(), nobody))
    await wait_until(lambda: told.exists() and told.read_text())
    pid = int(told.read_text())

    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading

    await wait_until(lambda: not process_lives(pid))
    assert await lives_on(child)


async def test_a_child_that_dies_idle_is_replaced(start_child: StartChild) -> None:
    child = start_child(doubles.read_nothing)
    await child.read(b"", nobody)
    assert child._pool is not None
    (pid,) = child._pool._pool_manager.worker_manager.workers
    os.kill(pid, signal.SIGKILL)
    await wait_until(lambda: child._pool is not None and not child._pool.active)

    assert await lives_on(child)


async def test_a_worn_child_has_its_successor_at_once_and_ends(start_child: StartChild) -> None:
    child = start_child(doubles.read_nothing, max_tasks=2)
    processes = []
    for _ in range(4):
        await child.read(b"", nobody)
        processes.append(child.pid)

    # Each second upload is the last one of a process.
    assert None not in processes
    assert len(set(processes)) == 3
    assert child.replaced == 2
    await wait_until(lambda: [each.pid for each in card_readers(os.getpid())] == [child.pid])


async def test_a_child_that_crashed_begins_to_count_anew(start_child: StartChild) -> None:
    child = start_child(doubles.crash, max_tasks=2)
    with pytest.raises(OcrCrashed):
        await child.read(b"", nobody)

    assert await lives_on(child)
    before = child.pid

    assert await lives_on(child)
    assert before is not None
    assert child.pid != before
    assert child.replaced == 2


async def test_a_fork_server_that_dies_takes_its_children_along_and_is_replaced(
    start_child: StartChild, tmp_path: Path
) -> None:
    child = start_child(doubles.say_pid)
    told = tmp_path / "pid"
    reading = asyncio.create_task(child.read(str(told).encode(), nobody))
    await wait_until(lambda: told.exists() and told.read_text())
    pid = int(told.read_text())
    (server,) = fork_servers(os.getpid())

    server.kill()

    with pytest.raises(OcrCrashed):
        await reading
    assert not process_lives(pid)
    assert await lives_on(child)


def process_lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
