"""The Celery worker that is replaced, rebuilt for comparison: its task, no better and no worse.

A list in Redis, `acks_late`, a prefetch of one, the picture downloaded, one call of
`pytesseract.image_to_string` with psm 6, regular expressions over its text, one UPDATE.
"""

import io
import json
import os
import re
import time

import boto3
import psycopg
import pytesseract
from celery import Celery
from PIL import Image

app = Celery("old", broker=os.environ["BENCH_BROKER"])
app.conf.update(
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    task_default_queue=os.environ["BENCH_QUEUE"],
    broker_connection_retry_on_startup=True,
    worker_hijack_root_logger=False,
)
pytesseract.pytesseract.tesseract_cmd = os.environ["BENCH_TESSERACT"]

BATTER = re.compile(r"^(?P<name>[A-Za-z .'-]+?)\s+(?P<runs>\d+)\s+(?P<balls>\d+)", re.MULTILINE)
TOTAL = re.compile(r"Total\D*(?P<runs>\d+)", re.IGNORECASE)


@app.task  # type: ignore[untyped-decorator]  # Celery has no types
def process_upload_task(upload_id: str) -> None:
    """Read one upload."""
    picture = Image.open(io.BytesIO(_fetch(upload_id)))
    text = pytesseract.image_to_string(picture, config="--psm 6")
    preview = {
        "raw_ocr": text,
        "batting": [found.groupdict() for found in BATTER.finditer(text)],
        "total": [found["runs"] for found in TOTAL.finditer(text)],
    }
    _store(upload_id, preview)


@app.task  # type: ignore[untyped-decorator]  # Celery has no types
def do_nothing(upload_id: str) -> None:
    """All of it but the reading; tells when it began."""
    began = time.time()
    _fetch(upload_id)
    _store(upload_id, {"began": began})


def _fetch(upload_id: str) -> bytes:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        row = connection.execute(
            "SELECT s3_bucket, s3_key FROM uploads WHERE id = %s", [upload_id]
        ).fetchone()
    if row is None:
        raise LookupError(upload_id)
    store = boto3.client(
        "s3",
        endpoint_url=os.environ["CRICKSY_S3_ENDPOINT_URL"],
        aws_access_key_id=os.environ["CRICKSY_S3_ACCESS_KEY"],
        aws_secret_access_key=os.environ["CRICKSY_S3_SECRET_KEY"],
        region_name=os.environ["CRICKSY_S3_REGION"],
    )
    return store.get_object(Bucket=row[0], Key=row[1])["Body"].read()


def _store(upload_id: str, preview: object) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        connection.execute(
            "UPDATE uploads SET status = 'parsed', parsed_preview = %s, processed_at = now() "
            "WHERE id = %s",
            [json.dumps(preview), upload_id],
        )
