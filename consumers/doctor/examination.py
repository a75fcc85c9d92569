"""All checks, each subject beside the others: one that hangs holds up none."""

import asyncio
from dataclasses import dataclass, field

from consumers.doctor.about_clocks import examine_clocks
from consumers.doctor.about_postgresql import examine_postgresql
from consumers.doctor.about_process import examine_process
from consumers.doctor.about_redis import examine_redis
from consumers.doctor.about_s3 import examine_s3
from consumers.doctor.about_settings import Choices, judge_settings
from consumers.doctor.about_tesseract import examine_tesseract
from consumers.doctor.check import Check
from consumers.stream import Client
from pipeline.storage.database import Database
from pipeline.storage.objects import ObjectStore


@dataclass(frozen=True, slots=True)
class Patient:
    """What is examined."""

    client: Client
    redis_url: str
    database: Database
    database_url: str
    objects: ObjectStore
    bucket: str
    origin: str
    """Of the pages whose browsers put files into the bucket."""
    engine: str
    languages: str
    choices: Choices = field(default_factory=Choices)


async def examine(patient: Patient) -> list[Check]:
    """Look at everything; changes nothing but an object in S3, which it deletes again."""
    redis, postgresql, s3, tesseract = await asyncio.gather(
        examine_redis(patient.client, patient.redis_url),
        examine_postgresql(patient.database_url, patient.database),
        examine_s3(patient.objects, patient.bucket, patient.origin),
        asyncio.to_thread(examine_tesseract, patient.engine, patient.languages),
    )
    clocks = await examine_clocks(patient.client, patient.database, s3.clock)
    settings, process = judge_settings(patient.choices), examine_process()
    return [*redis, *postgresql, *s3.checks, *tesseract, *clocks, *settings, *process]
