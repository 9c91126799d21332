"""Entry points: the functions that the world outside calls, by the conventions of each framework.

A decorator (``@app.route``), a registration (``path("x/", view)``, ``add_url_rule``, ``Route``, ``web.get``), a base
class (``MethodView``, ``View``, ``HTTPEndpoint``) or a shape (a Django view takes ``request``) makes one. It does not
matter where it happens, so routes registered in a factory count. Methods of unknown objects (``def init(app):``) are
read by what the file imports.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from bluehook.parse.calls import arguments as arguments_of
from bluehook.parse.calls import literal_string
from bluehook.parse.definitions import Definitions
from bluehook.parse.model import Argument, Call, Class, Definition, EntryPoint, Framework, Function
from bluehook.parse.names import Names
from bluehook.parse.syntax import field

WORTH_A_LOOK = re.compile(
    rb"route|\.(?:get|post|put|patch|delete|head|options|websocket|command|group|task)\b|as_view|View|Endpoint|Resource"
    rb"|request|\bpath\(|url|Route|add_|shared_task|click|typer|parse_args|__main__|app\.|Schedule|Depends|sys\.argv"
    rb"|set_defaults|actor|@job|\bTask\b"
)
"""What a file with an entry point has somewhere."""

_HTTP = {"get", "post", "put", "patch", "delete", "head", "options", "trace"}
_SHORTCUTS = _HTTP | {"websocket", "api_route", "websocket_route"}
_VIEW_METHODS = _HTTP | {"dispatch", "dispatch_request", "form_valid", "on_connect", "on_receive"} | {
    "list", "create", "retrieve", "update", "partial_update", "destroy", "perform_create", "perform_update",
    "perform_destroy", "form_invalid", "get_queryset", "get_object", "get_context_data", "get_success_url",
    "get_redirect_url", "render_to_response",
}  # fmt: skip
_MODULES: tuple[tuple[str, Framework], ...] = (
    ("flask", "flask"),
    ("quart", "flask"),
    ("fastapi", "fastapi"),
    ("starlette", "starlette"),
    ("aiohttp", "aiohttp"),
    ("django", "django"),
    ("rest_framework", "django"),
    ("celery", "celery"),
    ("dramatiq", "celery"),
    ("huey", "celery"),
    ("rq", "celery"),
    ("django_rq", "celery"),
    ("click", "click"),
    ("typer", "click"),
)
_TASKS = {"task", "actor", "job", "db_task", "periodic_task"}
_MOST_WRAPPERS = 4
_CLASS_BASES = re.compile(r"(?:View|ViewSet|Endpoint|Resource|APIView|ViewSetMixin)$")
_REQUESTS = {"request", "req", "_request"}
_DJANGO_RESPONSE = re.compile(
    rb"\b(?:HttpResponse\w*|JsonResponse|render|redirect|StreamingHttpResponse|FileResponse|get_object_or_404"
    rb"|request\.(?:GET|POST|FILES|META|COOKIES|user|session))\b"
)

_ASYNC_REQUEST = re.compile(
    rb"\brequest\.(?:app|match_info|query|rel_url|post|json|text|read|form|body|query_params|path_params|cookies|headers"
    rb"|state|session)\b"
)


class Source(NamedTuple):
    """What entry points are read from; all of one file."""

    root: Node
    utf8: bytes
    names: Names
    definitions: Definitions
    calls: tuple[Call, ...]
    classes: tuple[Class, ...]


def entry_points(source: Source) -> dict[int, EntryPoint]:
    """The entry points of a file by ``id`` of their :class:`Function`; the first rule that applies to one wins."""
    finder = _Finder(source)
    found: dict[int, EntryPoint] = {}
    for function, entry in finder.all():
        found.setdefault(id(function), entry)
    return found


class _Finder:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.functions = [item for item in source.definitions.all if isinstance(item, Function)]
        self.by_start = {item.node.start_byte: item for item in self.functions}
        modules = {name.partition(".")[0] for name in source.names.imports().values()}
        modules.update(name.partition(".")[0] for name in source.names.wildcards)
        self.frameworks = [framework for module, framework in _MODULES if module in modules]

    def all(self) -> Iterator[tuple[Function, EntryPoint]]:
        """Every entry point found, the most certain kinds first."""
        yield from self._decorated()
        yield from self._registered()
        yield from self._methods_of_views()
        yield from self._django_views()
        yield from self._async_handlers()
        yield from self._methods_of_tasks()
        yield from self._depended_on()
        yield from self._parses_arguments()
        yield from self._called_by_main()

    def _decorated(self) -> Iterator[tuple[Function, EntryPoint]]:
        for function in self.functions:
            if function.outer is function.node:
                continue
            for decorator, resolved in zip(decorator_nodes(function), function.decorators, strict=True):
                entry = self._by_decorator(decorator, resolved)
                if entry is not None:
                    yield function, entry
                    break

    def _by_decorator(self, decorator: Node, resolved: str) -> EntryPoint | None:
        last = resolved.rpartition(".")[2]
        called = decorator if decorator.type == "call" else None
        arguments = self._arguments(called)
        if last == "shared_task" or (last in _TASKS and self._speaks("celery", resolved)):
            return EntryPoint("celery", self._option(arguments, "name"))
        if last in ("command", "group", "callback") and self._speaks("click", resolved):
            return EntryPoint("click", self._route(arguments))
        if last == "api_view" and called is not None:
            return EntryPoint("django", None, self._methods(arguments, at=0) or ("GET",))
        if called is None or not arguments:
            return None
        if last in ("route", "expose"):
            framework = self._web(resolved, "flask")
            methods = self._methods(arguments) or ("GET",)
            return EntryPoint(framework, self._route(arguments), methods)
        if last in _SHORTCUTS and self._route(arguments) is not None and self._is_router(resolved):
            methods = (last.upper(),) if last in _HTTP else self._methods(arguments) or ("GET",)
            return EntryPoint(self._web(resolved, "fastapi"), self._route(arguments), methods)
        return None

    def _speaks(self, framework: Framework, resolved: str) -> bool:
        """Whether a decorator of an ambiguous name belongs to the framework, by its maker or the file's imports."""
        maker = resolved.partition(".")[0]
        for module, owner in _MODULES:
            if maker == module:
                return owner == framework
        if framework in self.frameworks:
            return True
        return resolved.startswith(".") and framework == "celery" and not self.frameworks

    def _is_router(self, resolved: str) -> bool:
        return resolved.startswith(".") or any(resolved.startswith(module) for module, _ in _MODULES)

    def _web(self, resolved: str, otherwise: Framework) -> Framework:
        head = resolved.partition(".")[0]
        for module, framework in _MODULES:
            if head == module:
                return framework
        web = [f for f in self.frameworks if f in ("flask", "fastapi", "starlette", "aiohttp")]
        return web[0] if web else otherwise

    def _registered(self) -> Iterator[tuple[Function, EntryPoint]]:
        for call in self.source.calls:
            entry_and_handler = self._registration(call)
            if entry_and_handler is None:
                continue
            entry, handler = entry_and_handler
            for function in self._handlers(handler, call.scope):
                methods = entry.methods
                if isinstance(function.parent, Class) and function.name in _HTTP:
                    methods = (function.name.upper(),)
                yield function, EntryPoint(entry.framework, entry.route, methods)

    def _registration(self, call: Call) -> tuple[EntryPoint, Argument] | None:
        last = call.name.rpartition(".")[2]
        if last == "add_url_rule":
            return self._with_handler(call, "flask", call.argument(2, "view_func"))
        if last in ("path", "re_path", "url") and "django" in (*self.frameworks, call.name.partition(".")[0]):
            return self._with_handler(call, "django", call.argument(1, "view"))
        if last in ("Route", "WebSocketRoute") and ("starlette" in call.name or "fastapi" in call.name):
            framework: Framework = "fastapi" if call.name.startswith("fastapi") else "starlette"
            return self._with_handler(call, framework, call.argument(1, "endpoint"))
        if last in ("add_api_route", "add_websocket_route", "add_api_websocket_route"):
            return self._with_handler(call, self._web(call.name, "fastapi"), call.argument(1, "endpoint", "route"))
        if last == "add_route":
            at = 2 if self._web(call.name, "starlette") == "aiohttp" else 1
            return self._with_handler(call, self._web(call.name, "starlette"), call.argument(at, "endpoint", "handler"))
        if call.name.startswith("aiohttp.web.") and last in _HTTP | {"view", "route"}:
            return self._with_handler(call, "aiohttp", call.argument(2 if last == "route" else 1, "handler"))
        if last.startswith("add_") and last[4:] in _HTTP | {"view"} and "aiohttp" in self.frameworks:
            return self._with_handler(call, "aiohttp", call.argument(1, "handler"))
        return None

    def _with_handler(
        self, call: Call, framework: Framework, handler: Argument | None
    ) -> tuple[EntryPoint, Argument] | None:
        if handler is None:
            return None
        last = call.name.rpartition(".")[2].removeprefix("add_")
        arguments = call.arguments
        if framework == "aiohttp" and last == "route":
            verb, route = self._literal(call.argument(0)), self._literal(call.argument(1))
            return EntryPoint(framework, route, (verb.upper(),) if verb else ()), handler
        methods = self._methods(arguments)
        if not methods and framework != "django":
            methods = (last.upper(),) if last in _HTTP else ("GET",)
        return EntryPoint(framework, self._route(arguments), methods), handler

    def _handlers(
        self, argument: Argument, scope: Definition | None, wrappers: int = _MOST_WRAPPERS
    ) -> Iterator[Function]:
        """The functions of this file that a handler argument names: itself, a lambda, or the methods of a view.

        ``wrappers`` is how many calls such as ``login_required(view)`` are looked into.
        """
        node = argument.node
        if node.type == "lambda":
            function = self.by_start.get(node.start_byte)
            if function is not None:
                yield function
        elif node.type == "identifier":
            yield from self._named(argument.text, scope)
        elif node.type == "attribute":
            yield from self._named(argument.text.rpartition(".")[2] if argument.text.startswith("self.") else "", None)
        elif node.type == "call":
            callee = node.child_by_field_id(field("function"))
            text = self.source.names.text(callee) if callee is not None else ""
            if text.endswith(".as_view"):
                yield from self._named(text[: -len(".as_view")], scope)
            else:
                inner = self._arguments(node)[:1] if wrappers else ()
                for argument in inner:
                    yield from self._handlers(argument, scope, wrappers - 1)

    def _named(self, name: str, scope: Definition | None) -> Iterator[Function]:
        candidates = [item for item in self.source.definitions.all if item.name == name]
        visible = [item for item in candidates if item.parent is scope] or candidates
        for item in visible:
            if isinstance(item, Function):
                yield item
            else:
                yield from (f for f in self.functions if f.parent is item and f.name in _VIEW_METHODS)

    def _methods_of_views(self) -> Iterator[tuple[Function, EntryPoint]]:
        views: dict[int, Framework] = {}
        for item in self.source.classes:
            framework = self._view(item, views)
            if framework is not None:
                views[id(item)] = framework
        for function in self.functions:
            framework = views.get(id(function.parent))
            if framework is not None and function.name in _VIEW_METHODS:
                methods = (function.name.upper(),) if function.name in _HTTP else ()
                yield function, EntryPoint(framework, None, methods)

    def _view(self, item: Class, views: dict[int, Framework]) -> Framework | None:
        for base in item.bases:
            for parent in self.source.classes:
                if parent.name == base and id(parent) in views:
                    return views[id(parent)]
            if not _CLASS_BASES.search(base):
                continue
            head = base.partition(".")[0]
            for module, framework in _MODULES:
                if head == module or head == f"flask_{module}":
                    return framework
            if head.startswith("flask"):
                return "flask"
            web: list[Framework] = [f for f in self.frameworks if f not in ("celery", "click")]
            if web:
                return web[0]
        return None

    def _django_views(self) -> Iterator[tuple[Function, EntryPoint]]:
        if "django" not in self.frameworks:
            return
        for function in self.functions:
            parameters = function.parameters
            if function.name == "<lambda>" or function.is_method or not parameters:
                continue
            first = parameters[0]
            typed = (first.annotation or "").endswith("HttpRequest")
            start, end = function.node.byte_range
            if typed or (first.name in _REQUESTS and _DJANGO_RESPONSE.search(self.source.utf8, start, end)):
                yield function, EntryPoint("django")

    def _async_handlers(self) -> Iterator[tuple[Function, EntryPoint]]:
        """Handlers by their shape, of aiohttp and Starlette: asynchronous, with nothing but the request."""
        web = [framework for framework in self.frameworks if framework in ("aiohttp", "starlette")]
        for function in self.functions if web else ():
            start, end = function.node.byte_range
            parameters = function.parameters[function.is_method :]
            if len(parameters) != 1 or not self.source.utf8.startswith(b"async", start):
                continue
            typed = (parameters[0].annotation or "").rpartition(".")[2] == "Request"
            read = parameters[0].name in _REQUESTS and _ASYNC_REQUEST.search(self.source.utf8, start, end)
            if typed or read:
                yield function, EntryPoint(web[0])

    def _methods_of_tasks(self) -> Iterator[tuple[Function, EntryPoint]]:
        """``run`` of a class of tasks: workers call it with what a message holds."""
        tasks = {id(item) for item in self.source.classes
                 if any(base == "Task" or base.endswith(".Task") for base in item.bases)}  # fmt: skip
        for function in self.functions:
            if function.name == "run" and id(function.parent) in tasks and "celery" in self.frameworks:
                yield function, EntryPoint("celery")

    def _depended_on(self) -> Iterator[tuple[Function, EntryPoint]]:
        """Functions that FastAPI calls for a handler, with parameters of the request."""
        for call in self.source.calls:
            if call.name in ("fastapi.Depends", "fastapi.Security") and (wanted := call.argument(0, "dependency")):
                for function in self._handlers(wanted, None):
                    yield function, EntryPoint("fastapi")

    def _parses_arguments(self) -> Iterator[tuple[Function, EntryPoint]]:
        if b"argparse" in self.source.utf8 or b"optparse" in self.source.utf8:
            for call in self.source.calls:
                if call.name.endswith((".parse_args", ".parse_known_args")) and call.enclosing is not None:
                    yield call.enclosing, EntryPoint("argparse")
                elif call.name.endswith(".set_defaults"):
                    for argument in call.arguments:
                        for function in self._handlers(argument, None) if argument.keyword is not None else ():
                            yield function, EntryPoint("argparse")
        for function in self.functions:
            start, end = function.node.byte_range
            if not function.is_method and re.search(rb"\bsys\.argv\b", self.source.utf8[start:end]):
                yield function, EntryPoint("main")

    def _called_by_main(self) -> Iterator[tuple[Function, EntryPoint]]:
        for start, end in main_blocks(self.source.root, self.source.names):
            for call in self.source.calls:
                if start <= call.node.start_byte < end and "." not in call.name:
                    for function in self._named(call.name, None):
                        if function.parent is None:
                            yield function, EntryPoint("main")

    def _arguments(self, call: Node | None) -> tuple[Argument, ...]:
        return arguments_of(call, self.source.names.text) if call is not None else ()

    def _literal(self, argument: Argument | None) -> str | None:
        return literal_string(argument.node, self.source.names.text) if argument is not None else None

    def _option(self, arguments: tuple[Argument, ...], keyword: str) -> str | None:
        return next((self._literal(a) for a in arguments if a.keyword == keyword), None)

    def _route(self, arguments: tuple[Argument, ...]) -> str | None:
        """The first argument where it is a plain string, or one given as ``rule`` or ``path``."""
        if arguments and arguments[0].keyword is None:
            return self._literal(arguments[0])
        return next((self._literal(a) for a in arguments if a.keyword in ("rule", "path", "name")), None)

    def _methods(self, arguments: tuple[Argument, ...], at: int | None = None) -> tuple[str, ...]:
        """The strings of ``methods=[...]``, or of the argument at a position."""
        for index, argument in enumerate(arguments):
            if argument.keyword in ("methods", "http_method_names") or (argument.keyword is None and index == at):
                texts = [literal_string(child, self.source.names.text) for child in argument.node.named_children]
                return tuple(text.upper() for text in texts if text)
        return ()


def decorator_nodes(function: Function) -> list[Node]:
    """The expressions behind the ``@`` of each decorator."""
    if function.outer is function.node:
        return []
    nodes = [child.named_child(0) for child in function.outer.named_children if child.type == "decorator"]
    return [node for node in nodes if node is not None]


def main_blocks(root: Node, names: Names) -> list[tuple[int, int]]:
    """The bytes of each ``if __name__ == "__main__":`` block of a module."""
    found = []
    for node in root.named_children:
        if node.type != "if_statement":
            continue
        condition = node.child_by_field_id(field("condition"))
        if condition is not None and re.search(r"__name__.*['\"]__main__['\"]", names.text(condition)):
            found.append(node.byte_range)
    return found
