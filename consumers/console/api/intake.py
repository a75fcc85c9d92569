"""Taking in a picture that a browser has put into S3."""

import structlog

from consumers.console.service import Console
from consumers.publish import Publisher
from consumers.stream import UNREACHABLE
from pipeline.storage.digests import record_digest
from pipeline.storage.uploads import NewUpload, Upload

log = structlog.get_logger(__name__)

ENDED = {"parsed", "applied", "failed", "cancelled"}


class SizeDiffers(Exception):
    """What is in S3 is not what the browser says that it has put."""


async def take_in(console: Console, upload: Upload, said_size: int | None) -> None:
    """Have the picture read, if it is there.

    Its bytes are counted and their digest is kept; nothing is decoded here.

    Raises:
        ObjectMissing: it is not there.
        TooLarge: it has more bytes than are read.
        SizeDiffers: it has other bytes than were announced.
    """
    fetched = await console.objects.fetch(upload.bucket, upload.key, console.limits.max_bytes)
    arrived = len(fetched.content)
    if said_size is not None and said_size != arrived:
        raise SizeDiffers(f"{arrived:,} bytes have arrived, not {said_size:,}: PUT the file again.")
    await record_digest(console.database, upload.id, fetched.digest)
    publisher = Publisher(
        console.client, console.keys, console.database, console.objects, console.bucket
    )
    try:
        await publisher.publish_stored(
            NewUpload(
                id=upload.id,
                filename=upload.filename,
                content_type=upload.content_type,
                file_size=arrived,
                bucket=upload.bucket,
                key=upload.key,
            )
        )
    except UNREACHABLE as error:
        # The row says `uploaded`: the reconciler publishes it as soon as Redis is back.
        log.warning("entry not published yet", upload_id=upload.id, error=str(error))
