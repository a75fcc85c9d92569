import os
import pwd
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.devstack import accounts
from deploy.devstack.accounts import (
    Account,
    barrier,
    closed_part,
    owner,
    refuge,
    unprivileged_account,
)
from deploy.devstack.errors import FolderUnreachable, NoAccount

STRANGER = Account("stranger", uid=1_234_567, gid=1_234_567)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Passable for strangers, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="cricksy-tests-") as name:
        folder = Path(name).resolve()
        folder.chmod(0o755)
        yield folder


def test_a_closed_folder_on_the_way_is_the_barrier(open_folder: Path) -> None:
    (open_folder / "closed" / "data").mkdir(parents=True)
    (open_folder / "closed").chmod(0o700)
    assert barrier(open_folder / "closed" / "data", STRANGER) == open_folder / "closed"


def test_a_folder_that_lets_through_without_being_read_is_none(open_folder: Path) -> None:
    open_folder.chmod(0o711)
    assert barrier(open_folder / "data", STRANGER) is None


def test_folders_that_do_not_exist_yet_are_none(open_folder: Path) -> None:
    assert barrier(open_folder / "not" / "made" / "yet", STRANGER) is None


def test_the_way_is_that_of_a_links_target(open_folder: Path) -> None:
    (open_folder / "closed" / "data").mkdir(parents=True)
    (open_folder / "closed").chmod(0o700)
    (open_folder / "link").symlink_to(open_folder / "closed" / "data")
    assert barrier(open_folder / "link" / "postgres", STRANGER) == open_folder / "closed"


@pytest.mark.parametrize(
    ("mode", "theirs", "group", "passable"),
    [
        (0o700, True, True, True),
        (0o700, False, True, False),
        (0o710, False, True, True),
        (0o710, False, False, False),
        (0o701, False, False, True),
        # The owner's and the group's rights are theirs even where the others have more.
        (0o077, True, True, False),
        (0o707, False, True, False),
    ],
)
def test_rights_are_those_of_owner_group_or_others(
    open_folder: Path, *, mode: int, theirs: bool, group: bool, passable: bool
) -> None:
    status = open_folder.stat()
    account = Account(
        "account",
        uid=status.st_uid if theirs else STRANGER.uid,
        gid=status.st_gid if group else STRANGER.gid,
    )
    open_folder.chmod(mode)
    found = barrier(open_folder / "data", account)
    open_folder.chmod(0o755)
    assert found == (None if passable else open_folder)


def test_an_open_tree_has_no_closed_part(open_folder: Path) -> None:
    (open_folder / "bin").mkdir()
    (open_folder / "bin" / "postgres").touch(mode=0o755)
    assert closed_part(open_folder, STRANGER) is None


def test_a_file_or_folder_that_may_not_be_read_is_the_closed_part(open_folder: Path) -> None:
    file = open_folder / "bin" / "postgres"
    file.parent.mkdir()
    file.touch()
    file.chmod(0o600)
    assert closed_part(open_folder, STRANGER) == file
    file.parent.chmod(0o711)
    assert closed_part(open_folder, STRANGER) == file.parent


def test_a_refuge_is_the_same_every_time_and_another_for_another_folder(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "_PERSISTENT_TEMPORARY", open_folder)
    place = refuge(Path("/project/.dev"), STRANGER)
    assert place.parent == open_folder
    assert place.stat().st_mode & 0o777 == 0o711
    assert refuge(Path("/project/.dev"), STRANGER) == place
    assert refuge(Path("/other/.dev"), STRANGER) != place


def test_a_link_in_the_place_of_a_refuge_is_not_followed(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "_PERSISTENT_TEMPORARY", open_folder)
    place = refuge(Path("/project/.dev"), STRANGER)
    place.rmdir()
    place.symlink_to(open_folder)
    with pytest.raises(FolderUnreachable, match="made by another user: remove it"):
        refuge(Path("/project/.dev"), STRANGER)


def test_no_place_for_a_refuge_names_the_folder_in_the_way(
    open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "_PERSISTENT_TEMPORARY", open_folder / "none")
    monkeypatch.setattr(tempfile, "tempdir", str(open_folder))
    open_folder.chmod(0o700)
    with pytest.raises(FolderUnreachable, match=f"stranger, who may not enter {open_folder} and"):
        refuge(open_folder / ".dev", STRANGER)


def test_postgres_runs_as_an_account_that_is_there_and_is_not_root() -> None:
    account = unprivileged_account()
    assert account.uid == pwd.getpwnam(account.name).pw_uid != 0


def test_no_account_is_a_sentence_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "_CANDIDATES", ("no-such-account",))
    with pytest.raises(NoAccount, match="run as an ordinary user, or set DATABASE_URL"):
        unprivileged_account()


def test_the_owner_of_a_path_is_told_by_name(tmp_path: Path) -> None:
    assert owner(tmp_path).name == pwd.getpwuid(os.geteuid()).pw_name
