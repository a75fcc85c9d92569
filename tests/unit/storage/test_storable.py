import json
import math
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.storage.storable import json_with, storable_json, storable_text


def test_nul_and_lone_surrogates_are_replaced_and_whole_characters_kept() -> None:
    assert storable_text("a\0b\ud800c\udc00é😀") == "a\ufffdb\ufffdc\ufffdé😀"


@given(st.text(st.characters(exclude_categories=[])))
def test_every_text_becomes_one_that_postgresql_can_hold(text: str) -> None:
    stored = storable_text(text)
    stored.encode("utf-8")
    assert "\0" not in stored


def test_numbers_that_json_lacks_become_null_wherever_they_stand() -> None:
    value = {"runs": [float("nan"), float("inf"), 1.5], "over": (float("-inf"),)}
    assert json.loads(storable_json(value)) == {"runs": [None, None, 1.5], "over": [None]}


def test_keys_and_values_are_cleaned_at_every_depth() -> None:
    assert json.loads(storable_json({"a\0": [{"b": "\0"}]})) == {"a\ufffd": [{"b": "\ufffd"}]}


ANY = st.text(st.characters(exclude_categories=[]))
STRANGE = ANY | st.sampled_from(["\0", "\\u0000", "\ud800"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | STRANGE,
    lambda members: st.lists(members) | st.dictionaries(STRANGE, members),
)


@given(VALUES)
def test_json_is_as_postgresql_can_hold_it_and_says_the_same(value: object) -> None:
    text = storable_json(value)

    text.encode()
    assert cleaned(value) == json.loads(text)


def cleaned(value: object) -> object:
    """The value, each of its texts and numbers made storable by itself."""
    match value:
        case str():
            return storable_text(value)
        case float():
            return value if math.isfinite(value) else None
        case list():
            return [cleaned(each) for each in value]
        case dict():
            return {storable_text(key): cleaned(each) for key, each in value.items()}
    return value


@given(st.dictionaries(STRANGE, VALUES, max_size=3), VALUES)
def test_an_object_with_a_member_that_is_text_already_is_as_if_written_whole(
    members: dict[str, object], value: object
) -> None:
    text = json_with({**members, "scorecard": "of old"}, "scorecard", storable_json(value))

    assert json.loads(text) == cleaned({**members, "scorecard": value})
    assert text.count('"scorecard":') == 1


def test_mappings_and_sequences_of_any_class_are_json() -> None:
    value = MappingProxyType({"runs": (1, 2), "balls": range(2)})
    assert json.loads(storable_json(value)) == {"runs": [1, 2], "balls": [0, 1]}


@pytest.mark.parametrize("value", [{1, 2}, b"bytes", object()])
def test_what_is_no_json_is_a_fault(value: object) -> None:
    with pytest.raises(TypeError):
        storable_json({"value": value})
