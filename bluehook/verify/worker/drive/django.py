"""Driving Django views, function and class based, with real requests: as their route calls them where there is one.

The middleware of the project does not run, but where it is attacked itself; a user who may do everything is logged in,
so that what a view does is reached. Views of Django REST framework are called in the same way.
"""

from __future__ import annotations

import inspect
import io
import itertools
import re
from typing import Any
from urllib.parse import quote

from ..inputs import bodies, build, web
from ..inputs.incoming import is_incoming
from ..inputs.rewatch import rewatched
from ..inputs.slots import Inputs
from ..observe.record import Event
from . import apps, django_forms, django_middleware, django_requests, django_rows, replay, response
from .django_urls import Route, routes_to
from .load import Restoring, Target
from .loops import Runner
from .run import FIRST_SECONDS, Guard, Run
from .way import Way

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_REQUESTS = {"request", "req", "_request", "http_request"}
_MOST_PARTS = 20


def driver(target: Target, inputs: Inputs) -> DjangoDriver | None:
    """The driver, when Django is set up and the function is a view, or a method of a class of views."""
    django_apps: Any = apps.installed("django.apps")
    if django_apps is None or not django_apps.apps.ready:
        return None
    django_rows.install(inputs)
    between = django_middleware.called(target, inputs)
    route = Route(between) if between is not None else next(routes_to(target), None) or _unrouted(target)
    return DjangoDriver(target, inputs, route) if route is not None else None


def _unrouted(target: Target) -> Route | None:
    """The view that the function is by its shape."""
    from django.views import View  # type: ignore[import-untyped, unused-ignore]

    name = getattr(target.node, "name", "")
    owner: Any = target.owner
    if owner is not None:
        if not issubclass(owner, View) or target.kind != "method":
            return None
        if hasattr(owner, "extra_actions") or hasattr(owner, "get_extra_actions"):
            return Route(owner.as_view({"get": name, "post": name}))
        return Route(owner.as_view())
    if target.kind != "function":
        return None
    parameters = list(inspect.signature(target.function).parameters.values())
    if not parameters or (parameters[0].name not in _REQUESTS and target.entry.get("framework") != "django"):
        return None
    if not is_incoming(target.node, parameters[0].name, target.tree):
        return None
    decorated = vars(target.module).get(name)
    return Route(decorated if callable(decorated) else target.function)


class DjangoDriver(Restoring):
    """Calls one view with requests."""

    def __init__(self, target: Target, inputs: Inputs, route: Route) -> None:
        self.target, self.inputs, self.route = target, inputs, route
        self.guard = Guard(target.file, first=FIRST_SECONDS)
        self.place = response.place_of(target.function, target.node)
        self.runner = Runner()
        self.request_class = django_requests.request_class(inputs)
        django_forms.watch(inputs)
        _watch_rest(inputs)
        self.user = _user()
        if route.patterns:
            route.settle(inputs)
        else:
            _learn_kwargs(inputs)

    def ways(self) -> list[Way]:
        """One for each method that the view may take; only the own one of a method that is named after it."""
        own = getattr(self.target.node, "name", "").upper()
        cls = getattr(self.route.callback, "view_class", None) or getattr(self.route.callback, "cls", None)
        if own in _METHODS and self.target.owner is not None:
            return [Way(kinds={"method": own})]
        if cls is not None:
            taken = [method for method in _METHODS if hasattr(cls, method.lower())]
            actions = getattr(self.route.callback, "actions", None)
            return [Way(kinds={"method": method}) for method in ([a.upper() for a in actions] if actions else taken)]
        return [Way(kinds={"method": method}) for method in _METHODS[:2]]

    def run(self, way: Way, watching: bool) -> Run:
        """One request in this way."""
        self.inputs.begin(way.assigned, watching, way.policy)
        path, call_with = self._called_with()
        if call_with is None:
            line = getattr(self.target.node, "lineno", 0)
            return Run([], error="Http404: the route does not lead here with these values", error_line=line)
        args, named = call_with
        answers: list[Any] = []

        def call() -> None:
            request = self._request(way.kinds["method"], path)
            given = {name: rewatched(self.inputs, value) for name, value in named.items()}
            answer = self.route.callback(request, *(rewatched(self.inputs, value) for value in args), **given)
            if inspect.iscoroutine(answer):
                answer = self.runner.run(answer)
            if hasattr(answer, "render") and not getattr(answer, "is_rendered", True):
                answer = answer.render()
            answers.append((answer, _streamed(answer)))

        result = self.guard.run(call, watch_lines=watching)
        signed = any(name.startswith("header ") for name in self.inputs.used)
        if getattr(self.route.callback, "csrf_exempt", False) and way.kinds["method"] == "POST" and not signed:
            result.events.append(Event("unprotected", "POST request", self.place, {}, False))
        for answer, streamed in answers:
            parts = response.parts(answer)
            if parts is not None:
                response.told(result, self.place, parts[0], parts[1], streamed or parts[2])
        return result

    def text(self, way: Way, changed: dict[str, Any]) -> str:
        """The request with the values that matter."""
        where = self.route.path({name: f"<{name}>" for name in self.route.names()}) if self.route.patterns else (
            getattr(self.target.node, "name", "view"))  # fmt: skip
        return way.requested(where, changed)

    def replay(self, way: Way) -> dict[str, Any]:
        """The request as data, with what the route hands to the view beside it."""
        self.inputs.begin(way.assigned, False, way.policy)
        path, call_with = self._called_with()
        if call_with is None:
            raise replay.Unrepeatable("the route does not lead to the view with these values")
        kind, data = bodies.body(self.inputs, way.kinds["method"])
        headers = [*bodies.headers(self.inputs).items(), *([("Content-Type", kind)] if kind else [])]
        asked = bodies.query(self.inputs)
        target = quote(path, safe="/:@!$&'()*+,;=~") + ("?" + asked if asked else "")
        view = self.target.owner.__qualname__ if self.target.owner is not None else self.target.function.__qualname__
        made = replay.request("django", view, way.kinds["method"], target, headers, data)
        args, named = call_with
        made["arguments"] = [replay.source(value) for value in args]
        made["named"] = {name: replay.source(value) for name, value in named.items()}
        return made

    def _called_with(self) -> tuple[str, Any]:
        """The address, and the arguments beside the request; ``None`` where the address leads elsewhere."""
        if not self.route.patterns:
            end = self.inputs.text(self.inputs.slot("path of the request", "outside"))
            return "/harness/" + end, ((), self._by_signature())
        values = {}
        for name in self.route.names():
            values[name] = self.inputs.text(self.inputs.slot(web.name_of("path", name), "outside"))
        path = self.route.path(values)
        return path, self.route.match(path)

    def _by_signature(self) -> dict[str, Any]:
        """Arguments of a view that nobody gave a route: what its route lets through is not known."""
        if self.target.outer is not None:
            return {}
        parameters = list(inspect.signature(self.target.function).parameters.values())
        skipped = 2 if self.target.owner is not None else 1
        named = {}
        for parameter in parameters[skipped:]:
            if parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
                named[parameter.name] = _path_value(self.inputs, parameter.name)
        return named if self._is_handler() else {}

    def _is_handler(self) -> bool:
        name = getattr(self.target.node, "name", "")
        return self.target.owner is None or name.upper() in _METHODS or name in ("dispatch", "list", "retrieve")

    def _request(self, method: str, path: str) -> Any:
        kind, data = bodies.body(self.inputs, method)
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "SCRIPT_NAME": "", "QUERY_STRING": bodies.query(self.inputs),
            "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(data), "CONTENT_LENGTH": str(len(data)),
            "CONTENT_TYPE": kind or "text/html", "wsgi.errors": io.StringIO(), "wsgi.version": (1, 0),
        }  # fmt: skip
        for name, value in bodies.headers(self.inputs).items():
            environ["HTTP_" + name.upper().replace("-", "_")] = value
        environ["PATH_INFO"] = path.encode("utf-8", "replace").decode("latin-1")
        request = self.request_class(environ)
        request._dont_enforce_csrf_checks = True
        request.user = request._cached_user = request._force_auth_user = self.user
        request.session = self._session()
        _add_messages(request)
        return request

    def _session(self) -> Any:
        from django.contrib.sessions.backends.cache import SessionStore  # type: ignore[import-untyped, unused-ignore]

        session = SessionStore()
        held = build.Keys(self.inputs, "session", "sanitised") if self.inputs.policy.exists else {}
        session._session_cache = held
        return session


def _path_value(inputs: Inputs, name: str) -> Any:
    slot = inputs.slot(web.name_of("path", name), "parameter")
    if re.search(r"(^|_)(pk|id|year|month|day|page|number)$", name):
        slot.usual = slot.usual or str(slot.number)
    return build.text(inputs, slot.name, "parameter")


class _Kwargs(dict):  # type: ignore[type-arg]
    """The parameters of a class-based view without a known route: it has those that are asked for."""

    def __init__(self, inputs: Inputs, given: dict[str, Any]) -> None:
        super().__init__(given)
        self._inputs = inputs

    def __missing__(self, key: str) -> Any:
        return _path_value(self._inputs, key)

    def get(self, key: str, default: Any = None) -> Any:
        """As of ``dict``; a parameter that is asked for is there, unless nothing exists in this run."""
        return self[key] if self._inputs.policy.exists or key in self else default


def _learn_kwargs(inputs: Inputs) -> None:
    from django.views import View  # type: ignore[import-untyped, unused-ignore]

    original = View.setup

    def setup(self: Any, request: Any, *args: Any, **kwargs: Any) -> None:
        original(self, request, *args, **kwargs)
        self.kwargs = _Kwargs(inputs, self.kwargs)

    View.setup = setup


def _streamed(answer: Any) -> bytes:
    """The beginning of an answer that comes in parts."""
    parts = getattr(answer, "streaming_content", None) if getattr(answer, "streaming", False) else None
    if parts is None or not hasattr(parts, "__iter__"):
        return b""
    return b"".join(part for part in itertools.islice(parts, _MOST_PARTS) if isinstance(part, bytes))


def _user() -> Any:
    """Somebody who may do everything."""
    try:
        from django.contrib.auth import get_user_model  # type: ignore[import-untyped, unused-ignore]

        user = get_user_model()(pk=7)
        for name in ("is_active", "is_staff", "is_superuser"):
            if hasattr(user, name):
                setattr(user, name, True)
        setattr(user, get_user_model().USERNAME_FIELD, "harness")
        user.save()
    except Exception:
        return _Anybody()
    return user


class _Anybody:
    """The user of a project without the usual table of users."""

    pk = id = 7
    username = "harness"
    is_authenticated = is_active = is_staff = is_superuser = True
    is_anonymous = False

    def has_perm(self, *args: object) -> bool:
        """Everything is allowed."""
        return True

    has_perms = has_module_perms = has_perm


def _add_messages(request: Any) -> None:
    try:
        from django.contrib.messages.storage.cookie import CookieStorage  # type: ignore[import-untyped, unused-ignore]

        request._messages = CookieStorage(request)
    except Exception:
        return


def _watch_rest(inputs: Inputs) -> None:
    """Let requests of Django REST framework have the keys that they are asked for."""
    rest: Any = apps.installed("rest_framework.request")
    if rest is None:
        return
    original = rest.Request.data

    def data(self: Any) -> Any:
        if inputs.watching and self._request.method not in ("GET", "HEAD"):
            return web.Json(inputs)
        return original.fget(self)

    rest.Request.data = property(data)
