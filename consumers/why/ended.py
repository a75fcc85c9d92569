"""Uploads that have ended: read, confirmed, given up, cancelled."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from consumers.why.evidence import Evidence, Record
from consumers.why.sentence import Answer, State
from pipeline.errors import (
    EncryptedPdf,
    InternalError,
    MalformedEntry,
    ObjectMissing,
    ObjectStoreUnavailable,
    OcrCrashed,
    TimedOut,
    TooLarge,
    TooManyPages,
    TooManyPixels,
    UnreadableImage,
    UnsupportedFormat,
    UploadMissing,
    WorkerKilled,
)
from pipeline.storage.uploads import Upload, UploadStatus

ADVICE = {
    UnsupportedFormat.code: "Have it uploaded again as a picture or PDF.",
    UnreadableImage.code: "The file is damaged: have it uploaded again.",
    TooLarge.code: "Have a smaller file uploaded, or raise CRICKSY_MAX_FILE_MB and replay.",
    TooManyPixels.code: "Have a smaller picture uploaded, or raise CRICKSY_MAX_PIXELS and replay.",
    TooManyPages.code: "Have fewer pages uploaded, or raise CRICKSY_MAX_PAGES and replay.",
    EncryptedPdf.code: "Have it uploaded again without a password.",
    ObjectMissing.code: "Put the file where its row says, or mend the row, then replay.",
    UploadMissing.code: "Let the backend write the row before the entry, then replay.",
    MalformedEntry.code: "Mend the producer; the entry can only be dropped.",
    WorkerKilled.code: "It has killed every worker that read it: look at the picture itself before "
    "you replay it.",
    TimedOut.code: "It takes too long to read: look at the picture, or raise "
    "CRICKSY_UPLOAD_TIMEOUT_SECONDS and replay.",
    ObjectStoreUnavailable.code: "Replay once S3 answers.",
    OcrCrashed.code: "It crashes its child process: look at the picture itself before you replay "
    "it.",
    InternalError.code: "A fault in this software: keep the dead letter and its trace, report it, "
    "and replay after an update.",
}
"""What to do about an upload that was given up, by its code."""


def ended(evidence: Evidence) -> Answer | None:
    """How it ended; None where it has not, or a new entry is to have it read again."""
    record = evidence.record
    if record is None or record.upload is None:
        return None
    upload = record.upload
    if upload.status == UploadStatus.FAILED:
        return _failed(evidence, record, upload)
    endings = {
        UploadStatus.PARSED: _parsed,
        UploadStatus.APPLIED: _applied,
        UploadStatus.CANCELLED: _cancelled,
    }
    for status, tell in endings.items():
        if upload.status == status:
            return tell(record, upload)
    return None


def _failed(evidence: Evidence, record: Record, upload: Upload) -> Answer | None:
    deaths = [each for each in record.attempts if each.outcome == "dead"]
    if not deaths:
        if evidence.place is not None and evidence.place.entries:
            # The backend has set the status; the entry is its wish to have it read again.
            return None
        return Answer(
            State.FAILED,
            f"The backend has set it to `failed`: {upload.error_message or 'it says not why'}. No "
            "attempt of this software ended so.",
            "",
            problem=True,
        )
    death = deaths[-1]
    code = death.error_code or ""
    tries = len(record.attempts)
    text = (
        f"Given up as {code} at {_time(death.finished_at)} after {tries} "
        f"{'delivery' if tries == 1 else 'deliveries'}: {(death.error or '').rstrip('.')}. "
        f"{ADVICE.get(code, '')}"
    ).rstrip()
    letter = evidence.place.letter if evidence.place else None
    command = f"cricksy-ocr dead replay {letter.letter_id} --yes" if letter else ""
    if letter is None and record.dropped_at is not None:
        text += f" Its dead letter was dropped at {_time(record.dropped_at)}."
    elif letter is None and evidence.place is not None:
        text += " Its dead letter is not in Redis: still to be written, or lost with its memory."
    return Answer(
        State.DEAD,
        text,
        command,
        problem=True,
        figures={"code": code, "deliveries": tries, "consumer": death.consumer},
    )


def _parsed(record: Record, upload: Upload) -> Answer:
    card = record.scorecard
    if card is None:
        return Answer(
            State.CARD_MISSING,
            "It is said to be `parsed`, but no scorecard of it is there: the row was changed by "
            "hand, or the scorecard deleted.",
            f"cricksy-ocr audit {upload.id}",
            problem=True,
        )
    read = f"Read at {_time(card.committed_at)}"
    again = f" (revision {card.revision})" if card.revision > 1 else ""
    figures = {"verified": int(card.verified), "revision": card.revision}
    if card.reviewed_at is not None:
        text = f"{read}{again} and confirmed by a person at {_time(card.reviewed_at)}."
        return Answer(State.REVIEWED, text, "", problem=False, figures=figures)
    if card.verified:
        text = f"{read}{again}: verified, its arithmetic adds up. It waits for a person's review."
    else:
        text = f"{read}{again}: not verified. {_doubts(card.document)} It waits for review."
    return Answer(State.PARSED, text, "", problem=False, figures=figures)


def _doubts(document: Mapping[str, Any]) -> str:
    checks = document.get("checks") or ()
    failed = [each["sentence"] for each in checks if each.get("verdict") != "holds"]
    warnings = list(document.get("warnings") or ())
    said = [*failed[:2], *warnings[: max(2 - len(failed), 0)]]
    more = len(failed) + len(warnings) - len(said)
    if not said:
        return "Its arithmetic leaves doubt."
    return " ".join(said) + (f" {more} more doubts." if more else "")


def _applied(record: Record, upload: Upload) -> Answer:
    at = record.scorecard.reviewed_at if record.scorecard else None
    when = _time(at or upload.processed_at or upload.updated_at)
    text = f"Confirmed by a person and applied; read at {when}. No reading changes it any more."
    return Answer(State.APPLIED, text, "", problem=False)


def _cancelled(_record: Record, upload: Upload) -> Answer:
    text = f"Cancelled at {_time(upload.updated_at)}: it is not read."
    return Answer(State.CANCELLED, text, "", problem=False)


def _time(moment: datetime | None) -> str:
    return "a time that is not known" if moment is None else f"{moment:%Y-%m-%d %H:%M:%S} UTC"
