"""What a string in code says: literals, joined and formatted ones, constants by name, and where each part stands."""

from __future__ import annotations

import ast
from typing import NamedTuple

from tree_sitter import Node

from bluehook.findings import Location
from bluehook.parse import ParsedFile, syntax

_MOST_PARTS = 400
_LONGEST = 40_000
_THROUGH = frozenset({"dedent", "strip", "cleandoc", "lstrip", "rstrip", "format", "join", "Template", "replace"})


class Part(NamedTuple):
    """A piece of a text: its offset in the whole, the node it is written in, and whether it is written as it reads."""

    offset: int
    node: Node
    plain: bool


class Text(NamedTuple):
    """A text as a model would read it, ``{name}`` where a value goes in, and the pieces that it is made of."""

    said: str
    parts: tuple[Part, ...]


class Texts:
    """The texts of one file."""

    def __init__(self, file: ParsedFile) -> None:
        self._file = file
        self._bound: dict[str, Node | None] | None = None

    def of(self, node: Node) -> Text | None:
        """What an expression says, or ``None`` when it holds no literal text."""
        parts: list[tuple[str, Node, bool]] = []
        self._collect(node, parts, 4)
        said: list[str] = []
        placed: list[Part] = []
        offset = 0
        for text, where, plain in parts:
            placed.append(Part(offset, where, plain))
            said.append(text)
            offset += len(text)
        whole = "".join(said)[:_LONGEST]
        return Text(whole, tuple(placed)) if any(plain_or for _, _, plain_or in parts) or whole.strip() else None

    def value(self, name: str) -> Node | None:
        """The only expression that a name is assigned in the file."""
        if self._bound is None:
            self._bound = {}
            for node in syntax.structure(self._file.root).get("assignment", []):
                left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
                if left is not None and right is not None:
                    key = self._file.node_text(left).rpartition(".")[2]
                    self._bound[key] = None if key in self._bound else right
        return self._bound.get(name)

    def _collect(self, node: Node, parts: list[tuple[str, Node, bool]], depth: int) -> None:
        if len(parts) >= _MOST_PARTS:
            return
        kind = node.type
        if kind == "string":
            self._string(node, parts)
        elif kind in ("concatenated_string", "parenthesized_expression", "binary_operator", "conditional_expression"):
            for child in node.named_children[:_MOST_PARTS]:
                self._collect(child, parts, depth)
        elif kind in ("identifier", "attribute"):
            name = self._file.node_text(node).rpartition(".")[2]
            value = self.value(name) if depth else None
            if value is not None and value.type != "identifier":
                self._collect(value, parts, depth - 1)
            elif parts:
                parts.append((f"{{{name}}}", node, False))
        elif kind == "call" and depth:
            callee = node.child_by_field_name("function")
            name = self._file.node_text(callee).rpartition(".")[2] if callee is not None else ""
            arguments = node.child_by_field_name("arguments")
            if name in _THROUGH and callee is not None:
                inner = callee.child_by_field_name("object") if callee.type == "attribute" else None
                is_module = inner is not None and self._file.node_text(inner) in ("textwrap", "inspect", "string")
                if inner is not None and not is_module:
                    self._collect(inner, parts, depth - 1)
                if (name == "join" or is_module or inner is None) and arguments is not None:
                    for child in arguments.named_children[:_MOST_PARTS]:
                        self._collect(child, parts, depth - 1)
        elif kind in ("list", "tuple") and depth:
            for child in node.named_children[:_MOST_PARTS]:
                self._collect(child, parts, depth - 1)
                if parts and child.type == "string":
                    parts.append((" ", child, False))

    def _string(self, node: Node, parts: list[tuple[str, Node, bool]]) -> None:
        start = node.named_child(0) if node.named_child_count else None
        prefix = self._file.node_text(start).rstrip("\"'").lower() if start is not None else ""
        for child in node.named_children:
            if child.type == "string_content":
                written = self._file.node_text(child)
                read = written if "r" in prefix else _unescaped(written)
                parts.append((read, child, read == written))
            elif child.type == "interpolation":
                inner = " ".join(self._file.node_text(child).split())
                parts.append((inner if len(inner) < 60 else "{...}", child, False))

    def location(self, text: Text, start: int, end: int) -> Location:
        """Where characters of a text stand in the file; the whole piece where it is written with escapes."""
        first = self._part(text, start)
        last = self._part(text, max(start, end - 1))
        opening, closing = self._file.location(first.node), self._file.location(last.node)
        if first.plain:
            opening = self._inside(first, start - first.offset, opening)
        if last.plain:
            closing_end = self._inside(last, end - last.offset, self._file.location(last.node))
            return Location(opening.path, opening.line, opening.column, closing_end.line, closing_end.column)
        return Location(opening.path, opening.line, opening.column, closing.end_line, closing.end_column)

    def _part(self, text: Text, offset: int) -> Part:
        found = text.parts[0]
        for part in text.parts:
            if part.offset > offset:
                break
            found = part
        return found

    def _inside(self, part: Part, offset: int, whole: Location) -> Location:
        before = self._file.node_text(part.node)[: max(0, offset)]
        line = whole.line + before.count("\n")
        column = len(before) - before.rfind("\n") if "\n" in before else whole.column + len(before)
        return Location(whole.path, line, column, whole.end_line, whole.end_column)


def _unescaped(written: str) -> str:
    if "\\" not in written:
        return written
    try:
        read = ast.literal_eval('"""' + written.replace('"""', '\\"\\"\\"') + ' """')
    except (SyntaxError, ValueError):
        return written
    return str(read)[:-1]
