"""Answers with a form: the JSON schema that a server is asked to keep to, and what is made of what it sends."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from bluehook.check.model import Form

LONGEST = 20_000
"""Characters of an answer that are looked at; a form of ours takes a tenth of it."""


def schema(form: type[msgspec.Struct]) -> dict[str, Any]:
    """The JSON schema of a flat form as servers take it in strict mode: every key required, no other allowed."""
    made = msgspec.json.schema(form)["$defs"][form.__name__]
    properties = {
        name: {**({"type": "string"} if "enum" in part else {}), **{k: v for k, v in part.items() if k != "default"}}
        for name, part in made["properties"].items()
    }
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def read(text: str, form: type[Form]) -> Form:
    """The answer in a text that may have prose, a fence or a model's thoughts around its JSON object.

    Raises ``ValueError`` when there is none, or not of this form; keys beyond the form are passed over.
    """
    if len(text) > LONGEST:
        raise ValueError(f"longer than {LONGEST} characters")
    text = text.rpartition("</think>")[2]
    decoder = json.JSONDecoder()
    reason = "holds no JSON object"
    start = text.find("{")
    while start >= 0:
        try:
            found, _ = decoder.raw_decode(text, start)
            return msgspec.convert(found, form, strict=False)
        except msgspec.ValidationError as error:
            reason = f"does not fit: {str(error)[:120]}"
        except (ValueError, RecursionError):
            pass
        start = text.find("{", start + 1)
    raise ValueError(reason)
