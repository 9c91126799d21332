"""Starlette's ``Request`` while a run is watched: it has a value for every key that the project asks for."""

from __future__ import annotations

import io
import sys
from typing import Any

from ..inputs import bodies, web
from ..inputs.rewatch import rewatched
from ..inputs.slots import Inputs
from ..observe.record import RECORDER
from .loops import Ready

_MARKS = ("filename", "read", "file", "content_type", "size", "write")
"""What only uploads have."""

_OWN_HEADERS = frozenset({"host", "content-type", "content-length", "cookie", "authorization"})
_PARTS = {"query_params": "query", "headers": "header", "cookies": "cookie"}


def watch(inputs: Inputs) -> None:
    """Replace the readers of ``HTTPConnection`` and ``Request`` by ones that learn."""
    from starlette import requests  # type: ignore[import-not-found, unused-ignore]

    for name, part in _PARTS.items():
        _mapping(requests.HTTPConnection, name, part, inputs)
    _path_parameters(requests.HTTPConnection, inputs)
    _later(requests.Request, "json", inputs, lambda real: web.Json(inputs))
    _later(requests.Request, "body", inputs, lambda real: _body(inputs))
    _later(requests.Request, "form", inputs, lambda real: web.Form(inputs, upload, _MARKS))


def _watched_here(inputs: Inputs) -> bool:
    return inputs.watching and RECORDER.directly(sys._getframe(2))


def _mapping(owner: Any, name: str, part: str, inputs: Inputs) -> None:
    original = vars(owner)[name]

    def getter(self: Any) -> Any:
        real = original.__get__(self, type(self))
        skip = _OWN_HEADERS if part == "header" else frozenset()
        return web.Asked(inputs, part, real, skip) if _watched_here(inputs) else real

    setattr(owner, name, property(getter))


def _path_parameters(owner: Any, inputs: Inputs) -> None:
    original = vars(owner)["path_params"]

    def getter(self: Any) -> Any:
        real = original.__get__(self, type(self))
        return rewatched(inputs, dict(real)) if _watched_here(inputs) else real

    owner.path_params = property(getter)


def _later(owner: Any, name: str, inputs: Inputs, learn: Any) -> None:
    """A method whose result is awaited, or entered as a context."""
    original = vars(owner)[name]

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        if _watched_here(inputs):
            return Ready(learn(self))
        return original(self, *args, **kwargs)

    setattr(owner, name, method)


def _body(inputs: Inputs) -> bytes:
    return inputs.text(inputs.slot(bodies.BODY, "outside")).encode("utf-8", "replace")


def upload(name: str, content: bytes) -> Any:
    """An uploaded file as Starlette has it."""
    from starlette.datastructures import UploadFile  # type: ignore[import-not-found, unused-ignore]

    return UploadFile(io.BytesIO(content), filename=name)
