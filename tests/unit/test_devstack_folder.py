import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from deploy.devstack.credentials import credentials_of
from deploy.devstack.errors import FolderInUse, FolderUnreachable
from deploy.devstack.folder import DataFolder

# A supervisor that is gone, and the server that it has left: it holds the lock for some time.
LEAVE_A_SERVER = """
import os, subprocess, sys
from pathlib import Path
from deploy.devstack.folder import DataFolder

folder = DataFolder(Path(sys.argv[1]))
folder.hold()
server = subprocess.Popen(
    ["/bin/sleep", sys.argv[2]], pass_fds=(folder.lock,), stdout=subprocess.DEVNULL
)
print(server.pid, flush=True)
os._exit(0)
"""


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    (tmp_path / ".dev").mkdir()
    return DataFolder(tmp_path / ".dev")


def leave_a_server(folder: DataFolder, *, seconds: float) -> int:
    """The process id of what holds the folder for so long."""
    left = subprocess.run(
        [sys.executable, "-c", LEAVE_A_SERVER, folder.path, str(seconds)],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    return int(left.stdout)


def test_what_is_kept_is_recalled_and_readable_for_us_only(folder: DataFolder) -> None:
    folder.keep("ports.json", {"valkey": 20_001})
    assert folder.recall("ports.json") == {"valkey": 20_001}
    assert (folder.path / "ports.json").stat().st_mode & 0o777 == 0o600


def test_nothing_kept_is_nothing(folder: DataFolder) -> None:
    assert folder.recall("ports.json") == {}


def test_a_damaged_file_is_a_sentence_that_says_what_to_do(folder: DataFolder) -> None:
    (folder.path / "ports.json").write_text("{")
    with pytest.raises(FolderUnreachable, match=r"ports.json is damaged: remove the data folder"):
        folder.recall("ports.json")


def test_a_folder_keeps_its_identity_and_a_new_one_has_another(folder: DataFolder) -> None:
    identity = folder.identity
    assert DataFolder(folder.path).identity == identity
    (folder.path / "identity.json").unlink()
    assert DataFolder(folder.path).identity != identity


def test_passwords_are_made_once(folder: DataFolder) -> None:
    made = credentials_of(folder, {})
    assert credentials_of(DataFolder(folder.path), {}) == made
    assert made.valkey not in repr(made)
    assert len({made.valkey, made.postgres, made.s3_secret_key}) == 3


def test_keys_of_the_environment_are_the_stores_keys(folder: DataFolder) -> None:
    chosen = {"CRICKSY_S3_ACCESS_KEY": "we", "CRICKSY_S3_SECRET_KEY": "only-we"}
    credentials = credentials_of(folder, chosen)
    assert (credentials.s3_access_key, credentials.s3_secret_key) == ("we", "only-we")


def test_a_folder_is_held_by_one_at_a_time(folder: DataFolder) -> None:
    other = DataFolder(folder.path)
    folder.hold()
    with pytest.raises(FolderInUse, match=f"held by another dev stack, process {os.getpid()}"):
        other.hold()
    folder.release()
    other.hold()
    other.release()


def test_a_folder_is_waited_for_while_servers_of_a_killed_stack_end(folder: DataFolder) -> None:
    leave_a_server(folder, seconds=0.5)
    folder.hold()
    folder.release()


def test_servers_of_a_killed_stack_that_do_not_end_are_named(folder: DataFolder) -> None:
    pid = leave_a_server(folder, seconds=5)
    with pytest.raises(FolderInUse, match=rf"still run: sleep \(process {pid}\). End them"):
        folder.hold(patience=timedelta(seconds=0.1))
    os.kill(pid, 9)


def test_a_folder_that_is_not_held_has_no_lock_to_give(folder: DataFolder) -> None:
    with pytest.raises(FolderInUse, match="start the stack first"):
        _ = folder.lock


def test_a_folder_that_cannot_be_made_is_a_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FolderUnreachable, match=r"cannot be used \(.*\): choose another with"):
        DataFolder(tmp_path / "file" / ".dev").hold()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_left_alone(folder: DataFolder) -> None:
    os.chown(folder.path, 1_234_567, -1)
    with pytest.raises(FolderUnreachable, match="belongs to 1234567: start the stack as 1234567"):
        folder.hold()
    assert list(folder.path.iterdir()) == []
