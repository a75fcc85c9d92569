"""A whole system of its own: servers, replicas that are started again when they die, a webhook."""

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from deploy.devstack import DevStack
from tests.acceptance.replica import RunningReplica
from tests.acceptance.system import COMMAND, System
from tests.hook import Hook, webhook_receiver
from tests.wait import wait_until

APP = "tests.alerts.app:app"
UPLOAD_TIMEOUT = 60
LEASE = 20


class Lab:
    """The running system.

    Args:
        stack: the servers.
        hook: where alerts are posted.
        folder: for the files that hold readings up.
        replicas: how many are kept alive.
    """

    def __init__(self, stack: DevStack, hook: Hook, folder: Path, replicas: int) -> None:
        self.stack = stack
        self.hook = hook
        self._folder = folder
        environment = {
            **{name: value for name, value in os.environ.items() if _is_foreign(name)},
            **stack.environment,
            "CRICKSY_STREAM": "{ocr}:uploads",
            "CRICKSY_CONCURRENCY": "1",
            "CRICKSY_LEASE_SECONDS": str(LEASE),
            "CRICKSY_UPLOAD_TIMEOUT_SECONDS": str(UPLOAD_TIMEOUT),
            "CRICKSY_ALERT_WEBHOOK_URL": hook.url,
        }
        self.system = System(environment)
        self._count = replicas
        self._wanted = True
        self._replicas: list[RunningReplica] = []
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    def start(self) -> None:
        """Start the replicas, and wait until they read."""
        self._wanted = True
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()
        self.wait_until_ready()

    def stop(self) -> None:
        """Ask all replicas to leave."""
        self._wanted = False
        self._keeper.join()
        for replica in self._replicas:
            replica.stop()
        self._replicas.clear()

    def wait_until_ready(self) -> None:
        """Until every replica reads."""
        wait_until(
            lambda: (
                len(self._replicas) == self._count
                and all(each.events("replica ready") for each in self._replicas)
            ),
            timeout=90,
            message="replicas ready",
        )

    def _keep(self) -> None:
        while self._wanted:
            self._replicas = [each for each in self._replicas if each.process.poll() is None]
            while len(self._replicas) < self._count:
                self._replicas.append(RunningReplica([APP], self.system.environment))
            time.sleep(0.5)

    def hold_up(self) -> "HeldUp":
        """An upload that is in work until it is let go."""
        path = self._folder / uuid4().hex
        return HeldUp(self, path, self.system.publish(str(path).encode()))

    def owner(self, upload_id: str) -> int:
        """Process id of the replica that has an upload in work."""
        consumer = self.system.attempts(upload_id)[-1].consumer
        return int(consumer.split("-")[-3])

    def why(self, upload_id: str) -> str:
        """What `cricksy-ocr why` says."""
        return self.command("why", upload_id).splitlines()[0]

    def command(self, *words: str) -> str:
        """What a command prints."""
        done = subprocess.run(
            [COMMAND, *words],
            env=self.system.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return done.stdout.strip() or done.stderr.strip() or "nothing"

    @contextmanager
    def watch_beside(self) -> Iterator[None]:
        """`cricksy-ocr watch` on its own."""
        process = subprocess.Popen(
            [COMMAND, "watch"],
            env=self.system.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=20)


class HeldUp:
    """An upload whose reading is held up."""

    def __init__(self, lab: Lab, path: Path, upload_id: str) -> None:
        self._lab = lab
        self._path = path
        self.upload_id = upload_id
        wait_until(path.exists, timeout=30, message="in work")
        # Its stage is pinned up a moment after it has begun.
        wait_until(lambda: any("ocr" in said for said in lab.system.stages()), message="seen")

    def let_go(self) -> None:
        """Have whoever reads it now read on."""
        self._path.unlink(missing_ok=True)

    def wait_until_read(self) -> None:
        """Have it read to its end, whoever begins it anew."""

        def is_parsed() -> bool:
            self.let_go()
            return self._lab.system.is_parsed(self.upload_id)

        wait_until(is_parsed, timeout=180, message="parsed")


@contextmanager
def running_lab(folder: Path, *, replicas: int = 2) -> Iterator[Lab]:
    """A lab whose replicas read; all of it ends with the block."""
    folder.chmod(0o711)
    files = folder / "held-up"
    files.mkdir()
    with (
        DevStack(folder / "stack", environment={}) as stack,
        webhook_receiver() as hook,
    ):
        lab = Lab(stack, hook, files, replicas)
        lab.start()
        try:
            yield lab
        finally:
            lab.stop()


def _is_foreign(name: str) -> bool:
    return not name.startswith(("CRICKSY_", "DATABASE_URL", "OTEL_"))
