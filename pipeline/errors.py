"""What can go wrong with an upload, and what follows from it.

    OcrError
    ├── Permanent            never tried again: dead letter, upload `failed`
    │   ├── UnsupportedFormat   ├── UnreadableImage   ├── TooLarge
    │   ├── TooManyPixels       ├── TooManyPages      ├── EncryptedPdf
    │   ├── ObjectMissing       ├── UploadMissing     ├── MalformedEntry
    │   └── WorkerKilled        └── TimedOut
    └── Transient            tried again with a delay, then dead letter
        ├── ObjectStoreUnavailable   ├── DatabaseUnavailable
        └── OcrCrashed               └── InternalError

A class carries its stable code; its base carries the consequence. Nobody matches on text.
"""

from typing import Any, ClassVar


class OcrError(Exception):
    """An upload could not be read."""

    code: ClassVar[str]
    stages: tuple[Any, ...] = ()
    """The `StageTime` of each stage that ran before it; comes along from a child process."""

    def __str__(self) -> str:
        """The sentence given, or the class's own where none was."""
        return super().__str__() or (type(self).__doc__ or "").splitlines()[0]


class Permanent(OcrError):
    """Trying again gives the same end."""


class Transient(OcrError):
    """Trying again later may go well."""


class UnsupportedFormat(Permanent):
    """The object is of no file format that is read: see `pipeline.imaging.formats`."""

    code = "unsupported_format"


class UnreadableImage(Permanent):
    """The object is not an image that can be decoded."""

    code = "unreadable_image"


class TooLarge(Permanent):
    """The file has more bytes than CRICKSY_MAX_FILE_MB allows."""

    code = "too_large"


class TooManyPixels(Permanent):
    """A page has more pixels than CRICKSY_MAX_PIXELS allows."""

    code = "too_many_pixels"


class TooManyPages(Permanent):
    """The file has more pages than CRICKSY_MAX_PAGES allows."""

    code = "too_many_pages"


class EncryptedPdf(Permanent):
    """The PDF is locked with a password."""

    code = "encrypted_pdf"


class ObjectMissing(Permanent):
    """The upload's object is not in the bucket."""

    code = "object_missing"


class UploadMissing(Permanent):
    """The entry names an upload that has no row in `uploads`."""

    code = "upload_missing"


class MalformedEntry(Permanent):
    """The stream entry does not name an upload."""

    code = "malformed_entry"


class WorkerKilled(Permanent):
    """Reading the upload has killed its worker too often."""

    code = "worker_killed"


class TimedOut(Permanent):
    """Reading the upload took longer than CRICKSY_UPLOAD_TIMEOUT_SECONDS."""

    code = "timed_out"


class ObjectStoreUnavailable(Transient):
    """The object store does not answer."""

    code = "object_store_unavailable"


class DatabaseUnavailable(Transient):
    """PostgreSQL does not answer."""

    code = "database_unavailable"


class OcrCrashed(Transient):
    """The child process that read the upload crashed or ran out of memory."""

    code = "ocr_crashed"


class InternalError(Transient):
    """A fault in this software."""

    code = "internal_error"
