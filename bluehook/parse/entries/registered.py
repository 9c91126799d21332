"""Entry points by a call that registers them: routes of every framework, and what a handler depends on."""

from __future__ import annotations

from bluehook.parse.entries.look import HTTP, Entries, Look
from bluehook.parse.model import Argument, Call, Class, EntryPoint, Framework


def registered(look: Look) -> Entries:
    """Functions that a call names as the handler of a route."""
    for call in look.source.calls:
        entry_and_handler = _registration(look, call)
        if entry_and_handler is None:
            continue
        entry, handler = entry_and_handler
        for function in look.handlers(handler, call.scope):
            methods = entry.methods
            if isinstance(function.parent, Class) and function.name in HTTP:
                methods = (function.name.upper(),)
            yield function, EntryPoint(entry.framework, entry.route, methods)


def _registration(look: Look, call: Call) -> tuple[EntryPoint, Argument] | None:
    last = call.name.rpartition(".")[2]
    if last == "add_url_rule":
        return _with_handler(look, call, "flask", call.argument(2, "view_func"))
    if last in ("path", "re_path", "url") and "django" in (*look.frameworks, call.name.partition(".")[0]):
        return _with_handler(look, call, "django", call.argument(1, "view"))
    if last in ("Route", "WebSocketRoute") and ("starlette" in call.name or "fastapi" in call.name):
        framework: Framework = "fastapi" if call.name.startswith("fastapi") else "starlette"
        return _with_handler(look, call, framework, call.argument(1, "endpoint"))
    if last in ("add_api_route", "add_websocket_route", "add_api_websocket_route"):
        return _with_handler(look, call, look.web(call.name, "fastapi"), call.argument(1, "endpoint", "route"))
    if last == "add_route":
        at = 2 if look.web(call.name, "starlette") == "aiohttp" else 1
        return _with_handler(look, call, look.web(call.name, "starlette"), call.argument(at, "endpoint", "handler"))
    if call.name.startswith("aiohttp.web.") and last in HTTP | {"view", "route"}:
        return _with_handler(look, call, "aiohttp", call.argument(2 if last == "route" else 1, "handler"))
    if last.startswith("add_") and last[4:] in HTTP | {"view"} and "aiohttp" in look.frameworks:
        return _with_handler(look, call, "aiohttp", call.argument(1, "handler"))
    return None


def _with_handler(
    look: Look, call: Call, framework: Framework, handler: Argument | None
) -> tuple[EntryPoint, Argument] | None:
    if handler is None:
        return None
    last = call.name.rpartition(".")[2].removeprefix("add_")
    arguments = call.arguments
    if framework == "aiohttp" and last == "route":
        verb, route = look.literal(call.argument(0)), look.literal(call.argument(1))
        return EntryPoint(framework, route, (verb.upper(),) if verb else ()), handler
    methods = look.methods(arguments)
    if not methods and framework != "django":
        methods = (last.upper(),) if last in HTTP else ("GET",)
    return EntryPoint(framework, look.route(arguments), methods), handler


def depended_on(look: Look) -> Entries:
    """Functions that FastAPI calls for a handler, with parameters of the request."""
    for call in look.source.calls:
        if call.name in ("fastapi.Depends", "fastapi.Security") and (wanted := call.argument(0, "dependency")):
            for function in look.handlers(wanted, None):
                yield function, EntryPoint("fastapi")
