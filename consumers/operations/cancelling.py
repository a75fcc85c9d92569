"""Cancelling one upload: in PostgreSQL alone; its entry is skipped when it comes."""

from consumers.operations.result import Effect, Result
from pipeline.storage.cancelling import UNFINISHED, cancel_uploads
from pipeline.storage.database import Database
from pipeline.storage.uploads import UploadStatus, get_upload

_WAS = {
    UploadStatus.INITIATED: "Cancelled before its file came.",
    UploadStatus.UPLOADED: "Cancelled; its entry is skipped when its turn comes.",
    UploadStatus.PROCESSING: "Cancelled while it is in work: what is read of it is not committed.",
}


def cancel_would(upload_id: str, status: str | None) -> Result:
    """What cancelling comes to for an upload with this status; None for one without a row."""
    if status is None:
        return Result(upload_id, Effect.REFUSED, "No upload has this id.")
    if status == UploadStatus.CANCELLED:
        return Result(upload_id, Effect.NOTHING, "It is cancelled already.")
    if status not in UNFINISHED:
        return Result(upload_id, Effect.REFUSED, f"It has ended: it is `{status}`.")
    return Result(upload_id, Effect.DONE, _WAS[UploadStatus(status)])


async def cancel(database: Database, upload_id: str) -> Result:
    """Have an upload not read.

    Raises:
        DatabaseUnavailable: whether it was cancelled is not known.
    """
    before = await get_upload(database, upload_id)
    outlook = cancel_would(upload_id, before.status if before else None)
    if outlook.effect is not Effect.DONE:
        return outlook
    changed = (await cancel_uploads(database, [upload_id])).get(upload_id)
    if changed is UploadStatus.CANCELLED:
        return outlook
    if changed is UploadStatus.PARSED:
        return Result(upload_id, Effect.DONE, "It is not read again; the card that it has stands.")
    now = await get_upload(database, upload_id)
    if now is not None and now.status == UploadStatus.PROCESSING:
        text = "It is being read a second time, which ends in moments; the card that it has stands."
        return Result(upload_id, Effect.REFUSED, text)
    return cancel_would(upload_id, now.status if now else None)
