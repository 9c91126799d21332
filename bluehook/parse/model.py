"""What the parse yields: definitions, parameters, calls, entry points, statements, comments."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

if TYPE_CHECKING:
    from tree_sitter import Node

    from bluehook.findings import Location

ParameterKind = Literal["positional-only", "positional", "var-positional", "keyword-only", "var-keyword"]
Framework = Literal["flask", "django", "fastapi", "starlette", "aiohttp", "celery", "click", "argparse", "main"]


class Parameter(msgspec.Struct, frozen=True):
    """One parameter of a function, its annotation and default as written."""

    name: str
    annotation: str | None = None
    default: str | None = None
    kind: ParameterKind = "positional"


class EntryPoint(msgspec.Struct, frozen=True):
    """Where the world outside calls in: the framework, its route or command name, the HTTP methods in upper case."""

    framework: Framework
    route: str | None = None
    methods: tuple[str, ...] = ()


class Comment(NamedTuple):
    """A comment from its ``#`` on; line and column start at 1."""

    line: int
    column: int
    text: str


class Statement(NamedTuple):
    """A simple statement, or the header of a compound one, and the lines that a remark about it may stand on.

    For the header of a decorated definition the lines begin with the decorators, ``text`` with the definition.
    """

    first_line: int
    last_line: int
    text: str


class Argument(NamedTuple):
    """One argument of a call: its keyword (``*`` and ``**`` for unpacked ones), its text, its grammar node."""

    keyword: str | None
    text: str
    node: Node


class Definition:
    """A function, lambda or class, and where it stands in the file.

    ``span`` counts bytes of the UTF-8 text. Lines start at 1 and include decorators.
    """

    def __init__(self, node: Node, name: str, parent: Definition | None, outer: Node) -> None:
        """``outer`` is the node with the decorators, or ``node`` where there are none."""
        self.node = node
        self.name = name
        self.parent = parent
        self.outer = outer
        self.span = outer.byte_range
        self.first_line = outer.start_point.row + 1
        self.last_line = outer.end_point.row + 1

    @cached_property
    def qualname(self) -> str:
        """Python's own (``Class.method.<locals>.inner``)."""
        parts = [self.name]
        around = self.parent
        while around is not None:
            parts.append(f"{around.name}.<locals>" if isinstance(around, Function) else around.name)
            around = around.parent
        return ".".join(reversed(parts))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.qualname} {self.first_line}-{self.last_line}>"


class Class(Definition):
    """A class; ``bases`` are its bases, resolved as :attr:`Call.name` is."""

    bases: tuple[str, ...] = ()


class Function(Definition):
    """A function, method or lambda. What costs time to find out is found out when it is asked for."""

    def __init__(self, node: Node, name: str, parent: Definition | None, outer: Node, reader: FunctionReader) -> None:
        super().__init__(node, name, parent, outer)
        self._reader = reader

    @property
    def is_async(self) -> bool:
        """Whether it is defined with ``async def``."""
        first = self.node.child(0)
        return first is not None and first.type == "async"

    @property
    def is_method(self) -> bool:
        """Whether it stands directly in a class."""
        return isinstance(self.parent, Class)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its parameters in order."""
        return self._reader.parameters(self)

    @cached_property
    def parameter_names(self) -> frozenset[str]:
        """The names that its parameters bind."""
        return frozenset(parameter.name for parameter in self.parameters)

    @cached_property
    def decorators(self) -> tuple[str, ...]:
        """The names of its decorators, resolved as :attr:`Call.name` is, without their arguments."""
        return self._reader.decorators(self)

    @property
    def entry(self) -> EntryPoint | None:
        """How the world outside gets here, if it does."""
        return self._reader.entry(self)


class FunctionReader(NamedTuple):
    """How a :class:`Function` finds out what it is asked."""

    parameters: Callable[[Function], tuple[Parameter, ...]]
    decorators: Callable[[Function], tuple[str, ...]]
    entry: Callable[[Function], EntryPoint | None]


class CallReader(NamedTuple):
    """How a :class:`Call` finds out what it is asked."""

    location: Callable[[Node], Location]
    arguments: Callable[[Node], tuple[Argument, ...]]
    text: Callable[[Node], str]


class Call:
    """One call.

    ``name`` is resolved through imports and aliases (``os.system``; relative imports keep their dots). A method of an
    object made in sight is named after its maker with ``()`` (``sqlite3.connect().execute``), one of an unknown object
    begins with a dot (``.execute``). ``local`` says that the file itself binds the bare name (a parameter, a function,
    an assignment), so that ``open`` is not the built-in one. ``scope`` is the function or class around it.
    """

    __slots__ = ("_reader", "local", "name", "node", "scope")

    def __init__(self, name: str, local: bool, node: Node, scope: Definition | None, reader: CallReader) -> None:
        self.name = name
        self.local = local
        self.node = node
        self.scope = scope
        self._reader = reader

    @property
    def function(self) -> str:
        """The qualname of what is around the call, empty at module level."""
        return self.scope.qualname if self.scope else ""

    @property
    def enclosing(self) -> Function | None:
        """The function around the call, ``None`` at module level and in class bodies outside functions."""
        scope = self.scope
        while scope is not None and not isinstance(scope, Function):
            scope = scope.parent
        return scope

    @property
    def location(self) -> Location:
        """The span of the whole call."""
        return self._reader.location(self.node)

    @property
    def receiver(self) -> str:
        """The text before the last dot (``cursor`` of ``cursor.execute(q)``), empty for a bare name."""
        callee = self.node.child(0)
        if callee is None or callee.type != "attribute":
            return ""
        before = callee.child(0)
        return self._reader.text(before) if before else ""

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """Its arguments in order; read at each request."""
        return self._reader.arguments(self.node)

    def argument(self, position: int, *keywords: str) -> Argument | None:
        """The argument at a position (from 0) or by one of its keywords; ``None`` where neither is written."""
        arguments = self.arguments
        for found in arguments:
            if found.keyword in keywords:
                return found
        plain = [found for found in arguments if found.keyword is None]
        return plain[position] if 0 <= position < len(plain) else None

    def __repr__(self) -> str:
        return f"<Call {self.name} line {self.node.start_point.row + 1}>"
