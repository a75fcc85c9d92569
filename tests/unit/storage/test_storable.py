import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.storage.storable import storable_json, storable_text


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


@pytest.mark.parametrize("value", [{1, 2}, b"bytes", object()])
def test_what_is_no_json_is_a_fault(value: object) -> None:
    with pytest.raises(TypeError):
        storable_json({"value": value})
