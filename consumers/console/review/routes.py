"""The review of one upload's card: look, correct, confirm, reject, have it read again."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from consumers.console.notes import go_to
from consumers.console.rendering import render
from consumers.console.review.card import card_view
from consumers.console.review.concerns import Concerns
from consumers.console.review.pictures import Pictures
from consumers.console.security.person import person_of
from consumers.console.service import Console, console_of
from consumers.operations import retry, whereabouts
from consumers.preview import preview_of_document
from pipeline.errors import OcrError, Transient, UploadMissing
from pipeline.scorecard.editing import InvalidEdit
from pipeline.scorecard.recheck import Edit, edited, is_document_verified
from pipeline.storage import reviews
from pipeline.storage.reviews import Act, Answer, Done, Superseded, revisions_of
from pipeline.storage.scorecards import Scorecard, get_scorecard
from pipeline.storage.uploads import Upload, get_upload

PATH = "/uploads/{upload_id}/review"
_LONGEST_REASON = 300


def routes() -> list[Route]:
    """The routes of the review."""
    return [
        Route(PATH, review),
        Route(f"{PATH}/edit", edit, methods=["POST"]),
        Route(f"{PATH}/confirm", confirm, methods=["POST"]),
        Route(f"{PATH}/reject", reject, methods=["POST"]),
        Route(f"{PATH}/reread", reread, methods=["POST"]),
        Route("/uploads/{upload_id}/pages/{number:int}.jpg", picture),
    ]


async def review(request: Request) -> Response:
    """The card beside its picture."""
    return await _shown(request)


async def edit(request: Request) -> Response:
    """Write one value, and answer with the card as it is then, checked again."""
    console, upload_id = console_of(request), request.path_params["upload_id"]
    form = await request.form()
    cell, text = str(form.get("cell", "")), str(form.get("text", ""))
    card = await _card(console, upload_id)
    act = _act(request, form.get("revision"))
    if card.revision != act.seen:
        return await _shown(request, "_review_card.html", 409, conflict=True, unsaved=text)
    try:
        document, changes = edited(card.document, [Edit(cell, text)])
    except InvalidEdit as error:
        problem = {"cell": cell, "text": text, "sentence": str(error)}
        return await _shown(request, "_review_card.html", 422, problem=problem)
    answer = await reviews.save_edit(
        console.database,
        upload_id,
        act,
        document=document,
        verified=is_document_verified(document),
        changes=[{"cell": one.cell, "was": one.was, "became": one.became} for one in changes],
        preview=preview_of_document(document),
    )
    if not isinstance(answer, Done):
        return await _shown(request, "_review_card.html", 409, conflict=True, unsaved=text)
    return await _shown(request, "_review_card.html")


async def confirm(request: Request) -> Response:
    """The card is right: it counts from now on."""
    console, upload_id = console_of(request), request.path_params["upload_id"]
    act = _act(request, (await request.form()).get("revision"))
    answer = await _acted(reviews.confirm(console.database, upload_id, act))
    return await _led_on(request, answer, "Confirmed: the card is applied.")


async def reject(request: Request) -> Response:
    """Nothing may come of the card."""
    console, upload_id = console_of(request), request.path_params["upload_id"]
    form = await request.form()
    reason = " ".join(str(form.get("reason", "")).split())[:_LONGEST_REASON]
    act = _act(request, form.get("revision"))
    answer = await _acted(reviews.reject(console.database, upload_id, act, reason))
    return await _led_on(request, answer, "Rejected: nothing comes of this upload.")


async def reread(request: Request) -> Response:
    """A machine is to read the picture again, in place of the card that there is."""
    console, upload_id = console_of(request), request.path_params["upload_id"]
    act = _act(request, (await request.form()).get("revision"))
    answer = await _acted(reviews.give_up_for_rereading(console.database, upload_id, act))
    if not isinstance(answer, Done):
        return await _led_on(request, answer, "")
    place = await whereabouts(console.client, console.keys)
    result = await retry(
        console.client, console.keys, console.database, place, upload_id, again=True
    )
    return await _led_on(request, answer, result.text)


async def picture(request: Request) -> Response:
    """A page of the upload, as its boxes lie."""
    console, upload_id = console_of(request), request.path_params["upload_id"]
    upload = await _upload(console, upload_id)
    card = await _card(console, upload_id)
    number = request.path_params["number"]
    page = next((one for one in _pages(card) if one["number"] == number), None)
    if page is None:
        raise HTTPException(404, "The card has no such page.")
    pictures: Pictures = request.app.state.pictures
    try:
        jpeg = await pictures.picture(upload.bucket, upload.key, page)
    except Transient:
        raise
    except OcrError as error:
        raise HTTPException(404, str(error)) from None
    return Response(jpeg, media_type="image/jpeg", headers={"Cache-Control": "private, no-cache"})


async def _shown(
    request: Request, template: str = "review.html", status: int = 200, **told: object
) -> Response:
    console, upload_id = console_of(request), request.path_params["upload_id"]
    upload = await _upload(console, upload_id)
    card = await get_scorecard(console.database, upload_id)
    if card is None:
        return render(request, "review_none.html", status, upload=upload)
    document: Mapping[str, Any] = card.document
    concerns = Concerns(document)
    checks = [one["verdict"] for one in document.get("checks") or ()]
    history = await revisions_of(console.database, upload_id)
    values: dict[str, Any] = {
        "upload": upload,
        "card": card,
        "concerns": concerns,
        "view": card_view(document, concerns),
        "pages": _pages(card),
        "readings": document.get("readings") or {},
        "failing": checks.count("fails"),
        "holding": checks.count("holds"),
        "history": history[::-1],
        "open": upload.status == "parsed",
        "conflict": False,
        "unsaved": "",
        "problem": None,
    }
    return render(request, template, status, **{**values, **told})


async def _led_on(request: Request, answer: Answer, note: str) -> Response:
    path = f"/uploads/{request.path_params['upload_id']}/review"
    if isinstance(answer, Done):
        return go_to(request, path, note)
    if isinstance(answer, Superseded):
        return await _shown(request, "review.html", 409, conflict=True)
    return await _shown(
        request,
        "review.html",
        409,
        problem={"cell": "", "text": "", "sentence": f"The upload is {answer.status} by now."},
    )


async def _acted(act: Any) -> Answer:
    try:
        answer: Answer = await act
    except UploadMissing as error:
        raise HTTPException(404, str(error)) from None
    return answer


def _act(request: Request, revision: object) -> Act:
    seen = str(revision or "")
    if not seen.isascii() or not seen.isdecimal() or len(seen) > 9:
        raise HTTPException(400, "The revision that was looked at is missing.")
    return Act(person_of(request).name, int(seen))


async def _upload(console: Console, upload_id: str) -> Upload:
    upload = await get_upload(console.database, upload_id)
    if upload is None:
        raise HTTPException(404, "There is no such upload.")
    return upload


async def _card(console: Console, upload_id: str) -> Scorecard:
    card = await get_scorecard(console.database, upload_id)
    if card is None:
        raise HTTPException(404, "This upload has no scorecard.")
    return card


def _pages(card: Scorecard) -> Sequence[Mapping[str, Any]]:
    """How its pages lay; none for a card that was read before that was kept."""
    document: Mapping[str, Any] = card.document
    return document.get("pages") or ()
