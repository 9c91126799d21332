"""JSON as all JSON-based formats write it: pure ASCII, indented by two."""

from __future__ import annotations

import json

import msgspec

from bluehook.report._visible import well_formed


def dumps(value: object) -> str:
    """Any structs, lists and dictionaries as JSON text, ending in a line break.

    Everything outside printable ASCII is a ``\\u`` escape, so the text survives every console and pipe, and hostile
    control characters stay inert. Lone surrogates become backslash escapes in the text: strict readers refuse them.
    """
    text = json.dumps(_clean(msgspec.to_builtins(value)), indent=2)
    return text.replace("\x7f", "\\u007f") + "\n"


def _clean(value: object) -> object:
    if isinstance(value, str):
        return value if value.isascii() else well_formed(value)
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean(item) for item in value]
    return value
