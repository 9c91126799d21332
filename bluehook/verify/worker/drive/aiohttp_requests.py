"""aiohttp's ``Request`` while a run is watched: it has a value for every key that the handler asks for."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import Any

from ..inputs import bodies, web
from ..inputs.rewatch import rewatched
from ..inputs.slots import Inputs
from ..observe.record import RECORDER
from .loops import Ready

_MARKS = ("filename", "file", "content_type")
"""What only uploads have."""

RAISED: list[Any] = []
"""Answers that were made as exceptions since the last run, the newest last."""
_OWN_HEADERS = frozenset({"host", "content-type", "content-length", "cookie"})


def watch(inputs: Inputs) -> None:
    """Replace the readers of ``BaseRequest`` and ``Request`` by ones that learn."""
    from aiohttp import web_exceptions, web_request

    base = web_request.BaseRequest
    _mapping(base, "query", "query", inputs, frozenset())
    _mapping(base, "headers", "header", inputs, _OWN_HEADERS)
    _mapping(base, "cookies", "cookie", inputs, frozenset())
    _read(web_request.Request, "match_info", inputs, lambda real: _Matched(inputs, real))
    _later(base, "json", inputs, lambda: web.Json(inputs))
    _later(base, "post", inputs, lambda: web.Form(inputs, _upload, _MARKS))
    _later(base, "text", inputs, lambda: inputs.text(inputs.slot(bodies.BODY, "outside")))
    _later(base, "read", inputs, lambda: inputs.text(inputs.slot(bodies.BODY, "outside")).encode("utf-8", "replace"))
    made = web_exceptions.HTTPException.__init__

    def raised(self: Any, *args: Any, **kwargs: Any) -> None:
        made(self, *args, **kwargs)
        RAISED.append(self)

    web_exceptions.HTTPException.__init__ = raised  # type: ignore[method-assign]


def _here(inputs: Inputs) -> bool:
    return inputs.watching and RECORDER.directly(sys._getframe(2))


def _mapping(owner: Any, name: str, part: str, inputs: Inputs, skip: frozenset[str]) -> None:
    _read(owner, name, inputs, lambda real: web.Asked(inputs, part, real, skip))


def _read(owner: Any, name: str, inputs: Inputs, learn: Callable[[Any], Any]) -> None:
    """A property whose value learns when the project reads it."""
    original = vars(owner)[name]

    def getter(self: Any) -> Any:
        real = original.__get__(self, type(self))
        return learn(real) if _here(inputs) else real

    setattr(owner, name, property(getter))


def _later(owner: Any, name: str, inputs: Inputs, learn: Callable[[], Any]) -> None:
    """A method whose result is awaited."""
    original = vars(owner)[name]

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return Ready(learn()) if _here(inputs) else original(self, *args, **kwargs)

    setattr(owner, name, method)


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
