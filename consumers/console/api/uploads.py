"""The four calls of an upload: initiate, complete, status, apply."""

from typing import Annotated, Any, NoReturn
from uuid import uuid4

from fastapi import APIRouter, HTTPException, Path, Request

from consumers.console.api import intake
from consumers.console.api.applying import NoDocument, apply_card
from consumers.console.api.models import (
    CONTENT_TYPES,
    Applied,
    Apply,
    Complete,
    Completed,
    Earlier,
    Initiate,
    Initiated,
    Problem,
    Status,
)
from consumers.console.security.person import person_of
from consumers.console.service import Console, console_of
from consumers.publish import object_key
from pipeline.errors import ObjectMissing, TooLarge
from pipeline.storage.digests import earlier_reading
from pipeline.storage.intake import initiate_upload, upload_state
from pipeline.storage.reviews import Superseded
from pipeline.storage.uploads import NewUpload, get_upload

router = APIRouter(
    prefix="/uploads",
    tags=["uploads"],
    responses={
        code: {"model": Problem, "description": description}
        for code, description in {
            400: "The request cannot be understood, or asks for what is not done.",
            401: "Neither the token nor a session was shown.",
            403: "Not from this machine, or a page of another site asks.",
            413: "Too large.",
            422: "A field is missing or of the wrong kind.",
            429: "Too many requests; Retry-After says when to come back.",
            503: "A server is away, or uploads are switched off.",
        }.items()
    },
)
UploadId = Annotated[str, Path(description="As `initiate` gave it.")]
Answers = dict[int | str, dict[str, Any]]
NOT_FOUND: Answers = {404: {"model": Problem, "description": "No such upload."}}
CONFLICT: Answers = {
    409: {"model": Problem, "description": "The upload is not in a state for this."}
}


@router.post("/initiate", status_code=201)
async def initiate(request: Request, wanted: Initiate) -> Initiated:
    """Begin an upload: gives a link to which the file is put."""
    console = _taking_uploads(request)
    if wanted.content_type not in CONTENT_TYPES:
        raise HTTPException(400, f"This is read: {', '.join(CONTENT_TYPES)}.")
    upload_id = uuid4().hex
    key = object_key(upload_id, wanted.filename)
    link = await console.objects.presigned_put_url(
        console.bucket, key, wanted.content_type, console.link_life
    )
    upload = NewUpload(
        id=upload_id,
        filename=wanted.filename,
        content_type=wanted.content_type,
        file_size=0,
        bucket=console.bucket,
        key=key,
        game_id=wanted.game_id,
        user_id=wanted.user_id,
    )
    await initiate_upload(console.database, upload, link)
    return Initiated(
        upload_id=upload_id,
        presigned_url=link,
        s3_bucket=console.bucket,
        s3_key=key,
        expires_in=round(console.link_life.total_seconds()),
    )


@router.post("/{upload_id}/complete", responses={**NOT_FOUND, **CONFLICT})
async def complete(
    request: Request, upload_id: UploadId, told: Complete | None = None
) -> Completed:
    """Say that the file is there; it is read from now on. Saying it again does no harm."""
    console = _taking_uploads(request)
    upload = await get_upload(console.database, upload_id) or _not_found(upload_id)
    if upload.status in intake.ENDED:
        raise HTTPException(409, f"The upload is {upload.status} already.")
    if upload.status == "initiated":
        try:
            await intake.take_in(console, upload, told.file_size if told else None)
        except ObjectMissing:
            raise HTTPException(
                409, "The file is not there yet: PUT it to the presigned link first."
            ) from None
        except TooLarge as error:
            raise HTTPException(413, str(error)) from None
        except intake.SizeDiffers as error:
            raise HTTPException(409, str(error)) from None
    earlier = await earlier_reading(console.database, upload_id)
    return Completed(
        upload_id=upload_id,
        status=upload.status if upload.status != "initiated" else "uploaded",
        message="The scorecard will be read."
        if earlier is None
        else "The same picture has been read before; it is read again nonetheless.",
        duplicate_of=Earlier.model_validate(earlier) if earlier else None,
    )


@router.get("/{upload_id}/status", responses=NOT_FOUND)
async def status(request: Request, upload_id: UploadId) -> Status:
    """How the upload stands, and the reading as soon as there is one."""
    console = console_of(request)
    state = await upload_state(console.database, upload_id) or _not_found(upload_id)
    earlier = await earlier_reading(console.database, upload_id)
    found = Status.model_validate(state)
    found.duplicate_of = Earlier.model_validate(earlier) if earlier else None
    return found


@router.post("/{upload_id}/apply", responses={**NOT_FOUND, **CONFLICT})
async def apply(request: Request, upload_id: UploadId, wanted: Apply) -> Applied:
    """Make the card official. Only a person's confirmation does that; doing it again is no harm."""
    console = console_of(request)
    if not wanted.confirm:
        raise HTTPException(400, "Nothing was applied: `confirm` has to be true.")
    try:
        answer = await apply_card(
            console.database, upload_id, person_of(request).name, wanted.validated_data or {}
        )
    except NoDocument as error:
        raise HTTPException(422, str(error)) from None
    state = await upload_state(console.database, upload_id)
    if answer is None or state is None:
        _not_found(upload_id)
    if isinstance(answer, Superseded):
        raise HTTPException(409, "Somebody has changed the card meanwhile: look at it again.")
    if state.status != "applied":
        raise HTTPException(
            409, f"Only a parsed upload can be applied; this one is {state.status}."
        )
    return Applied(
        upload_id=upload_id,
        status=state.status,
        applied_at=state.applied_at,
        message="The scorecard counts now.",
    )


def _taking_uploads(request: Request) -> Console:
    console = console_of(request)
    if not console.uploads_enabled:
        raise HTTPException(503, "Uploads are switched off (CRICKSY_ENABLE_UPLOADS).")
    return console


def _not_found(upload_id: str) -> NoReturn:
    raise HTTPException(404, f"There is no upload {upload_id[:100]}.")
