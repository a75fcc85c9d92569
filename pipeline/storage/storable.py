"""Values as PostgreSQL can hold them.

Its text has no NUL and only whole characters, and JSON has no NaN. What was read from a picture,
or from a stream entry written by a stranger, may hold any of them.
"""

import json
import math
from collections.abc import Mapping, Sequence

_REPLACEMENT = "\ufffd"


def storable_text(text: str) -> str:
    """The text with U+FFFD for each NUL and each lone surrogate.

    A replacement rather than nothing: an identifier that holds one must not come to name another
    upload.
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", _REPLACEMENT)


def storable_json(value: object) -> str:
    """The value as JSON text; NaN and the infinities become null.

    Raises:
        TypeError: the value holds something that is no JSON.
    """
    return json.dumps(_clean(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _clean(value: object) -> object:
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {_clean(key): _clean(member) for key, member in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_clean(member) for member in value]
    return value
