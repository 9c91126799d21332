"""Starlette's ``Request`` while a run is watched: it has a value for every key that the project asks for."""

from __future__ import annotations

import functools
import io
from typing import Any

from ..inputs import bodies, web
from ..inputs.rewatch import rewatched
from ..inputs.slots import Inputs
from . import sessions
from .readers import learning_method, learning_property

_MARKS = ("filename", "read", "file", "content_type", "size", "write")
"""What only uploads have."""

_OWN_HEADERS = frozenset({"host", "content-type", "content-length", "cookie", "authorization"})
_PARTS = {"query_params": "query", "headers": "header", "cookies": "cookie"}


def watch(inputs: Inputs) -> None:
    """Replace the readers of ``HTTPConnection`` and ``Request`` by ones that learn."""
    from starlette import requests  # type: ignore[import-not-found, unused-ignore]

    for name, part in _PARTS.items():
        skip = _OWN_HEADERS if part == "header" else frozenset()
        learning_property(requests.HTTPConnection, name, inputs, functools.partial(web.Asked, inputs, part, skip=skip))
    _hold_sessions(requests.HTTPConnection, inputs)
    learning_property(requests.HTTPConnection, "path_params", inputs, lambda real: rewatched(inputs, dict(real)))
    learning_method(requests.Request, "json", inputs, lambda: web.Json(inputs))
    learning_method(requests.Request, "body", inputs, lambda: bodies.whole(inputs).encode("utf-8", "replace"))
    learning_method(requests.Request, "form", inputs, lambda: web.Form(inputs, upload, _MARKS))


def _hold_sessions(kind: Any, inputs: Inputs) -> None:
    """Let the sessions of requests hold what the project asks for; those that no middleware opens stay closed."""
    original = vars(kind)["session"]

    def session(self: Any) -> Any:
        found = self.scope["session"] = sessions.held(original.__get__(self, type(self)), inputs)
        return found

    kind.session = property(session)


def upload(name: str, content: bytes) -> Any:
    """An uploaded file as Starlette has it."""
    from starlette.datastructures import UploadFile  # type: ignore[import-not-found, unused-ignore]

    return UploadFile(io.BytesIO(content), filename=name)
