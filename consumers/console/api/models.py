"""What the API takes and gives; its descriptions are what `/api/openapi.json` says."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from pipeline.imaging.formats import FORMATS

CONTENT_TYPES = tuple(each.media_type for each in FORMATS)

# What the schema says beyond what is validated here has an answer of its own: 400 and 413.
ContentType = Annotated[
    str,
    Field(
        description="What the file is; the presigned link is good for this type alone.",
        json_schema_extra={"enum": list(CONTENT_TYPES)},
    ),
]
Name = Annotated[str, Field(min_length=1, max_length=255)]
OfBackend = Annotated[str, Field(max_length=255)]


class Initiate(BaseModel):
    """An upload that is about to begin."""

    filename: Name
    content_type: ContentType
    game_id: OfBackend | None = None
    user_id: OfBackend | None = None


class Initiated(BaseModel):
    """Where to put the file."""

    upload_id: str
    presigned_url: str = Field(description="PUT the file here, with its Content-Type.")
    s3_bucket: str
    s3_key: str
    expires_in: int = Field(description="Seconds for which the link works.")


class Complete(BaseModel):
    """The file is in its place."""

    file_size: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = Field(
        default=None, description="Bytes that were put; checked against what is there."
    )


class Earlier(BaseModel):
    """A reading of the same picture that is there already."""

    model_config = ConfigDict(from_attributes=True)

    upload_id: str
    filename: str
    status: str
    processed_at: datetime | None


class Completed(BaseModel):
    """The file will be read."""

    upload_id: str
    status: str
    message: str
    duplicate_of: Earlier | None = None


class Status(BaseModel):
    """How an upload stands."""

    model_config = ConfigDict(from_attributes=True)

    upload_id: str
    status: str = Field(
        description="initiated, uploaded, processing, parsed, applied, failed or cancelled."
    )
    filename: str
    game_id: str | None
    parsed_preview: dict[str, Any] | None = Field(
        description="deliveries, teams, metadata, confidence, raw_ocr, warnings, scorecard."
    )
    error_message: str | None
    created_at: datetime | None
    updated_at: datetime | None
    processed_at: datetime | None
    applied_at: datetime | None
    duplicate_of: Earlier | None = None


class Apply(BaseModel):
    """A person has looked at the card."""

    confirm: bool = Field(
        description="Has to be true: nothing is applied otherwise.",
        json_schema_extra={"const": True},
    )
    validated_data: dict[str, Any] | None = Field(
        default=None,
        description="Keys of parsed_preview that the person has changed; under `scorecard` the "
        "whole document.",
    )


class Applied(BaseModel):
    """The card counts now."""

    upload_id: str
    status: str
    applied_at: datetime | None
    message: str


class Problem(BaseModel):
    """Why not."""

    detail: str = Field(description="A sentence.")
