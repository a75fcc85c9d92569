"""Runs one server, and ends it when it is told to or when the supervisor is gone.

One guard stands between the supervisor and each server, so that a server outlives neither a
supervisor that was killed (the guard sees that its pipe has closed, or that it has another
parent) nor a guard that was killed (on Linux the kernel then kills the server).

Started by its path in a bare interpreter, `python -I -S guard.py ORDER`: standard library only.
ORDER is the JSON object that `guarded.py` writes. Standard input is the supervisor's pipe: a
byte or its end means "end the server". The server's process id is written to standard output;
standard error is the server's log. The exit code is the server's, 128 + n for signal n.
"""

import contextlib
import ctypes
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

PR_SET_PDEATHSIG = 1
"""From linux/prctl.h."""

CANNOT_EXECUTE = 127

_ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

_LOOK_AT_PARENT = 0.5
"""Seconds. A process that the supervisor has forked holds the pipe open after its death."""


def main() -> int:
    """Runs the server that the first argument describes, until its end."""
    order: dict[str, Any] = json.loads(sys.argv[1])
    bell = _bell()
    try:
        server = _start(order)
    except OSError as error:
        sys.stderr.write(f"cannot start {order['arguments'][0]}: {error}\n")
        return CANNOT_EXECUTE
    sys.stdout.write(f"{server.pid}\n")
    sys.stdout.flush()
    _watch(server, order["supervisor"], bell)
    code = _end(server, order["stop_signal"], order["grace"])
    _clear_away(order["leftovers"])
    return code


def _bell() -> int:
    """A file descriptor from which the numbers of the signals that arrive can be read."""
    bell, rope = os.pipe()
    os.set_blocking(rope, False)
    signal.set_wakeup_fd(rope)
    for number in (*_ENDING, signal.SIGCHLD):
        signal.signal(number, _only_ring)
    return bell


def _only_ring(_number: int, _frame: FrameType | None) -> None:
    """A handler, unlike SIG_IGN, is not inherited by the server, and rings the bell."""


def _start(order: dict[str, Any]) -> subprocess.Popen[bytes]:
    account: dict[str, Any] = {}
    if order["account"] is not None:
        uid, gid = order["account"]
        account = {"user": uid, "group": gid, "extra_groups": []}
    return subprocess.Popen(  # noqa: S603 - the supervisor's own command
        order["arguments"],
        cwd=order["folder"],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        # The data folder's lock: it stays taken for as long as a server lives.
        pass_fds=(order["lock"],),
        # Called after the change of account, which would clear the signal again. It is tied to
        # the thread that forked: the guard has one only, and so a fork is safe here as well.
        preexec_fn=_dying_with(os.getpid()) if sys.platform == "linux" else None,  # noqa: PLW1509
        **account,
    )


def _dying_with(guard: int) -> Callable[[], None]:
    """What has the kernel kill the calling process when its parent, `guard`, is gone."""
    prctl = ctypes.CDLL(None).prctl

    def arrange() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != guard:
            os._exit(CANNOT_EXECUTE)

    return arrange


def _watch(server: subprocess.Popen[bytes], supervisor: int, bell: int) -> None:
    """Returns when the server has ended or is to be ended."""
    stdin = sys.stdin.fileno()
    while server.poll() is None and os.getppid() == supervisor:
        ready, _, _ = select.select([stdin, bell], [], [], _LOOK_AT_PARENT)
        if stdin in ready:
            return
        if bell in ready and any(number in _ENDING for number in os.read(bell, 64)):
            return


def _end(server: subprocess.Popen[bytes], stop_signal: int, grace: float) -> int:
    if server.poll() is None:
        server.send_signal(stop_signal)
        try:
            server.wait(grace)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
    return server.returncode if server.returncode >= 0 else 128 - server.returncode


def _clear_away(patterns: list[str]) -> None:
    for pattern in map(Path, patterns):
        for path in pattern.parent.glob(pattern.name):
            with contextlib.suppress(OSError):
                path.unlink()


if __name__ == "__main__":
    sys.exit(main())
