"""What was called, as data: enough for a program that knows nothing of the harness to do it once more.

A driver's ``replay(way)`` gives one of two forms, or raises :class:`Unrepeatable`:

- ``{"kind": "request", "framework": ..., "route": ..., "method": ..., "target": "/path?query", "headers": [[name,
  value], ...], "body": base64}``: one request as it goes over the wire, by the framework that answers it. For Django
  ``route`` is the name of the view, and ``arguments`` and ``named`` are what it is called with beside the request;
- ``{"kind": "call", "arguments": [Python text, ...], "named": {name: Python text}, "owner": name of the class or "",
  "made": whether on an instance, "needed": [names that the class cannot be made without]}``: one call. In its texts
  ``STANDIN`` stands for an object that does nothing. ``"files": {name: base64}`` have to be there.
"""

from __future__ import annotations

import base64
import dataclasses
import pathlib
import sqlite3
from typing import Any

from ..inputs.build import Stream
from ..inputs.standin import Standin

STANDIN = "StandIn()"
CONNECTION = "connection()"
CURSOR = "connection().cursor()"
_LONGEST = 200_000


class Unrepeatable(Exception):
    """What went in cannot be written down; the text says what it was."""


def request(framework: str, route: str, method: str, target: str, headers: Any, body: bytes) -> dict[str, Any]:
    """One request as data."""
    if len(body) > _LONGEST or len(target) > _LONGEST:
        raise Unrepeatable("the request is too long to be written down")
    return {
        "kind": "request", "framework": framework, "route": route, "method": method, "target": target,
        "headers": [[str(name), str(value)] for name, value in headers],
        "body": base64.b64encode(body).decode("ascii"),
    }  # fmt: skip


def source(value: Any, depth: int = 0) -> str:
    """The value as Python text. Raises :class:`Unrepeatable` for what has none."""
    text = _source(value, depth)
    if len(text) > _LONGEST:
        raise Unrepeatable("a value is too long to be written down")
    return text


def _source(value: Any, depth: int) -> str:
    if isinstance(value, Standin) or (dataclasses.is_dataclass(value) and not isinstance(value, type)):
        return STANDIN
    if value is None or isinstance(value, (bool, int, float)):
        return repr(value)
    if isinstance(value, str):
        return ascii(str.__str__(value))
    if isinstance(value, (bytes, bytearray)):
        return ascii(bytes(value))
    if isinstance(value, pathlib.PurePath):
        return f"Path({str(value)!a})"
    if isinstance(value, sqlite3.Cursor):
        return CURSOR
    if isinstance(value, sqlite3.Connection):
        return CONNECTION
    if isinstance(value, Stream):
        return f"io.BytesIO({value.getvalue()!a})"
    if depth < 4 and isinstance(value, dict):
        pairs = [(source(key, depth + 1), source(one, depth + 1)) for key, one in dict.items(value)]
        return "{" + ", ".join(f"{key}: {one}" for key, one in pairs) + "}"
    if depth < 4 and type(value) in (list, tuple, set):
        inner = ", ".join(source(one, depth + 1) for one in value)
        if type(value) is list:
            return f"[{inner}]"
        if not value:
            return "()" if type(value) is tuple else "set()"
        return f"({inner},)" if type(value) is tuple else f"{{{inner}}}"
    raise Unrepeatable(f"an argument is a {type(value).__name__}, which has no text")
