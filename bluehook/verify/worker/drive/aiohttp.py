"""Driving aiohttp handlers with requests of its own test utilities: functions, class-based views, tables of routes.

Where a route is known the application itself resolves it, middlewares included; what a handler reads is learned by
watching.
"""

from __future__ import annotations

import asyncio
import dataclasses
import inspect
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from ..inputs import bodies, web
from ..inputs.incoming import is_incoming
from ..inputs.slots import Inputs
from ..inputs.standin import standin
from . import aiohttp_requests, apps, replay, response
from .load import Restoring, Target
from .loops import Runner
from .run import FIRST_SECONDS, Guard, Run
from .way import Way

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_NAMES = {"request", "req", "_request"}
PRELOAD = {"aiohttp": ("aiohttp.web", "aiohttp.test_utils")}


@dataclasses.dataclass
class Found:
    """The application, the route's method and resource; the resource is ``None`` for a route of the harness."""

    app: Any
    method: str
    resource: Any
    shown: str


def driver(target: Target, inputs: Inputs) -> AiohttpDriver | None:
    """The driver, when aiohttp's server is loaded and one of its routes leads to the function."""
    server = apps.installed("aiohttp.web")
    code = apps.code_of(target)
    if server is None or code is None:
        return None
    for app in _apps(server, target, inputs):
        for found in _routes(app):
            if code in apps.codes(found.resource[1]):
                return AiohttpDriver(target, inputs, dataclasses.replace(found, resource=found.resource[0]))
    return None


def _apps(server: Any, target: Target, inputs: Inputs) -> Iterator[Any]:
    if target.kind == "factory":
        yield from _of(server, apps.called(target.function, inputs, server.Application))
    modules = (target.module, *apps.others(target.module))
    for module in modules:
        yield from apps.objects(module, server.Application)
    for module in modules:
        for function in apps.own(module, apps.MAKERS):
            yield from _of(server, apps.called(function, inputs, server.Application))
    app = server.Application()
    for table in apps.objects(target.module, server.RouteTableDef):
        app.add_routes(table)
    yield app
    for function in apps.own(target.module, apps.FITTERS):
        app = server.Application()
        apps.called(function, inputs, lambda app=app: app)  # type: ignore[misc]
        yield app
    yield from _by_shape(server, target, inputs)


def _of(server: Any, made: Any) -> list[Any]:
    return [made] if issubclass(type(made), server.Application) else []


def _by_shape(server: Any, target: Target, inputs: Inputs) -> Iterator[Any]:
    """An application with the function on a route of its own, when it looks like a handler."""
    app = server.Application()
    if target.owner is not None and issubclass(target.owner, server.View):
        app.router.add_view("/harness/{tail:.*}", target.owner)
        yield app
    elif target.kind in ("function", "static", "method") and inspect.iscoroutinefunction(target.function):
        parameters = list(inspect.signature(target.function).parameters.values())[target.kind == "method" :]
        told = target.entry.get("framework") == "aiohttp"
        typed = "Request" in str(getattr(parameters[0].annotation, "__name__", "")) if parameters else False
        fits = len(parameters) == 1 and (typed or (told and parameters[0].name in _NAMES))
        if fits and is_incoming(target.node, parameters[0].name, target.tree):
            app.router.add_route("*", "/harness/{tail:.*}", apps.bound(target, inputs))
            yield app


def _routes(app: Any) -> Iterator[Found]:
    """The routes of an application and of those below it, each with its resource and its handler."""
    for route in list(app.router.routes()):
        resource = route.resource
        if resource is not None and route.method != "HEAD":
            yield Found(app, route.method, (resource, route.handler), str(resource.canonical))


class AiohttpDriver(Restoring):
    """Lets one application handle requests to one route."""

    def __init__(self, target: Target, inputs: Inputs, found: Found) -> None:
        self.target, self.inputs, self.found = target, inputs, found
        self.guard = Guard(target.file, first=FIRST_SECONDS)
        self.place = response.place_of(target.function, target.node)
        self.runner = Runner()
        self.app = found.app
        aiohttp_requests.watch(inputs)
        self._fill()
        self.names = _parameters(found.resource)
        self._settle()

    def ways(self) -> list[Way]:
        """The method of the route; of one that takes all, those that its handler has."""
        own = getattr(self.target.node, "name", "").upper()
        if self.found.method != "*":
            return [Way(kinds={"method": self.found.method})]
        return [Way(kinds={"method": method}) for method in ((own,) if own in _METHODS else _METHODS[:2])]

    def run(self, way: Way, watching: bool) -> Run:
        """One request in this way."""
        self.inputs.begin(way.assigned, watching, way.policy)
        answers: list[Any] = []

        async def ask() -> None:
            request = self._request(way.kinds["method"])
            answer = await self.app._handle(request)
            answers.append((answer, _sent(answer)))

        result = self.guard.run(lambda: self.runner.run(ask()), watch_lines=watching)
        for answer, body in answers:
            parts = response.parts(answer)
            if parts is not None:
                response.told(result, self.place, parts[0], parts[1], parts[2] or body)
        if not answers:
            self._raised(result)
        return result

    def text(self, way: Way, changed: dict[str, Any]) -> str:
        """The request with the values that matter."""
        return way.requested(self.found.shown, changed)

    def replay(self, way: Way) -> dict[str, Any]:
        """Not yet."""
        raise replay.Unrepeatable("a request to aiohttp is not written down yet")

    def _raised(self, result: Run) -> None:
        """aiohttp's answers may be raised: redirects above all."""
        answer = aiohttp_requests.RAISED.pop() if aiohttp_requests.RAISED else None
        aiohttp_requests.RAISED.clear()
        parts = (
            response.parts(answer) if answer is not None and result.error.startswith(type(answer).__name__) else None
        )
        if parts is not None:
            response.told(result, self.place, *parts)

    def _request(self, method: str) -> Any:
        from aiohttp import streams, test_utils
        from multidict import CIMultiDict

        kind, data = bodies.body(self.inputs, method)
        headers: Any = CIMultiDict({"Host": "localhost", **_safe(bodies.headers(self.inputs))})
        if kind:
            headers.update({"Content-Type": kind, "Content-Length": str(len(data))})
        asked = self._path() + ("?" + query if (query := bodies.query(self.inputs)) else "")
        protocol = test_utils.mock.Mock(_reading_paused=False)  # type: ignore[attr-defined]
        payload = streams.StreamReader(protocol, 2**16, loop=asyncio.get_running_loop())
        payload.feed_data(data) if data else None
        payload.feed_eof()
        return test_utils.make_mocked_request(method, asked, headers=headers, payload=payload, app=self.app)

    def _path(self) -> str:
        """The path with its parameters; one that holds a slash leads elsewhere unless its pattern lets it through."""
        path = str(self.found.resource.canonical)
        for name in self.names:
            value = self.inputs.text(self.inputs.slot(web.name_of("path", name), "outside"))
            path = path.replace("{" + name + "}", quote(value.encode("utf-8", "replace"), safe="/.~-_"))
        return path

    def _settle(self) -> None:
        """Give parameters whose pattern takes no word a number."""
        pattern: Any = getattr(self.found.resource, "_pattern", None)
        for name in self.names:
            slot = self.inputs.slot(web.name_of("path", name), "outside")
            if pattern.fullmatch(self._path()) is None:
                slot.usual = str(slot.number)

    def _fill(self) -> None:
        """Make the application ready; what its start would have put into it is assumed."""
        inputs = self.inputs

        class State(dict):  # type: ignore[type-arg]
            """Has whatever a handler looks for."""

            def __missing__(self, key: Any) -> Any:
                name = key if isinstance(key, str) else getattr(key, "_name", repr(key))
                return standin(inputs, f"app[{name!r}]", "assumed")

        self.app._state = State(self.app._state)
        if not self.app.frozen:
            self.app.on_startup.clear()
            self.app.freeze()


def _parameters(resource: Any) -> list[str]:
    pattern = getattr(resource, "_pattern", None)
    return list(pattern.groupindex) if pattern is not None else []


def _safe(headers: dict[str, str]) -> dict[str, str]:
    """Headers without what the parser turns away."""
    return {name: value.replace("\r", "").replace("\n", "").replace("\0", "") for name, value in headers.items()}


def _sent(answer: Any) -> bytes:
    """The body of an answer whose payload is a stream of its own."""
    body = getattr(answer, "_body", None)
    value = getattr(body, "_value", b"")
    return value if isinstance(value, bytes) else b""
