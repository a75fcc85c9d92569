"""Making a card official through the API: what the frontend changed, then the confirmation."""

from collections.abc import Mapping
from typing import Any

from pipeline.errors import UploadMissing
from pipeline.scorecard.recheck import is_document_verified, rechecked
from pipeline.storage.database import Database
from pipeline.storage.intake import apply_without_card
from pipeline.storage.reviews import Act, Answer, Done, confirm, save_edit
from pipeline.storage.scorecards import Scorecard, get_scorecard

SCORECARD = "scorecard"
"""Key of the document in the preview."""
WHOLE_DOCUMENT = ""
"""As a JSON pointer."""


class NoDocument(Exception):
    """What was given in place of the scorecard is none."""


async def apply_card(
    database: Database, upload_id: str, reviewer: str, changed: Mapping[str, Any]
) -> Answer | None:
    """Write what was changed, checked again, and confirm the card.

    Returns:
        None where there is no such upload.

    Raises:
        NoDocument: `changed` holds a `scorecard` that is no scorecard document.
    """
    card = await get_scorecard(database, upload_id)
    if card is None and await apply_without_card(database, upload_id, changed):
        return Done(0)
    act = Act(reviewer, None)
    try:
        if card is not None and changed:
            answer = await _save(database, card, reviewer, changed)
            if not isinstance(answer, Done):
                return answer
            act = Act(reviewer, answer.revision)
        return await confirm(database, upload_id, act)
    except UploadMissing:
        return None


async def _save(
    database: Database, card: Scorecard, reviewer: str, changed: Mapping[str, Any]
) -> Answer:
    document = card.document
    if SCORECARD in changed:
        try:
            document = rechecked(changed[SCORECARD])
        except (AttributeError, LookupError, TypeError, ValueError, ArithmeticError) as error:
            raise NoDocument("`validated_data.scorecard` is no scorecard document.") from error
    return await save_edit(
        database,
        card.upload_id,
        Act(reviewer, card.revision),
        document=document,
        verified=is_document_verified(document) if document is not card.document else card.verified,
        changes=[]
        if document is card.document
        else [{"cell": WHOLE_DOCUMENT, "was": card.document, "became": document}],
        preview={key: value for key, value in changed.items() if key != SCORECARD},
    )
