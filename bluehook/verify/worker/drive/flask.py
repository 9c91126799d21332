"""Driving Flask handlers through the test client: routes, blueprints, method views, factories, ``def init(app)``.

While watching, the request's mappings hand out a value for every key that the handler asks for; attacks are real
requests that carry all the keys learned.
"""

from __future__ import annotations

import ast
import inspect
import io
import sys
from typing import Any

from ..inputs import bodies, web
from ..inputs.slots import Inputs
from ..observe.record import RECORDER
from . import apps, flask_apps, flask_sessions, replay, response
from .load import Restoring, Target
from .run import FIRST_SECONDS, Guard, Run
from .way import Way

_OWN_HEADERS = frozenset({"host", "content-type", "content-length", "cookie", "user-agent-x"})
_BEYOND = "harness-beyond"
_METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")


def driver(target: Target, inputs: Inputs) -> FlaskDriver | None:
    """The driver, when Flask is loaded and one of the project's applications serves the function."""
    flask: Any = apps.installed("flask")
    if flask is None:
        return None
    found = flask_apps.rule_of(flask, target, inputs)
    if found is not None:
        return FlaskDriver(target, inputs, *found)
    readable = target.kind in ("function", "static") and apps.code_of(target) is not None
    if readable and _reads_request(target, flask):
        return _given_a_route(target, inputs, flask)
    return None


def _reads_request(target: Target, flask: Any) -> bool:
    """Whether a function reads ``flask.request`` and can be called without arguments of its own."""
    uses = "request" in target.function.__code__.co_names
    ours = getattr(target.module, "request", None) is flask.request
    required = [p for p in inspect.signature(target.function).parameters.values() if p.default is p.empty]
    return uses and ours and not required


def _given_a_route(target: Target, inputs: Inputs, flask: Any) -> FlaskDriver:
    app = flask_apps.fresh(flask)
    # What nobody decorated may as well be a helper of handlers: the text that it hands back is then no page.
    plain = not getattr(target.node, "decorator_list", [])

    def view() -> Any:
        answer = target.function()
        made.text_only = plain and isinstance(answer, str)
        return answer

    app.add_url_rule("/harness", endpoint="harness", view_func=view, methods=list(_METHODS[:2]))
    rule = next(r for r in app.url_map.iter_rules() if r.endpoint == "harness")
    made = FlaskDriver(target, inputs, app, rule)
    return made


class FlaskDriver(Restoring):
    """Sends requests to one rule of one application."""

    def __init__(self, target: Target, inputs: Inputs, app: Any, rule: Any) -> None:
        self.target, self.inputs, self.app, self.rule = target, inputs, app, rule
        self.text_only = False
        self.guard = Guard(target.file, first=FIRST_SECONDS)
        self.place = response.place_of(target.function, target.node)
        self._beyond: Any = None
        self._prepared(app)

    def _prepared(self, app: Any) -> None:
        app.testing = True
        app.secret_key = app.secret_key or "harness"
        app.config.update(WTF_CSRF_ENABLED=False, LOGIN_DISABLED=True)
        app.request_class = _watching_request(app.request_class, self.inputs)
        flask_sessions.hold(app, self.inputs)
        _blank_templates(app)

    def ways(self) -> list[Way]:
        """One for each method that the rule takes, the handler's own (a method view's) first; after them one for a
        method that the handler asks for although its rule takes no such request.
        """
        methods = [m for m in _METHODS if m in self.rule.methods]
        own = self.target.node.name.upper() if hasattr(self.target.node, "name") else ""
        methods.sort(key=lambda method: method != own)
        if not self.rule._converters or all(type(each).__module__.startswith("werkzeug.")
                                            for each in self.rule._converters.values()):  # fmt: skip
            methods += [method for method in _methods_asked_for(self.target.node) if method not in self.rule.methods]
        return [Way(kinds={"method": method}) for method in methods]

    def run(self, way: Way, watching: bool) -> Run:
        """One request in this way."""
        self.inputs.begin(way.assigned, watching, way.policy)
        values = {argument: self._path(argument) for argument in sorted(self.rule.arguments)}
        answers: list[Any] = []

        beyond = way.kinds["method"] not in self.rule.methods
        app, endpoint = (self._widened(), _BEYOND) if beyond else (self.app, self.rule.endpoint)

        def call() -> Any:
            url = app.url_map.bind("localhost").build(endpoint, values, method=way.kinds["method"])
            answer = app.test_client(use_cookies=False).open(url, method=way.kinds["method"], **self._request(way))
            answers.append((answer.status_code, list(answer.headers), answer.get_data()))

        result = self.guard.run(call, watch_lines=watching)
        for status, headers, body in answers:
            used = any(name == "Vary" and "Cookie" in value for name, value in headers)
            session = str(self.app.config.get("SESSION_COOKIE_NAME", "")) if used else ""
            response.told(result, self.place, status, headers, body, self.text_only, session)
        for event in result.events if beyond else []:
            event.by_standin = True  # it is the harness that let the request in
        return result

    def _widened(self) -> Any:
        """An application of the harness that lets requests to the handler in whose methods its own rule does not take.

        Raises whatever Flask raises for a rule that it cannot repeat.
        """
        if self._beyond is None:
            app = flask_apps.fresh(apps.installed("flask"))
            view = self.app.view_functions[self.rule.endpoint]
            app.add_url_rule(self.rule.rule, endpoint=_BEYOND, view_func=view, methods=list(_METHODS))
            self._prepared(app)
            self._beyond = app
        return self._beyond

    def text(self, way: Way, changed: dict[str, Any]) -> str:
        """The request as a call of the test client, with the values that matter."""
        return way.requested(self.rule.rule, changed)

    def replay(self, way: Way) -> dict[str, Any]:
        """The request as data."""
        from werkzeug.test import EnvironBuilder  # type: ignore[import-not-found, unused-ignore]

        self.inputs.begin(way.assigned, False, way.policy)
        values = {argument: self._path(argument) for argument in sorted(self.rule.arguments)}
        url = self.app.url_map.bind("localhost").build(self.rule.endpoint, values, method=way.kinds["method"])
        asked = self._request(way)
        builder = EnvironBuilder(path=url, method=way.kinds["method"], **asked)
        body = builder.get_environ()["wsgi.input"].read()
        headers = [pair for pair in builder.headers.items() if pair[0].lower() != "content-length"]
        target = url + ("?" + asked["query_string"] if asked["query_string"] else "")
        return replay.request("flask", self.rule.rule, way.kinds["method"], target, headers, body)

    def _path(self, argument: str) -> Any:
        kind = type(self.rule._converters[argument]).__name__
        if "UUID" in kind:
            import uuid

            return uuid.UUID(int=7)
        return 1.5 if "Float" in kind else web.path(self.inputs, argument, number="Integer" in kind)

    def _request(self, way: Way) -> dict[str, Any]:
        """All that is known of the request's parts, as the test client takes it."""
        request: dict[str, Any] = {"query_string": bodies.query(self.inputs), "headers": bodies.headers(self.inputs)}
        kind, data = bodies.body(self.inputs, way.kinds["method"])
        if kind:
            request.update(content_type=kind, data=data)
        return request


def _methods_asked_for(node: ast.AST) -> list[str]:
    """The methods that a handler compares its request's with."""
    found = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Compare) and getattr(part.left, "attr", "") == "method":
            found |= {each.value for each in ast.walk(part) if isinstance(each, ast.Constant)}
    return [method for method in _METHODS if method in found]


def _watching_request(base: Any, inputs: Inputs) -> Any:
    """The application's request class whose parts hand out values while a run is watched."""
    parts = {"args": "query", "form": "form", "values": "query", "cookies": "cookie", "files": "file"}

    def part(name: str) -> Any:
        def getter(self: Any) -> Any:
            real = getattr(base, name).__get__(self, type(self))
            if not inputs.watching or not RECORDER.directly(sys._getframe(1)):
                return real
            bodiless = self.method in ("GET", "HEAD")
            # Where only GET is taken, it can bring a file all the same, if its sender is no browser.
            if bodiless and (name == "form" or (name == "files" and "POST" in getattr(self.url_rule, "methods", ()))):
                return real
            chosen = "form" if name == "values" and self.method == "POST" else parts[name]
            return web.Uploads(inputs, real, _upload) if name == "files" else web.Asked(inputs, chosen, real)

        return property(getter)

    members: dict[str, Any] = {name: part(name) for name in parts}

    def get_json(self: Any, *args: Any, **kwargs: Any) -> Any:
        if inputs.watching and RECORDER.directly(sys._getframe(1)):
            return web.Json(inputs)
        return base.get_json(self, *args, **kwargs)

    def get_data(self: Any, *args: Any, **kwargs: Any) -> Any:
        if inputs.watching and RECORDER.directly(sys._getframe(1)):
            data = bodies.whole(inputs)
            return data if kwargs.get("as_text") else data.encode("utf-8", "replace")
        return base.get_data(self, *args, **kwargs)

    members.update(headers=web.headers(inputs, _OWN_HEADERS), get_json=get_json, get_data=get_data)
    members["json"] = property(lambda self: self.get_json() if not inputs.watching else web.Json(inputs))
    members["data"] = property(get_data)
    return type("WatchedRequest", (base,), members)


def _upload(name: str, content: bytes) -> Any:
    from werkzeug.datastructures import FileStorage  # type: ignore[import-not-found, unused-ignore]

    return FileStorage(io.BytesIO(content), filename=name, name=name)


def _blank_templates(app: Any) -> None:
    """A template that is not in the project is an empty page."""
    import jinja2  # type: ignore[import-not-found, unused-ignore]

    loaders = [app.jinja_env.loader] if app.jinja_env.loader is not None else []
    app.jinja_env.loader = jinja2.ChoiceLoader([*loaders, jinja2.FunctionLoader(lambda name: "")])
