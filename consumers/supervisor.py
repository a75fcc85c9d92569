"""The parent process of `faststream run --workers`."""

from faststream._internal.cli.supervisors.multiprocess import Multiprocess


def stop_workers_together() -> None:
    """Have FastStream's supervisor ask all workers to leave before it waits for the first.

    As it is, it asks one, waits up to 30 s for its end, and only then asks the next: the last of N
    workers would go on claiming for all that time, and leaving would take N grace periods.
    """
    wait_for_each = Multiprocess.shutdown

    def shutdown(self: Multiprocess) -> None:
        for process in self.processes:
            process.terminate()
        wait_for_each(self)

    Multiprocess.shutdown = shutdown  # type: ignore[method-assign]  # there is no hook for it
