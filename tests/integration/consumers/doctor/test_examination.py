"""The doctor at real servers."""

import urllib.parse
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from mypy_boto3_s3 import S3Client
from psycopg import sql

from consumers.connection import connect
from consumers.doctor import Check, Verdict, examine
from consumers.doctor.about_postgresql import examine_postgresql
from consumers.doctor.about_s3 import examine_s3
from consumers.doctor.about_tesseract import examine_tesseract
from consumers.doctor.examination import Patient
from pipeline.storage.database import Database, DatabaseTimeouts
from pipeline.storage.migrate import migrate
from pipeline.storage.objects import ObjectStore, ObjectStoreAddress
from tests.integration.consumers.rig import Rig

ORIGIN = "https://scorer.example.org"


def verdict(checks: list[Check], subject: str, name: str) -> Verdict:
    (found,) = [each for each in checks if (each.subject, each.name) == (subject, name)]
    return found.verdict


@pytest.fixture
def patient(rig: Rig, redis_url: str, database_url: str) -> Patient:
    return Patient(
        rig.client, redis_url, rig.database, database_url, rig.objects, rig.bucket, ORIGIN,
        "auto", "eng",
    )  # fmt: skip


async def test_a_system_that_is_well_has_nothing_to_mend(patient: Patient) -> None:
    checks = await examine(patient)

    assert [each for each in checks if each.verdict is Verdict.BAD] == []
    assert {each.subject for each in checks} == {
        "redis", "postgresql", "s3", "tesseract", "clocks", "settings", "process",
    }  # fmt: skip
    assert len([each for each in checks if each.subject == "clocks"]) == 3


async def test_nothing_stays_behind_in_the_bucket(patient: Patient, s3_client: S3Client) -> None:
    await examine(patient)

    assert s3_client.list_objects_v2(Bucket=patient.bucket)["KeyCount"] == 0


async def test_servers_that_are_away_are_told_and_the_others_looked_at(patient: Patient) -> None:
    gone = connect("redis://127.0.0.1:1/0", "{ocr}:uploads", retries=0)
    nowhere = ObjectStore(
        ObjectStoreAddress("http://127.0.0.1:1", "a", "b"), connect_timeout=timedelta(seconds=1)
    )
    at_once = DatabaseTimeouts(connect=timedelta(seconds=1))
    async with Database("postgresql://n@127.0.0.1:1/n", timeouts=at_once) as database:
        checks = await examine(replace(patient, client=gone, objects=nowhere, database=database))
    await gone.aclose()
    nowhere.close()

    assert verdict(checks, "redis", "connection") is Verdict.BAD
    assert verdict(checks, "postgresql", "connection") is Verdict.BAD
    assert verdict(checks, "s3", "put") is Verdict.BAD
    assert verdict(checks, "tesseract", "reading") is Verdict.GOOD


async def test_a_bucket_that_is_missing_is_not_made(
    s3_address: ObjectStoreAddress, s3_client: S3Client
) -> None:
    objects = ObjectStore(s3_address)
    found = await examine_s3(objects, "no-such-bucket", ORIGIN)
    objects.close()

    assert [(each.name, each.verdict) for each in found.checks] == [("bucket", Verdict.BAD)]
    assert "no-such-bucket" not in [each["Name"] for each in s3_client.list_buckets()["Buckets"]]


async def test_a_bucket_that_lets_no_browser_in_is_told(
    s3_address: ObjectStoreAddress, s3_client: S3Client, s3_bucket: str
) -> None:
    rule = {"AllowedOrigins": ["https://other.example.org"], "AllowedMethods": ["PUT"]}
    s3_client.put_bucket_cors(
        Bucket=s3_bucket,
        CORSConfiguration={"CORSRules": [rule]},  # type: ignore[list-item]  # its keys are right
    )
    objects = ObjectStore(s3_address)
    found = await examine_s3(objects, s3_bucket, ORIGIN)
    objects.close()

    assert verdict(found.checks, "s3", "CORS") is Verdict.WARNING
    assert verdict(found.checks, "s3", "presigned put") is Verdict.GOOD


async def test_keys_that_are_wrong_are_told(s3_address: ObjectStoreAddress, s3_bucket: str) -> None:
    objects = ObjectStore(replace(s3_address, secret_key="wrong"))
    found = await examine_s3(objects, s3_bucket, ORIGIN)
    objects.close()

    assert [(each.name, each.verdict) for each in found.checks] == [("put", Verdict.BAD)]


async def test_a_database_that_lacks_migrations_is_told_and_left_as_it_is(
    database_url: str,
) -> None:
    async with Database(database_url) as database:
        checks = await examine_postgresql(database_url, database)

    assert verdict(checks, "postgresql", "migrations") is Verdict.WARNING
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT to_regclass('scorecards')").fetchone()
    assert row == (None,)


async def test_a_role_without_rights_is_told(database_url: str) -> None:
    await migrate(database_url)
    name = f"reader_{urllib.parse.urlsplit(database_url).path[-6:]}"
    with psycopg.connect(database_url, autocommit=True) as connection:
        role = sql.Identifier(name)
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'p'").format(role))
        connection.execute(
            sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}").format(role)
        )
        address = urllib.parse.urlsplit(database_url)
        url = address._replace(netloc=f"{name}:p@{address.hostname}:{address.port}").geturl()
        try:
            async with Database(url) as database:
                checks = await examine_postgresql(url, database)
        finally:
            connection.execute(sql.SQL("DROP OWNED BY {}").format(role))
            connection.execute(sql.SQL("DROP ROLE {}").format(role))

    assert verdict(checks, "postgresql", "permissions") is Verdict.BAD


def test_a_language_that_is_not_installed_is_told() -> None:
    (check,) = examine_tesseract("auto", "xxx")

    assert check.verdict is Verdict.BAD
    assert "xxx" in check.text


def test_threads_that_would_take_each_others_cores_are_told() -> None:
    checks = examine_tesseract("auto", "eng", {"OMP_THREAD_LIMIT": "4"})

    assert verdict(checks, "tesseract", "threads") is Verdict.WARNING
