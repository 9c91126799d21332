"""A file as the rules for entry points see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from tree_sitter import Node

from bluehook.parse.calls import arguments as arguments_of
from bluehook.parse.calls import literal_string
from bluehook.parse.definitions import Definitions
from bluehook.parse.model import Argument, Call, Class, Definition, EntryPoint, Framework, Function
from bluehook.parse.names import Names
from bluehook.parse.syntax import field

Entries: TypeAlias = Iterator[tuple[Function, EntryPoint]]
"""What a rule gives: functions, each with what it is an entry point of."""

HTTP = {"get", "post", "put", "patch", "delete", "head", "options", "trace"}
SHORTCUTS = HTTP | {"websocket", "api_route", "websocket_route"}
VIEW_METHODS = HTTP | {"dispatch", "dispatch_request", "form_valid", "on_connect", "on_receive"} | {
    "list", "create", "retrieve", "update", "partial_update", "destroy", "perform_create", "perform_update",
    "perform_destroy", "form_invalid", "get_queryset", "get_object", "get_context_data", "get_success_url",
    "get_redirect_url", "render_to_response",
}  # fmt: skip
FRAMEWORKS: dict[str, Framework] = {
    "flask": "flask",
    "quart": "flask",
    "fastapi": "fastapi",
    "starlette": "starlette",
    "aiohttp": "aiohttp",
    "django": "django",
    "rest_framework": "django",
    "celery": "celery",
    "dramatiq": "celery",
    "huey": "celery",
    "rq": "celery",
    "django_rq": "celery",
    "click": "click",
    "typer": "click",
}
"""By the module that is imported; modules whose entry points are alike count as one framework."""
_MOST_WRAPPERS = 4


class Source(NamedTuple):
    """What entry points are read from; all of one file."""

    root: Node
    utf8: bytes
    names: Names
    definitions: Definitions
    calls: tuple[Call, ...]
    classes: tuple[Class, ...]


class Look:
    """A file as the rules see it: its functions, the frameworks that it imports, and what arguments say."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.functions = [item for item in source.definitions.all if isinstance(item, Function)]
        self.by_start = {item.node.start_byte: item for item in self.functions}
        modules = {name.partition(".")[0] for name in source.names.imports().values()}
        modules.update(name.partition(".")[0] for name in source.names.wildcards)
        self.frameworks = [framework for module, framework in FRAMEWORKS.items() if module in modules]

    def speaks(self, framework: Framework, resolved: str) -> bool:
        """Whether a decorator of an ambiguous name belongs to the framework, by its maker or the file's imports."""
        maker = FRAMEWORKS.get(resolved.partition(".")[0])
        if maker is not None:
            return maker == framework
        if framework in self.frameworks:
            return True
        return resolved.startswith(".") and framework == "celery" and not self.frameworks

    def is_router(self, resolved: str) -> bool:
        """Whether a decorator may be a method of an application or router."""
        return resolved.startswith((".", *FRAMEWORKS))

    def web(self, resolved: str, otherwise: Framework) -> Framework:
        """The framework that a route belongs to: by its name, else by the file's imports."""
        maker = FRAMEWORKS.get(resolved.partition(".")[0])
        if maker is not None:
            return maker
        web = [f for f in self.frameworks if f in ("flask", "fastapi", "starlette", "aiohttp")]
        return web[0] if web else otherwise

    def handlers(
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
            yield from self.named(argument.text, scope)
        elif node.type == "attribute":
            yield from self.named(argument.text.rpartition(".")[2] if argument.text.startswith("self.") else "", None)
        elif node.type == "call":
            callee = node.child_by_field_id(field("function"))
            text = self.source.names.text(callee) if callee is not None else ""
            if text.endswith(".as_view"):
                yield from self.named(text[: -len(".as_view")], scope)
            else:
                inner = self.arguments(node)[:1] if wrappers else ()
                for argument in inner:
                    yield from self.handlers(argument, scope, wrappers - 1)

    def named(self, name: str, scope: Definition | None) -> Iterator[Function]:
        """The functions of that name, those that a scope itself defines first of all; of a class, its handlers."""
        candidates = [item for item in self.source.definitions.all if item.name == name]
        visible = [item for item in candidates if item.parent is scope] or candidates
        for item in visible:
            if isinstance(item, Function):
                yield item
            else:
                yield from (f for f in self.functions if f.parent is item and f.name in VIEW_METHODS)

    def arguments(self, call: Node | None) -> tuple[Argument, ...]:
        """What a call is given; nothing where there is no call."""
        return arguments_of(call, self.source.names.text) if call is not None else ()

    def literal(self, argument: Argument | None) -> str | None:
        """The text of an argument that is a plain string."""
        return literal_string(argument.node, self.source.names.text) if argument is not None else None

    def option(self, arguments: tuple[Argument, ...], keyword: str) -> str | None:
        """The text of the argument with a keyword, where it is a plain string."""
        return next((self.literal(a) for a in arguments if a.keyword == keyword), None)

    def route(self, arguments: tuple[Argument, ...]) -> str | None:
        """The first argument where it is a plain string, or one given as ``rule`` or ``path``."""
        if arguments and arguments[0].keyword is None:
            return self.literal(arguments[0])
        return next((self.literal(a) for a in arguments if a.keyword in ("rule", "path", "name")), None)

    def methods(self, arguments: tuple[Argument, ...], at: int | None = None) -> tuple[str, ...]:
        """The strings of ``methods=[...]``, or of the argument at a position."""
        for index, argument in enumerate(arguments):
            if argument.keyword in ("methods", "http_method_names") or (argument.keyword is None and index == at):
                texts = [literal_string(child, self.source.names.text) for child in argument.node.named_children]
                return tuple(text.upper() for text in texts if text)
        return ()
