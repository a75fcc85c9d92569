"""How a replica's slots are divided between people and an archive."""

import pytest

from consumers.sharing import LOOK_INTERVAL, TURN, Share
from consumers.stream import Claimed

LIVE = {b"data": b'{"upload_id": "u1"}'}
ARCHIVED = {**LIVE, b"x-lane": b"backfill"}


def entry(fields: dict[bytes, bytes]) -> Claimed:
    return Claimed("1-0", "alice-0", fields)


def test_a_replica_without_a_share_never_asks_for_the_archive() -> None:
    assert not Share(0).begin("alice-0")


def test_a_slot_is_always_left_for_people() -> None:
    share = Share(1)
    assert share.begin("alice-0")
    share.claimed("alice-0", entry(ARCHIVED))

    assert not share.begin("alice-1")

    assert share.begin("alice-0")


def test_two_slots_that_ask_at_once_are_not_given_the_same_place() -> None:
    share = Share(1)

    assert [share.begin("alice-0"), share.begin("alice-1")] == [True, False]


@pytest.mark.parametrize("claimed", [None, entry(LIVE)])
def test_a_place_is_free_again_when_something_else_was_claimed(claimed: Claimed | None) -> None:
    share = Share(1)
    share.begin("alice-0")
    share.claimed("alice-0", claimed)

    assert share.begin("alice-1")


def test_an_entry_of_the_archive_counts_however_it_came() -> None:
    share = Share(1)
    share.looked(moved=False, left=0)
    assert not share.begin("alice-0")
    share.claimed("alice-0", entry(ARCHIVED))
    share.looked(moved=False, left=5)

    assert not share.begin("alice-1")


def test_an_empty_archive_is_not_looked_at_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    share = Share(2)
    share.looked(moved=False, left=0)
    assert not share.begin("alice-0")

    now += LOOK_INTERVAL

    assert share.begin("alice-0")


def test_the_archive_has_a_turn_after_so_many_live_claims() -> None:
    share = Share(1)
    turns = []
    for _ in range(3 * TURN):
        share.begin("alice-0")
        turns.append(share.is_turn)
        share.looked(moved=share.is_turn, left=5)
        share.claimed("alice-0", entry(LIVE))

    assert [index for index, turn in enumerate(turns) if turn] == [TURN, 2 * TURN]


def test_what_the_archive_is_given_between_live_entries_puts_off_its_turn() -> None:
    share = Share(1)
    for _ in range(TURN):
        share.begin("alice-0")
        share.claimed("alice-0", entry(LIVE))
    share.looked(moved=True, left=5)

    assert not share.is_turn
