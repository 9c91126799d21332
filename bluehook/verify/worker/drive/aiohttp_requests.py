"""aiohttp's ``Request`` while a run is watched: it has a value for every key that the handler asks for."""

from __future__ import annotations

import functools
import io
import sys
from typing import Any

from ..inputs import bodies, web
from ..inputs.rewatch import rewatched
from ..inputs.slots import Inputs
from ..observe.patch import later
from . import sessions
from .readers import learning_method, learning_property

_MARKS = ("filename", "file", "content_type")
"""What only uploads have."""

RAISED: list[Any] = []
"""Answers that were made as exceptions since the last run, the newest last."""
_OWN_HEADERS = frozenset({"host", "content-type", "content-length", "cookie"})
_PARTS = {"query": "query", "headers": "header", "cookies": "cookie"}


def watch(inputs: Inputs) -> None:
    """Replace the readers of ``BaseRequest`` and ``Request`` by ones that learn."""
    from aiohttp import web_exceptions, web_request

    base = web_request.BaseRequest
    for name, part in _PARTS.items():
        skip = _OWN_HEADERS if part == "header" else frozenset()
        learning_property(base, name, inputs, functools.partial(web.Asked, inputs, part, skip=skip))
    learning_property(web_request.Request, "match_info", inputs, lambda real: _Matched(inputs, real))
    learning_method(base, "json", inputs, lambda: web.Json(inputs))
    learning_method(base, "post", inputs, lambda: web.Form(inputs, _upload, _MARKS))
    learning_method(base, "text", inputs, lambda: bodies.whole(inputs))
    learning_method(base, "read", inputs, lambda: bodies.whole(inputs).encode("utf-8", "replace"))
    later("aiohttp_session", lambda: sessions.hold(sys.modules["aiohttp_session"].Session, inputs))
    made = web_exceptions.HTTPException.__init__

    def raised(self: Any, *args: Any, **kwargs: Any) -> None:
        made(self, *args, **kwargs)
        RAISED.append(self)

    web_exceptions.HTTPException.__init__ = raised  # type: ignore[method-assign]


class _Matched(dict):  # type: ignore[type-arg]
    """The parameters of the path."""

    def __init__(self, inputs: Inputs, real: Any) -> None:
        super().__init__(rewatched(inputs, dict(real)))
        self._real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def _upload(name: str, content: bytes) -> Any:
    from aiohttp.web_request import FileField
    from multidict import CIMultiDict, CIMultiDictProxy

    headers: Any = CIMultiDictProxy(CIMultiDict())
    return FileField("file", name, io.BufferedReader(io.BytesIO(content)), "application/octet-stream", headers)
