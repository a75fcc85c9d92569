"""Uploads in every state, as replicas leave them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from consumers import stream
from consumers.console.service import Console
from consumers.deadletter import Verdict, bury
from consumers.stream import Claimed
from pipeline.scorecard.recheck import is_document_verified
from pipeline.storage.attempts import Delivery, Opened, mark_dead, open_attempt
from pipeline.storage.publications import record_publication
from pipeline.storage.scorecards import commit
from pipeline.storage.uploads import NewUpload, record_upload

STAGES = (
    {"name": "decode", "started_at": 1.0, "ended_at": 1.2, "page": 1},
    {"name": "ocr", "started_at": 1.2, "ended_at": 2.0, "page": 1},
)
EMPTY: Mapping[str, object] = {"match": {}, "innings": []}


@dataclass(frozen=True, slots=True)
class Seeds:
    """Makes them."""

    console: Console

    async def publish(
        self, upload_id: str, filename: str = "card.jpg", game_id: str | None = None
    ) -> str:
        """Row and entry; returns the upload's id."""
        upload = NewUpload(upload_id, filename, "image/jpeg", 4, self.console.bucket, "k", game_id)
        await record_upload(self.console.database, upload)
        added: Any = await self.console.client.xadd(
            self.console.keys.stream, {"data": json.dumps({"upload_id": upload_id})}
        )
        entry_id = str(added, "ascii")
        await record_publication(self.console.database, upload_id, entry_id, "ab" * 16)
        return upload_id

    async def claim(self, consumer: str = "alice-1") -> Claimed:
        """The next entry, in somebody's hands."""
        claimed = await stream.read_next(
            self.console.client, self.console.keys, consumer, block=timedelta(milliseconds=1)
        )
        assert claimed is not None
        return claimed

    async def begin(self, upload_id: str, claimed: Claimed) -> int:
        """An attempt; returns its fence."""
        delivery = Delivery(upload_id, claimed.entry_id, claimed.consumer, 1, "cd" * 16)
        opening = await open_attempt(self.console.database, delivery)
        assert isinstance(opening, Opened)
        return opening.fence

    async def parse(
        self, upload_id: str, document: Mapping[str, object] = EMPTY, **changes: str
    ) -> str:
        """Published, claimed, read, acknowledged."""
        await self.publish(upload_id, **changes)
        claimed = await self.claim()
        await commit(
            self.console.database,
            upload_id,
            await self.begin(upload_id, claimed),
            document=document,
            verified=is_document_verified(document),
            pipeline_version="test",
            preview={},
            stages=STAGES,
        )
        await stream.acknowledge(self.console.client, self.console.keys, claimed.entry_id)
        return upload_id

    async def fail(self, upload_id: str, error: str = "It is damaged.", **changes: str) -> str:
        """Published, claimed, given up."""
        await self.publish(upload_id, **changes)
        claimed = await self.claim()
        fence = await self.begin(upload_id, claimed)
        await mark_dead(
            self.console.database,
            upload_id,
            fence,
            error_code="unreadable_image",
            error=error,
            stages=STAGES,
        )
        verdict = Verdict("unreadable_image", error, 1, 1, "")
        await bury(self.console.client, self.console.keys, claimed, verdict)
        return upload_id
