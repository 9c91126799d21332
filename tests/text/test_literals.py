from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bluehook.text.literals import offset, places

LEAVES = st.text() | st.integers() | st.none() | st.booleans()
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.from_regex(r"\A[a-z]{1,3}\Z"), inner, max_size=4),
)


def strings(value: Any, name: str = "") -> dict[str, str]:
    if isinstance(value, str):
        return {name: value}
    found: dict[str, str] = {}
    if isinstance(value, dict):
        for key, inner in value.items():
            found |= strings(inner, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            found |= strings(inner, f"{name}[{number}]")
    return found


@given(DOCUMENTS, st.booleans(), st.sampled_from([None, 2]))
def test_every_string_is_found_where_it_stands(document: Any, ascii_only: bool, indent: int | None) -> None:
    text = json.dumps(document, ensure_ascii=ascii_only, indent=indent)
    found = {name: json.loads(f'"{text[start:end]}"') for name, (start, end) in places(text).items()}
    assert found == strings(json.loads(text))


@given(st.text(min_size=1), st.data())
def test_character_stands_at_its_offset(text: str, data: st.DataObject) -> None:
    text = json.loads(json.dumps(text))
    literal = json.dumps(text)[1:-1]
    index = data.draw(st.integers(0, len(text)))
    assert json.loads(f'"{literal[: offset(literal, index)]}"') == text[:index]
