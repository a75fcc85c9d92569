"""What `submit` has published: kept on disk, told line by line."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import asdict
from itertools import islice

from consumers.publish import Published
from pipeline.storage.database import Database
from pipeline.storage.uploads import UploadStatus, upload_standings, upload_statuses

POLL_SECONDS = 0.25
AT_ONCE = 1000
"""Uploads that are asked about in one look."""
GOOD = {UploadStatus.PARSED, UploadStatus.APPLIED}
ENDED = GOOD | {UploadStatus.FAILED, UploadStatus.CANCELLED}


class Submission:
    """The uploads of one command, in the order of their publication.

    An archive may have any number of them: they are kept in a file that goes with the process.
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 -- closed below
        self.count = 0

    def close(self) -> None:
        """Forget them."""
        self._file.close()

    def add(self, published: Sequence[Published]) -> None:
        """These have been published."""
        self._file.writelines(f"{json.dumps(asdict(each))}\n" for each in published)
        self.count += len(published)

    def pages(self) -> Iterator[list[Published]]:
        """All of them, some at a time."""
        self._file.seek(0)
        while page := [Published(**json.loads(line)) for line in islice(self._file, AT_ONCE)]:
            yield page


async def ends(
    database: Database, page: Sequence[Published], deadline: float
) -> AsyncIterator[int]:
    """Wait until all of these have ended, or until the deadline by the event loop's clock.

    Yields:
        How many of them have ended, whenever it was looked.
    """
    ids = [upload.upload_id for upload in page]
    while True:
        statuses = await upload_statuses(database, ids)
        ended = sum(status in ENDED for status in statuses.values())
        yield ended
        if ended == len(ids) or asyncio.get_running_loop().time() > deadline:
            return
        await asyncio.sleep(POLL_SECONDS)


async def tell(database: Database, page: Sequence[Published], *, as_json: bool) -> bool:
    """Print a line an upload: where it stands now; returns whether all of them were read."""
    standings = await upload_standings(database, [upload.upload_id for upload in page])
    good = True
    for upload in page:
        status, error = standings.get(upload.upload_id, ("missing", None))
        good &= status in GOOD
        if as_json:
            print(json.dumps({**asdict(upload), "status": status, "error": error}))
        else:
            sentence = f"  {error}" if error else ""
            print(f"{upload.upload_id}  {status:<10}  {upload.filename}{sentence}")
    return good
