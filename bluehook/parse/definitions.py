"""Functions, lambdas and classes of a tree, nested as they are written, and the parameters of a function."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from tree_sitter import Node

from bluehook.parse.model import Class, Definition, Function, FunctionReader, Parameter, ParameterKind
from bluehook.parse.syntax import field

Text = Callable[[Node], str]


class Definitions:
    """All definitions of a file in the order of their ``def`` and ``class``, and which of them is around a byte."""

    def __init__(self, captures: dict[str, list[Node]], text: Text, reader: FunctionReader) -> None:
        outer = _decorated(captures.get("decorated", []))
        nodes = sorted(
            captures.get("function", []) + captures.get("class", []) + captures.get("lambda", []),
            key=lambda node: node.start_byte,
        )
        self.all: list[Definition] = []
        self._borders: list[int] = [0]
        self._inside: list[Definition | None] = [None]
        innermost: Definition | None = None
        for node in nodes:
            start = node.start_byte
            innermost = self._leave(innermost, start)
            innermost = _definition(node, innermost, outer.get(start, node), text, reader)
            self.all.append(innermost)
            self._borders.append(start)
            self._inside.append(innermost)
        self._leave(innermost, None)

    def _leave(self, innermost: Definition | None, byte: int | None) -> Definition | None:
        """Note the ends of the definitions that end before a byte, or of all; gives the one still open."""
        while innermost is not None and (byte is None or innermost.span[1] <= byte):
            self._borders.append(innermost.span[1])
            innermost = innermost.parent
            self._inside.append(innermost)
        return innermost

    def around(self, byte: int) -> Definition | None:
        """The innermost definition that holds a byte; decorators belong to what is around the decorated one."""
        return self._inside[bisect_right(self._borders, byte) - 1]


def _decorated(nodes: list[Node]) -> dict[int, Node]:
    """The decorated definition around each definition that has decorators, by where the inner one starts."""
    found: dict[int, Node] = {}
    for node in nodes:
        inner = node.child_by_field_id(field("definition"))
        if inner is not None:
            found[inner.start_byte] = node
    return found


def _definition(node: Node, parent: Definition | None, outer: Node, text: Text, reader: FunctionReader) -> Definition:
    if node.type == "lambda":
        return Function(node, "<lambda>", parent, node, reader)
    name_node = node.child_by_field_id(field("name"))
    name = text(name_node) if name_node is not None else ""
    if node.type == "class_definition":
        return Class(node, name, parent, outer)
    return Function(node, name, parent, outer, reader)


def parameters(function: Node, text: Text) -> tuple[Parameter, ...]:
    """The parameters of a function or lambda node; tuples as in Python 2 count as one."""
    node = function.child_by_field_id(field("parameters"))
    if node is None:
        return ()
    found: list[Parameter] = []
    kind: ParameterKind = "positional"
    for child in node.named_children:
        if child.type == "positional_separator":
            found = [Parameter(p.name, p.annotation, p.default, "positional-only") for p in found]
        elif child.type == "keyword_separator":
            kind = "keyword-only"
        elif child.type not in ("comment", "ERROR"):
            parameter = _parameter(child, text, kind)
            found.append(parameter)
            if parameter.kind == "var-positional":
                kind = "keyword-only"
    return tuple(found)


def _parameter(node: Node, text: Text, kind: ParameterKind) -> Parameter:
    name = node.child_by_field_id(field("name")) or node
    annotation = node.child_by_field_id(field("type"))
    default = node.child_by_field_id(field("value"))
    if node.type == "typed_parameter":
        name = node.named_child(0) or node
    if name.type == "list_splat_pattern":
        kind = "var-positional"
    elif name.type == "dictionary_splat_pattern":
        kind = "var-keyword"
    return Parameter(
        text(name).lstrip("*").strip(),
        text(annotation) if annotation is not None else None,
        text(default) if default is not None else None,
        kind,
    )


def decorator_nodes(function: Function) -> list[Node]:
    """The expressions behind the ``@`` of each decorator."""
    if function.outer is function.node:
        return []
    nodes = [child.named_child(0) for child in function.outer.named_children if child.type == "decorator"]
    return [node for node in nodes if node is not None]
