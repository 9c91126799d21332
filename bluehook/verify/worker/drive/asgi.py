"""Driving FastAPI and Starlette handlers through the ASGI protocol: every request is a real one.

What FastAPI declares (parameters, models, dependencies) is read from its routes; what a handler takes from its
``Request`` is learned by watching.
"""

from __future__ import annotations

import functools
import inspect
import json
from typing import Any
from urllib.parse import quote

from ..inputs import bodies, documents, web
from ..inputs.rewatch import rewatched
from ..inputs.slots import Inputs, Policy
from ..inputs.standin import standin
from ..observe.record import RECORDER
from . import apps, asgi_client, asgi_requests, replay, response
from .asgi_apps import Served, served
from .load import Restoring, Target
from .loops import Runner
from .run import FIRST_SECONDS, Guard, Run
from .way import Way

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_START_SECONDS = 1.0
PRELOAD = {
    "fastapi": ("fastapi.applications", "fastapi.routing", "fastapi.security", "fastapi.responses"),
    "starlette": ("starlette.applications", "starlette.endpoints", "starlette.responses", "starlette.requests"),
}
_PARTS = {"query_params": "query", "header_params": "header", "cookie_params": "cookie"}


def driver(target: Target, inputs: Inputs) -> AsgiDriver | None:
    """The driver, when Starlette is loaded and a route of the project leads to the function."""
    starlette = apps.installed("starlette")
    if starlette is None or apps.installed("starlette.routing") is None:
        return None
    import starlette.applications  # type: ignore[import-not-found, unused-ignore]

    found = served(starlette, target, inputs)
    return AsgiDriver(target, inputs, found) if found is not None else None


class AsgiDriver(Restoring):
    """Sends requests to one route of one application."""

    def __init__(self, target: Target, inputs: Inputs, found: Served) -> None:
        self.target, self.inputs, self.found = target, inputs, found
        self.guard = Guard(target.file, first=FIRST_SECONDS)
        self.place = response.place_of(target.function, target.node)
        self.runner = Runner()
        self.dependants = _flat(getattr(found.route, "dependant", None))
        self.socket = not getattr(found.route, "methods", None) and "WebSocket" in type(found.route).__name__
        asgi_requests.watch(inputs)
        self._rewatch_arguments()
        self._let_users_in()
        self.state = self._started()

    def ways(self) -> list[Way]:
        """One for each method of the route, or the handler's own; then the first again without what is optional."""
        if self.socket:
            return [Way(kinds={"method": "WEBSOCKET"})]
        taken = set(getattr(self.found.route, "methods", None) or ()) or _own_methods(self.found.route)
        own = getattr(self.target.node, "name", "").upper()
        methods = [own] if own in taken else [method for method in _METHODS if method in taken]
        ways = [Way(kinds={"method": method}) for method in methods]
        return ways + [Way(kinds={"method": method}, policy=Policy(exists=False)) for method in methods[:1]]

    def run(self, way: Way, watching: bool) -> Run:
        """One request in this way."""
        self.inputs.begin(way.assigned, watching, way.policy)
        asked = self._request(way)
        answer = asgi_client.Answer()
        said: list[str] = []

        def call() -> Any:
            if self.socket:
                texts = [self._message()] * 2
                talk = asgi_client.talk(self.found.app, asked.path, asked.query, asked.headers, texts)
                said.extend(self.runner.run(talk))
                return
            self.runner.run(asgi_client.ask(self.found.app, asked, self.state, answer))

        result = self.guard.run(call, watch_lines=watching)
        if answer.status and not result.error:
            response.told(result, self.place, answer.status, answer.headers, answer.body)
        return result

    def text(self, way: Way, changed: dict[str, Any]) -> str:
        """The request with the values that matter."""
        return way.requested(self.found.path, changed)

    def replay(self, way: Way) -> dict[str, Any]:
        """The request as data."""
        if self.socket:
            raise replay.Unrepeatable("a WebSocket is not written down yet")
        self.inputs.begin(way.assigned, False, way.policy)
        asked = self._request(way)
        target = quote(asked.path, safe="/:@!$&'()*+,;=~") + ("?" + asked.query if asked.query else "")
        headers = [pair for pair in asked.headers if pair[0].lower() not in ("content-length", "host")]
        return replay.request("asgi", self.found.path, asked.method, target, headers, asked.body)

    def _message(self) -> str:
        """What is sent through a WebSocket."""
        return self.inputs.text(self.inputs.slot("message", "outside"))

    def _request(self, way: Way) -> asgi_client.Asked:
        self._declared()
        method = way.kinds["method"]
        document = self._document() if method not in ("GET", "HEAD") else None
        kind, data = bodies.body(self.inputs, method)
        if document is not None:
            kind, data = "application/json", json.dumps(document, default=str).encode("utf-8")
        headers = [("host", "localhost"), *bodies.headers(self.inputs).items()]
        if not any(name.lower() == "authorization" for name, _ in headers):
            headers.append(("authorization", "Bearer harness"))
        if kind:
            headers += [("content-type", kind), ("content-length", str(len(data)))]
        return asgi_client.Asked(method, self._path(), bodies.query(self.inputs), headers, data)

    def _path(self) -> str:
        """The path with a value for every parameter; one that holds a slash leads elsewhere, as it would."""
        converters = getattr(self.found.route, "param_convertors", {})
        types = {field.alias: _hint(field) for one in self.dependants for field in one.path_params}
        path = self.found.path.replace(":path}", "}")
        for name in dict.fromkeys([*converters, *types]):
            converter = type(converters.get(name)).__name__
            slot = self.inputs.slot(web.name_of("path", name), "outside")
            if name in types:
                documents.usual(slot, types[name])
            if "Integer" in converter or "Float" in converter:
                slot.usual, slot.trust = str(slot.number), "sanitised"
            elif "UUID" in converter:
                slot.usual, slot.trust = "00000000-0000-4000-8000-000000000007", "sanitised"
            path = path.replace("{" + name + "}", self.inputs.text(slot))
        return path

    def _declared(self) -> None:
        """Make slots of the parameters that the route declares; those that are optional only where they exist."""
        for dependant in self.dependants:
            for group, part in _PARTS.items():
                for field in getattr(dependant, group):
                    self._slot(part, field)
            for field in dependant.body_params:
                kind = type(field.field_info).__name__
                if kind == "File" or "UploadFile" in str(_hint(field)):
                    self._slot("file", field)
                elif kind == "Form":
                    self._form(field)

    def _form(self, field: Any) -> None:
        """The fields of a form, each a parameter of its own or together a model."""
        fields = documents.fields_of(_hint(field))
        for name, hint in (fields or {field.alias: _hint(field)}).items():
            slot = self.inputs.slot(web.name_of("form", name), "outside", kind=f"key:{name}")
            documents.usual(slot, hint)

    def _slot(self, part: str, field: Any) -> None:
        hint = _hint(field)
        for name, inner in (documents.fields_of(hint) or {field.alias: hint}).items() if part != "file" else (
            [(field.alias, hint)]
        ):  # fmt: skip
            slot = self.inputs.slot(web.name_of(part, name), "outside", kind=f"key:{name}")
            documents.usual(slot, inner, getattr(field.field_info, "metadata", ()))

    def _document(self) -> Any:
        """The JSON body that the route declares; ``None`` when it declares none."""
        fields = [field for dependant in self.dependants for field in dependant.body_params
                  if type(field.field_info).__name__ not in ("Form", "File")
                  and "UploadFile" not in str(_hint(field))]  # fmt: skip
        if not fields:
            return None
        alone = fields[0] if len(fields) == 1 and not getattr(fields[0].field_info, "embed", None) else None
        if alone is not None:
            return documents.document(self.inputs, _hint(alone), "" if documents.fields_of(_hint(alone)) else "body")
        return {field.alias: documents.document(self.inputs, _hint(field), field.alias) for field in fields}

    def _let_users_in(self) -> None:
        """Stand in for the user where a dependency asks who it is: what lies behind is what is looked at.

        Not where the function under attack is itself asked on the way.
        """
        code = apps.code_of(self.target)
        overrides = getattr(self.found.app, "dependency_overrides", None)
        if overrides is None:
            return
        waiting = list(getattr(getattr(self.found.route, "dependant", None), "dependencies", []))
        while waiting:
            one = waiting.pop()
            below = _flat(one)
            guards = any("fastapi.security" in str(type(each.call).__module__) for each in below)
            if not guards or any(code in apps.codes(each.call) for each in below):
                waiting += one.dependencies
            else:
                overrides[one.call] = lambda: standin(self.inputs, "user", "assumed")

    def _rewatch_arguments(self) -> None:
        """Hand FastAPI's endpoints and what they depend on values that note comparisons while a run is watched."""
        routing: Any = apps.installed("fastapi.routing")
        if routing is None or not self.dependants:
            return
        original, inputs = routing.run_endpoint_function, self.inputs

        async def run_endpoint(*, dependant: Any, values: Any, **more: Any) -> Any:
            return await original(dependant=dependant, values=_rewatched(inputs, values), **more)

        routing.run_endpoint_function = run_endpoint
        overrides = getattr(self.found.app, "dependency_overrides", {})
        for dependant in self.dependants[1:]:
            call = dependant.call
            code = getattr(call, "__code__", None)
            if code is not None and call not in overrides and RECORDER.is_project(code.co_filename):
                overrides[call] = _rewatching(call, inputs)

    def _started(self) -> dict[str, Any]:
        try:
            with apps.limited(_START_SECONDS * 1.5):
                return dict(self.runner.run(asgi_client.start(self.found.app, _START_SECONDS)))
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            return {}


def _flat(dependant: Any) -> list[Any]:
    """A dependant with all that it depends on."""
    if dependant is None:
        return []
    return [dependant] + [one for inner in dependant.dependencies for one in _flat(inner)]


def _hint(field: Any) -> Any:
    """The annotation of a FastAPI field."""
    info = getattr(field, "field_info", None)
    return getattr(info, "annotation", None) or getattr(field, "type_", str)


def _own_methods(route: Any) -> set[str]:
    """The methods of a class endpoint; all for one that takes whatever comes."""
    endpoint = route.endpoint
    own = {method for method in _METHODS if hasattr(endpoint, method.lower())} if isinstance(endpoint, type) else set()
    return own or set(_METHODS[:2])


def _rewatched(inputs: Inputs, values: dict[str, Any]) -> dict[str, Any]:
    return {name: rewatched(inputs, value) for name, value in values.items()}


def _rewatching(call: Any, inputs: Inputs) -> Any:
    """A dependency that is given its texts as slots while watching; of the same sort (plain or async) as before."""
    if inspect.isgeneratorfunction(call) or inspect.isasyncgenfunction(call):
        return call
    if inspect.iscoroutinefunction(call):

        @functools.wraps(call)
        async def later(**given: Any) -> Any:
            return await call(**_rewatched(inputs, given))

        return later

    @functools.wraps(call)
    def now(**given: Any) -> Any:
        return call(**_rewatched(inputs, given))

    return now
