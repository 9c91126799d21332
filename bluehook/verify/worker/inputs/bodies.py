"""A request's parts as bytes, the way browsers and clients write them."""

from __future__ import annotations

import json
import urllib.parse
from collections.abc import Mapping
from typing import Any

from . import web
from .slots import Inputs

_BOUNDARY = "harness-boundary-7d93b1"
_WITHOUT_BODY = ("GET", "HEAD", "DELETE", "OPTIONS")
BODY = "request body"
"""The slot of a body that is read as a whole."""


def whole(inputs: Inputs) -> str:
    """The body as the text that code which reads all of it gets; from now on its slot is known."""
    return inputs.text(inputs.slot(BODY, "outside"))


def query(inputs: Inputs) -> str:
    """The query string with every parameter that is known."""
    return urllib.parse.urlencode({key: _bytes(value) for key, value in web.known(inputs, "query").items()})


def cookies(inputs: Inputs) -> str:
    """The ``Cookie`` header with every cookie that is known, empty when there is none."""
    return "; ".join(f"{key}={cookie(str(value))}" for key, value in web.known(inputs, "cookie").items())


def cookie(value: str) -> str:
    """A cookie's value as browsers send it: characters that end it are percent-encoded."""
    return "".join(c if c.isprintable() and c not in ';," \\' else f"%{ord(c):02X}" for c in value)


def headers(inputs: Inputs) -> dict[str, str]:
    """The headers that are known, cookies included."""
    found = {key: str(value) for key, value in web.known(inputs, "header").items()}
    sent = cookies(inputs)
    if sent:
        found["Cookie"] = sent
    return found


def body(inputs: Inputs, method: str) -> tuple[str, bytes]:
    """The body and its type: the JSON keys that were asked for, else the whole body, else the form with its files."""
    keys, whole = web.known(inputs, "json"), inputs.slots.get(BODY)
    if keys:
        return "application/json", json.dumps(keys, default=_plain).encode("utf-8")
    if whole is not None:
        inputs.used.add(BODY)
        value = inputs.assigned.get(BODY)
        return "application/json", value if isinstance(value, bytes) else _bytes(inputs.text(whole))
    fields = web.known(inputs, "form")
    known = web.known(inputs, "file").items()
    files = {key: (str(name), content(inputs, key), web.type_of_upload(inputs, key)) for key, name in known}
    if files:
        return f"multipart/form-data; boundary={_BOUNDARY}", multipart(fields, files)
    if not fields and method in _WITHOUT_BODY:
        return "", b""
    pairs = {key: _bytes(value) for key, value in fields.items()}
    return "application/x-www-form-urlencoded", urllib.parse.urlencode(pairs).encode("ascii")


def content(inputs: Inputs, key: str) -> bytes:
    """What an uploaded file holds."""
    slot = inputs.slot(f"content of uploaded file {key!r}", "outside")
    raw = inputs.assigned.get(slot.name)
    return raw if isinstance(raw, bytes) else _bytes(inputs.text(slot))


def multipart(fields: Mapping[str, Any], files: Mapping[str, tuple[str, bytes, str]]) -> bytes:
    """A ``multipart/form-data`` body; a file is its name, content and type. In names, what would end them is
    percent-encoded, as browsers do.
    """
    parts = [(f'name="{_quoted(key)}"', _bytes(value), "") for key, value in fields.items()]
    for key, (name, data, kind) in files.items():
        parts.append((f'name="{_quoted(key)}"; filename="{_quoted(name)}"', data, f"Content-Type: {kind}\r\n"))
    made = b""
    for disposition, data, header in parts:
        head = f"--{_BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n"
        made += _bytes(head + header + "\r\n") + data + b"\r\n"
    return made + f"--{_BOUNDARY}--\r\n".encode("ascii")


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


def _plain(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
