"""Django's request while a run is watched: it has a value for every key that the view asks for."""

from __future__ import annotations

import io
import sys
from typing import Any

from ..inputs import bodies, web
from ..inputs.slots import Inputs
from ..inputs.standin import standin
from ..observe.record import RECORDER

_FRAMEWORK = ("django.middleware", "django.views.decorators", "django.contrib.sessions", "django.contrib.messages",
              "django.http.request", "django.core.handlers", "django.template")  # fmt: skip
"""Code of Django that reads requests for purposes of its own."""
_OWN_META = {"HTTP_HOST", "HTTP_COOKIE"}


def request_class(inputs: Inputs) -> Any:
    """``WSGIRequest`` whose parts hand out values while a run is watched."""
    from django.core.handlers.wsgi import WSGIRequest  # type: ignore[import-untyped, unused-ignore]

    def real(name: str, self: Any) -> Any:
        return vars(WSGIRequest)[name].__get__(self, type(self))

    def part(name: str, kind: str, need_body: bool = False) -> Any:
        def getter(self: Any) -> Any:
            held = self.__dict__.get("_set_" + name)
            value = real(name, self) if held is None else held
            if held is not None or not _reads(inputs) or (need_body and self.method in ("GET", "HEAD")):
                return value
            return web.Uploads(inputs, value, upload) if kind == "file" else web.Asked(inputs, kind, value)

        def setter(self: Any, value: Any) -> None:
            self.__dict__["_set_" + name] = value

        return property(getter, setter)

    class WatchedRequest(WSGIRequest):  # type: ignore[misc, unused-ignore]
        """A request that has what it is asked for."""

        GET = part("GET", "query")
        POST = part("POST", "form", need_body=True)
        FILES = part("FILES", "file", need_body=True)
        COOKIES = part("COOKIES", "cookie")

        @property
        def META(self) -> Any:  # noqa: N802
            """The environment; headers are there when they are asked for."""
            value = self.__dict__["META"]
            return _Meta(inputs, value) if _directly(inputs) else value

        @META.setter
        def META(self, value: Any) -> None:  # noqa: N802
            self.__dict__["META"] = value

        @property
        def headers(self) -> Any:
            """As of Django."""
            from django.http.request import HttpHeaders  # type: ignore[import-untyped, unused-ignore]

            value = HttpHeaders(self.__dict__["META"])
            return web.Asked(inputs, "header", value, frozenset({"host", "cookie"})) if _directly(inputs) else value

        @property
        def body(self) -> Any:
            """As of Django; read as a whole, it is one input."""
            if _directly(inputs):
                return bodies.whole(inputs).encode("utf-8", "replace")
            return WSGIRequest.body.fget(self)

        def __getattr__(self, name: str) -> Any:
            """What some middleware of the project would have set."""
            if name.startswith("_") or not inputs.policy.truth or not RECORDER.directly(sys._getframe(1)):
                raise AttributeError(name)
            return standin(inputs, "request." + name, "assumed")

    return WatchedRequest


def _reads(inputs: Inputs) -> bool:
    """Whether what reads the request is the view: the project's part of it or the generic one, not the framework."""
    if not inputs.watching or not RECORDER.on:
        return False
    frame = sys._getframe(2)
    while frame is not None and RECORDER.is_worker(frame.f_code.co_filename):
        frame = frame.f_back  # type: ignore[assignment]
    return frame is not None and not str(frame.f_globals.get("__name__")).startswith(_FRAMEWORK)


def _directly(inputs: Inputs) -> bool:
    return inputs.watching and RECORDER.directly(sys._getframe(2))


class _Meta(web.Asked):
    """The environment of a request, in which headers are called ``HTTP_...``."""

    def __init__(self, inputs: Inputs, real: Any) -> None:
        super().__init__(inputs, "header", real)

    def _value(self, key: Any) -> Any:
        if not isinstance(key, str) or not key.startswith("HTTP_") or key in _OWN_META:
            return self._real.get(key)
        return web.asked(self._inputs, "header", key[5:].replace("_", "-").title())

    def __getitem__(self, key: Any) -> Any:
        value = self._value(key) if self._inputs.policy.exists else None
        return self._real[key] if value is None else value


def upload(name: str, content: bytes) -> Any:
    """An uploaded file as Django has it."""
    from django.core.files.uploadedfile import InMemoryUploadedFile  # type: ignore[import-untyped, unused-ignore]

    made = InMemoryUploadedFile(io.BytesIO(content), "file", "x", "application/octet-stream", len(content), None)
    made.__dict__["_name"] = name
    return made
