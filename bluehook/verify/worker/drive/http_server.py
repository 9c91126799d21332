"""Driving handlers of the standard library's ``http.server``: each run is a real request over a socket of memory.

Such a handler is given one line and reads the rest itself, so what it takes apart is what is watched: the path that it
compares, the query and the form that it parses, the JSON that it loads.
"""

from __future__ import annotations

import functools
import http.server
import io
import json
import sys
import urllib.parse
from collections.abc import Callable
from typing import Any

from ..inputs import bodies, web
from ..inputs.slots import Inputs, Slot
from ..inputs.standin import standin
from ..inputs.watched import Watched, watched
from ..observe.record import RECORDER, as_text
from . import keys_asked, response
from .load import Restoring, Target
from .run import Guard, Run
from .way import Way

PATH = "request.path"
_SAFE = "/:@!$&'()*+,;=~%?"
"""What clients send in a path as it is."""
_OWN_HEADERS = frozenset({"host", "content-type", "content-length", "cookie"})


class _Current:
    """The driver whose request is under way, if any."""

    driver: HttpServerDriver | None = None


def prepare(root: str, path: str) -> None:
    """Watch the functions that take requests apart, before the project's code gets hold of them."""
    for name in ("parse_qs", "parse_qsl"):
        setattr(urllib.parse, name, _watching(getattr(urllib.parse, name), "fields"))
    for name in ("urlparse", "urlsplit"):
        setattr(urllib.parse, name, _watching(getattr(urllib.parse, name), "address"))
    json.loads = _watching(json.loads, "document")


def _watching(original: Callable[..., Any], reader: str) -> Callable[..., Any]:
    def read(text: Any, *args: Any, **kwargs: Any) -> Any:
        driver = _Current.driver
        if driver is None or not driver.inputs.watching or not isinstance(text, (str, bytes)):
            return original(text, *args, **kwargs)
        if not RECORDER.directly(sys._getframe(1)):
            return original(text, *args, **kwargs)
        made = getattr(driver, reader)(original, as_text(text))
        return original(text, *args, **kwargs) if made is None else made

    functools.update_wrapper(read, original)
    for name in ("cache_clear", "cache_info"):  # the module empties its caches by these
        if hasattr(original, name):
            setattr(read, name, getattr(original, name))
    return read


def driver(target: Target, inputs: Inputs) -> HttpServerDriver | None:
    """The driver of a method that answers requests of one sort (``do_GET``)."""
    name = getattr(target.node, "name", "")
    if target.owner is None or not issubclass(target.owner, http.server.BaseHTTPRequestHandler):
        return None
    return HttpServerDriver(target, inputs, name[3:]) if name.startswith("do_") and target.kind == "method" else None


class HttpServerDriver(Restoring):
    """Lets the handler's class handle one request after another."""

    def __init__(self, target: Target, inputs: Inputs, method: str) -> None:
        self.target, self.inputs, self.method = target, inputs, method
        self.guard = Guard(target.file)
        self.place = response.place_of(target.function, target.node)
        self.keys = keys_asked.of(target.tree)
        self.query, self.body = "", ""
        self.kind = _watched_class(target.owner, self)
        self.status, self.headers = 0, list[tuple[str, str]]()

    def ways(self) -> list[Way]:
        """The one that the method is named after."""
        return [Way(kinds={"method": self.method})]

    def run(self, way: Way, watching: bool) -> Run:
        """One request."""
        self.inputs.begin(way.assigned, watching, way.policy)
        self.status, self.headers = 0, []
        socket = _Socket(self._request(watching))
        _Current.driver = self
        try:
            result = self.guard.run(lambda: _handled(self.kind, socket, self.inputs), watch_lines=watching)
        finally:
            _Current.driver = None
        if self.status:
            body = bytes(socket.answer).partition(b"\r\n\r\n")[2]
            response.told(result, self.place, self.status, self.headers, body)
        return result

    def text(self, way: Way, changed: dict[str, Any]) -> str:
        """The request with the values that matter."""
        return way.requested(f"to {getattr(self.target.owner, '__name__', 'the handler')}", changed)

    def path(self) -> Slot:
        """The slot of the path."""
        slot = self.inputs.slot(PATH, "outside")
        slot.usual = slot.usual or "/" + slot.word
        return slot

    def fields(self, original: Callable[..., Any], text: str) -> Any:
        """What is parsed out of the query, or out of the body that is a form: every field that is asked for."""
        part = "query" if text in ("", self.query, self.address_text()) else ""
        part = "form" if text and text == self.body else part
        if not part:
            return None
        if part == "form":
            self.inputs.slots.pop(bodies.BODY, None)
        if original.__name__ == "parse_qs":
            return _Fields(self.inputs, part)
        known = [*web.known(self.inputs, part), *self.keys]
        return [(key, web.asked(self.inputs, part, key)) for key in dict.fromkeys(known)]

    def address(self, original: Callable[..., Any], text: str) -> Any:
        """The parts of the address, of which the path belongs to its slot."""
        if text != self.address_text():
            return None
        parts = original(text)
        return parts._replace(path=watched(parts.path, self.path()))

    def document(self, original: Callable[..., Any], text: str) -> Any:
        """The body as JSON, with every key that is asked for."""
        if not text or text != self.body:
            return None
        self.inputs.slots.pop(bodies.BODY, None)
        return web.Json(self.inputs)

    def expect_query(self) -> None:
        """From now on, send a query that has the fields which the code looks up."""
        for key in self.keys:
            web.asked(self.inputs, "query", key)

    def address_text(self) -> str:
        """The path and the query as they stand in the request's first line."""
        text = self.inputs.text(self.path())
        path = urllib.parse.quote(text if text.startswith("/") else "/" + text, safe=_SAFE)
        return path + "?" + self.query if self.query else path

    def _request(self, watching: bool) -> bytes:
        self.query = bodies.query(self.inputs)
        kind, data = bodies.body(self.inputs, self.method)
        if self.method in ("POST", "PUT", "PATCH") and not data and watching:
            kind, data = "text/plain", bodies.whole(self.inputs).encode("utf-8", "replace")
        self.body = data.decode("utf-8", "replace")
        sent = {"Host": "localhost", **bodies.headers(self.inputs)}
        if data:
            sent.update({"Content-Type": kind, "Content-Length": str(len(data))})
        lines = [f"{self.method} {self.address_text()} HTTP/1.0", *(f"{name}: {value}" for name, value in sent.items())]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace") + data


class _Fields(web.Asked, dict):  # type: ignore[type-arg]
    """Fields as ``parse_qs`` has them: a list for each."""

    def __init__(self, inputs: Inputs, part: str) -> None:
        dict.__init__(self)
        web.Asked.__init__(self, inputs, part, {})

    def _value(self, key: Any) -> Any:
        return [web.asked(self._inputs, self._part, key)]

    def items(self, *args: Any, **kwargs: Any) -> Any:
        """The fields known so far."""
        return [(key, self._value(key)) for key in self._fill()]

    def values(self) -> Any:
        """The values of the fields known so far."""
        return [value for _, value in self.items()]


class _Address(Watched):
    """The path with its query: what is cut off at the question mark still belongs to the slot of the path.

    Code that cuts there where no query is looks for one, of which it tells the fields elsewhere.
    """

    _driver: HttpServerDriver

    def split(self, *args: Any, **kwargs: Any) -> Any:
        """As of ``str``."""
        return self._owned(Watched.split(self, *args, **kwargs), args)

    def partition(self, *args: Any) -> Any:
        """As of ``str``."""
        return tuple(self._owned(list(str.partition(self, *args)), args))

    def _owned(self, parts: list[str], args: tuple[Any, ...]) -> list[str]:
        if not args or args[0] != "?":
            return parts
        if not str.__contains__(self, "?"):
            self._driver.expect_query()
        return [watched(parts[0], self._slot), *parts[1:]]


class _Socket:
    """The client's end: the request, and what was answered."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self.answer = bytearray()

    def makefile(self, mode: str = "rb", *args: Any, **kwargs: Any) -> Any:
        """The request, to be read."""
        return io.BytesIO(self._request)

    def sendall(self, data: Any) -> None:
        """Take a part of the answer."""
        self.answer += data

    def settimeout(self, seconds: Any) -> None:
        """Nothing is waited for."""

    def setsockopt(self, *args: Any) -> None:
        """There is nothing to set."""

    def getpeername(self) -> tuple[str, int]:
        """The client's address."""
        return ("127.0.0.1", 50_000)


def _handled(kind: Any, socket: _Socket, inputs: Inputs) -> None:
    server = standin(inputs, "self.server", "assumed")
    try:
        kind(socket, socket.getpeername(), server)
    except TypeError as error:
        if "__init__" not in str(error):
            raise
        handler = object.__new__(kind)  # its own ``__init__`` wants more
        handler.request, handler.client_address, handler.server = socket, socket.getpeername(), server
        handler.setup()
        handler.handle()
        handler.finish()


def _watched_class(owner: Any, driver: HttpServerDriver) -> Any:
    """The handler's class, whose requests note what is read of them and whose answers are kept."""
    inputs = driver.inputs

    def parse_request(self: Any) -> Any:
        parsed = owner.parse_request(self)
        if parsed and inputs.watching:
            address = str.__new__(_Address, self.path)
            address._slot, address._driver = driver.path(), driver
            self.path = address
        return parsed

    def send_response(self: Any, code: Any, *args: Any) -> None:
        driver.status = int(code)
        owner.send_response(self, code, *args)

    def send_header(self: Any, keyword: Any, value: Any) -> None:
        driver.headers.append((str(keyword), str(value)))
        owner.send_header(self, keyword, value)

    def missing(self: Any, name: str) -> Any:
        if name.startswith("_") or not RECORDER.directly(sys._getframe(1)):
            raise AttributeError(name)
        return standin(inputs, "self." + name, "assumed")

    members = {"parse_request": parse_request, "headers": web.headers(inputs, _OWN_HEADERS), "__getattr__": missing,
               "send_response": send_response, "send_header": send_header, "__module__": owner.__module__}  # fmt: skip
    return type(owner.__name__, (owner,), members)
