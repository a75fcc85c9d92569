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
    try:
        text = _dumps(value)
    except (TypeError, ValueError):
        # A mapping that is no dict; NaN or an infinity.
        return _dumps(_clean(value))
    # Hardly anything needs cleaning, and looking at each value takes ten times as long as writing.
    return text if _is_storable(text) else _dumps(_clean(value))


def json_with(members: Mapping[str, object], name: str, text: str) -> str:
    """The members as the text of a JSON object, with one more that is such text already.

    Args:
        members: of the object; what has the name of the last is left out.
        name: of the last.
        text: as `storable_json` made it. A long value is then written once.

    Raises:
        TypeError: the members hold something that is no JSON.
    """
    others = storable_json({key: value for key, value in members.items() if key != name})
    return f"{others[:-1]}{',' if len(others) > len('{}') else ''}{_dumps(name)}:{text}}}"


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _is_storable(text: str) -> bool:
    """Whether JSON text holds no NUL and only whole characters; False also where in doubt."""
    if "\\u0000" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


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
