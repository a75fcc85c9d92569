import multiprocessing
import os
import resource
import sys
from multiprocessing import SimpleQueue

import numpy as np
import pytest

from consumers.child_memory import KeptMemory, keep_memory
from consumers.vitals import resident_memory
from tests.wait import wait_until

LARGE = 48_000_000
"""Bytes of an array that glibc, left to itself, takes from the system each time."""


def read_a_card() -> None:
    np.ones(LARGE, np.uint8).sum()


def read_two(told: "SimpleQueue[int]") -> None:
    """Tell how many pages the second card asked the system for; fails where none are given back."""
    keep_memory()
    kept = KeptMemory(rest=0.3)
    with kept.lent():
        read_a_card()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    with kept.lent():
        read_a_card()
    pages = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
    held = memory()
    wait_until(lambda: memory() < held - LARGE / 2)
    told.put(pages)


def memory() -> int:
    return resident_memory(os.getpid()) or 0


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's")
def test_a_card_is_read_in_the_memory_of_the_one_before_and_at_rest_it_is_given_back() -> None:
    context = multiprocessing.get_context("spawn")
    queue: SimpleQueue[int] = context.SimpleQueue()
    child = context.Process(target=read_two, args=(queue,))
    child.start()
    child.join(30)
    assert child.exitcode == 0
    assert queue.get() < LARGE / resource.getpagesize() / 10
