"""JSON that anyone may have written."""

import pytest

from stpose.artefacts.json_text import parse_json


def test_values_come_back():
    assert parse_json('{"a": [1, null]}') == {"a": [1, None]}
    assert parse_json(b'"\xc3\xbc"') == "ü"


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000])
def test_what_is_nested_too_deeply_is_a_value_error(text):
    with pytest.raises(ValueError, match="nested too deeply"):
        parse_json(text)
