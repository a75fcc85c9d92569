import asyncio
import time

from consumers.unhurried import LONGEST_REST, REST, Unhurried

PAGE = 0.01
"""Seconds."""


async def seconds_of_rest(unhurried: Unhurried) -> float:
    await asyncio.sleep(PAGE)
    began = time.monotonic()
    await unhurried.rest()
    return time.monotonic() - began


async def test_it_rests_many_times_as_long_as_a_page_took() -> None:
    unhurried = Unhurried()
    unhurried.begin()

    for _ in range(2):
        assert REST * PAGE <= await seconds_of_rest(unhurried) < LONGEST_REST.total_seconds()


async def test_in_haste_neither_this_search_rests_nor_the_next() -> None:
    unhurried = Unhurried()
    unhurried.begin()
    unhurried.hurry()
    this = await seconds_of_rest(unhurried)
    unhurried.begin()
    following = await seconds_of_rest(unhurried)
    unhurried.begin()

    assert max(this, following) < PAGE
    assert await seconds_of_rest(unhurried) >= REST * PAGE
