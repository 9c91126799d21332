"""The Starlette and FastAPI applications of a project, and one of the harness for what no application took."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterator
from typing import Any

from ..inputs.incoming import is_incoming
from ..inputs.slots import Inputs
from . import apps
from .load import Target

_METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH"]


@dataclasses.dataclass
class Served:
    """A route that leads to the function under attack: the application, the route, and the path to it."""

    app: Any
    route: Any
    path: str


def served(starlette: Any, target: Target, inputs: Inputs) -> Served | None:
    """The application and the route; ``None`` when the function handles no request."""
    code = apps.code_of(target)
    if code is None:
        return None
    for make in (_made, _from_makers, _from_routers, _from_fitters, _from_shape):
        for app in make(starlette, target, inputs):
            for route, path in _routes(app):
                if code in _codes(route):
                    return Served(app, route, path)
    return None


def _routes(app: Any, prefix: str = "", depth: int = 4) -> Iterator[tuple[Any, str]]:
    """All routes with an endpoint of an application or router, with their whole path."""
    for route in list(getattr(app, "routes", None) or []):
        if getattr(route, "endpoint", None) is not None:
            yield route, prefix + str(getattr(route, "path_format", "") or getattr(route, "path", ""))
        elif depth:
            inner = route if getattr(route, "routes", None) else getattr(route, "app", None)
            yield from _routes(inner, prefix + str(getattr(route, "path", "") or ""), depth - 1)


def _codes(route: Any) -> set[Any]:
    """The code of a route's endpoint and of all that it depends on."""
    found = apps.codes(route.endpoint)
    waiting = [getattr(route, "dependant", None)]
    while waiting and len(found) < 200:
        dependant = waiting.pop()
        if dependant is not None:
            found |= apps.codes(dependant.call)
            waiting += dependant.dependencies
    return found


def _made(starlette: Any, target: Target, inputs: Inputs) -> list[Any]:
    """Applications that modules hold."""
    if target.kind == "factory":
        return _of(starlette, apps.called(target.function, inputs, lambda: fresh(starlette)))
    kind = starlette.applications.Starlette
    return [app for module in (target.module, *apps.others(target.module)) for app in apps.objects(module, kind)]


def _from_makers(starlette: Any, target: Target, inputs: Inputs) -> list[Any]:
    found = []
    for module in (target.module, *apps.others(target.module)):
        for function in apps.own(module, apps.MAKERS):
            found += _of(starlette, apps.called(function, inputs, lambda: fresh(starlette)))
    return found


def _from_routers(starlette: Any, target: Target, inputs: Inputs) -> list[Any]:
    """A bare application with the module's routers and lists of routes."""
    fastapi = apps.installed("fastapi")
    app = fresh(starlette)
    if fastapi is not None:
        for router in apps.objects(target.module, fastapi.APIRouter):
            app.include_router(router)
    routing = starlette.routing
    for router in apps.objects(target.module, routing.Router):
        app.router.routes += [one for one in router.routes if one not in app.router.routes]
    for value in list(vars(target.module).values()):
        if type(value) is list:
            app.router.routes += [one for one in value if issubclass(type(one), routing.BaseRoute)]
    return [app]


def _from_fitters(starlette: Any, target: Target, inputs: Inputs) -> list[Any]:
    """Bare applications that functions of the module were given to add their routes to."""
    found = []
    for function in apps.own(target.module, apps.FITTERS):
        given: list[Any] = []

        def bare(given: list[Any] = given) -> Any:
            given.append(fresh(starlette))
            return given[-1]

        result = apps.called(function, inputs, bare)
        found += given + _of(starlette, result)
    return found


def _from_shape(starlette: Any, target: Target, inputs: Inputs) -> list[Any]:
    """A bare application with the function on a route of its own, when its shape says that it is an endpoint."""
    from starlette.endpoints import HTTPEndpoint  # type: ignore[import-not-found, unused-ignore]

    app = fresh(starlette)
    if target.owner is not None and issubclass(target.owner, HTTPEndpoint):
        app.router.routes.append(starlette.routing.Route("/harness", target.owner))
    elif target.kind in ("function", "static", "method") and _takes_a_request(target):
        app.router.routes.append(starlette.routing.Route("/harness", apps.bound(target, inputs), methods=_METHODS))
    return [app]


def _takes_a_request(target: Target) -> bool:
    """Whether the only parameter is a request of Starlette's, or one that nothing says another thing of."""
    parameters = list(inspect.signature(target.function).parameters.values())[target.kind == "method" :]
    if len(parameters) != 1 or parameters[0].kind is not parameters[0].POSITIONAL_OR_KEYWORD:
        return False
    hint, name = parameters[0].annotation, parameters[0].name
    typed = getattr(hint, "__name__", str(hint)).rpartition(".")[2] == "Request"
    bare = hint is parameters[0].empty and name == "request" and target.entry.get("framework") == "starlette"
    return (typed or bare) and is_incoming(target.node, name, target.tree)


def fresh(starlette: Any) -> Any:
    """An application of the harness: FastAPI's where that is loaded, since its routers fit no other."""
    fastapi = apps.installed("fastapi")
    return fastapi.FastAPI() if fastapi is not None else starlette.applications.Starlette()


def _of(starlette: Any, made: Any) -> list[Any]:
    """What a factory gave, when it is an application or router."""
    if issubclass(type(made), starlette.applications.Starlette):
        return [made]
    if issubclass(type(made), starlette.routing.Router):
        app = fresh(starlette)
        app.router.routes += made.routes
        return [app]
    return []
