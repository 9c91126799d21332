"""One file, decoded and parsed once for all stages; nothing is worked out before it is asked for."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from tree_sitter import Node, Tree

from bluehook.findings import Location, Problem, SourceFile
from bluehook.parse import syntax
from bluehook.parse.calls import arguments, calls
from bluehook.parse.decode import decode
from bluehook.parse.definitions import Definitions, decorator_nodes, parameters
from bluehook.parse.entries import WORTH_A_LOOK, Source, entry_points, main_blocks
from bluehook.parse.model import (
    Argument,
    Call,
    CallReader,
    Class,
    Comment,
    Definition,
    EntryPoint,
    Function,
    FunctionReader,
    Parameter,
    Statement,
)
from bluehook.parse.names import Names
from bluehook.parse.statements import statement_span

_STAGE = "parse"


class ParsedFile:
    """A file as all stages see it. It never raises on what the file holds; :attr:`problems` says what was left out.

    ``text`` is the decoded source with ``\\n`` line ends, without a byte order mark; lines and columns count its code
    points from 1. ``utf8`` is the same text as bytes, which is what the tree's byte offsets refer to.
    """

    def __init__(self, source: SourceFile) -> None:
        self.source = source
        self.text, remarks = decode(source.data)
        self.utf8 = self.text.encode("utf-8", "replace")
        if not self.text.isascii():
            self.text = self.utf8.decode("utf-8")
        self._ascii = len(self.utf8) == len(self.text)
        self._remarks = remarks

    @property
    def path(self) -> str:
        """The path of the source file."""
        return self.source.path

    @cached_property
    def _grown(self) -> tuple[Tree, int]:
        return syntax.grow(self.utf8)

    @property
    def tree(self) -> Tree:
        """The syntax tree; parsed at the first request."""
        return self._grown[0]

    @property
    def root(self) -> Node:
        """The root node of the tree."""
        return self.tree.root_node

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What could not be read as it stands. Asking for it parses the file."""
        found = [Problem(_STAGE, remark, self.path, incomplete=False) for remark in self._remarks]
        tree, covered = self._grown
        if covered < len(self.utf8):
            read, total = self.utf8.count(b"\n", 0, covered), self.utf8.count(b"\n") + 1
            reason = f"too large to parse as a whole: {read} of {total} lines were read"
            found.append(Problem(_STAGE, reason, self.path))
        error = syntax.first_error(tree.root_node)
        if error is not None:
            reason = f"line {error.start_point.row + 1} does not parse; the rest of the file was read"
            found.append(Problem(_STAGE, reason, self.path, incomplete=False))
        return tuple(found)

    @cached_property
    def _captures(self) -> dict[str, list[Node]]:
        return syntax.structure(self.root)

    @cached_property
    def definitions(self) -> Definitions:
        """Functions, lambdas and classes with their nesting."""
        reader = FunctionReader(self._parameters, self._decorators, lambda function: self._entries.get(id(function)))
        return Definitions(self._captures, self.node_text, reader)

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """Functions and methods in the order of the text, and the lambdas that are handed to routers."""
        found = [item for item in self.definitions.all if isinstance(item, Function)]
        return tuple(item for item in found if item.name != "<lambda>" or item.entry is not None)

    @cached_property
    def classes(self) -> tuple[Class, ...]:
        """Classes in the order of the text, with their bases."""
        found = tuple(item for item in self.definitions.all if isinstance(item, Class))
        for item in found:
            item.bases = self._bases(item)
        return found

    @cached_property
    def names(self) -> Names:
        """What the names of the file stand for."""
        names = Names(self.utf8)
        around = self.definitions.around
        for item in self.definitions.all:
            if not isinstance(item.parent, Class) and item.name != "<lambda>":
                names.bind(item.parent, item.name, None)
        for node in self._captures.get("import", []):
            names.bind_import(node, around(node.start_byte))
        for node in self._captures.get("assignment", []):
            names.bind_assignment(node, around(node.start_byte))
        for node in self._captures.get("as", []):
            names.bind_as(node, around(node.start_byte))
        for node in self._captures.get("loop", []):
            names.bind(around(node.start_byte), self.node_text(node), None)
        return names

    @cached_property
    def imports(self) -> dict[str, str]:
        """Local name to dotted name (``{"s": "os.system"}``); relative imports keep their dots."""
        return self.names.imports()

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """Every call in the order of the text."""
        reader = CallReader(self.location, self._arguments, self.node_text)
        return calls(self._captures.get("call", []), self.names, self.definitions, reader)

    @cached_property
    def comments(self) -> tuple[Comment, ...]:
        """Every comment in the order of the text."""
        if b"#" not in self.utf8:
            return ()
        found = []
        for node in syntax.comments(self.root):
            place = self.location(node)
            found.append(Comment(place.line, place.column, self.node_text(node)))
        return tuple(found)

    @cached_property
    def main_lines(self) -> tuple[tuple[int, int], ...]:
        """First and last line of each ``if __name__ == "__main__":`` block."""
        blocks = main_blocks(self.root, self.names)
        return tuple((self._line_of(start), self._line_of(end - 1)) for start, end in blocks)

    @cached_property
    def _entries(self) -> dict[int, EntryPoint]:
        if not WORTH_A_LOOK.search(self.utf8):
            return {}
        return entry_points(Source(self.root, self.utf8, self.names, self.definitions, self.calls, self.classes))

    def node_text(self, node: Node) -> str:
        """The source text of a node."""
        start, end = node.byte_range
        return self.utf8[start:end].decode("utf-8", "replace")

    def location(self, node: Node) -> Location:
        """The span of a node."""
        (line, column), (end_line, end_column) = node.start_point, node.end_point
        if not self._ascii:
            column, end_column = self._code_points(line, column), self._code_points(end_line, end_column)
        return Location(self.path, line + 1, column + 1, end_line + 1, end_column + 1)

    def column_at(self, line: int, offset: int) -> int:
        """The column of a byte offset (from 0) into a line, which is how :mod:`ast` counts."""
        return offset + 1 if self._ascii else len(self._line_bytes(line)[:offset].decode("utf-8", "replace")) + 1

    def function_at(self, line: int) -> Function | None:
        """The innermost function whose lines, decorators included, hold a line."""
        index = bisect_right(self._first_lines, line) - 1
        found: Definition | None = self._by_first_line[index] if index >= 0 else None
        while found is not None and not (found.last_line >= line and isinstance(found, Function)):
            found = found.parent
        return found

    def symbol_at(self, line: int) -> str:
        """The qualname of what is around a line (``Class.method.<locals>.inner``), empty at module level."""
        byte = self._byte_at(line, 1)
        if byte is None:
            return ""
        parts: list[str] = []
        for node in syntax.way_down(self.root, byte):
            decorated = (
                node.child_by_field_id(syntax.field("definition")) if node.type == "decorated_definition" else None
            )
            if decorated is not None and byte < decorated.start_byte:
                node = decorated
            if node.type in ("function_definition", "class_definition"):
                name = node.child_by_field_id(syntax.field("name"))
                parts.append(self.node_text(name) if name is not None else "")
                parts.append("<locals>" if node.type == "function_definition" else "")
        return ".".join(part for part in parts[:-1] if part)

    def line_at(self, line: int) -> Location:
        """A whole line without the white space around it."""
        text = self._line_text(line)
        return Location(self.path, line, len(text) - len(text.lstrip()) + 1, line, len(text.rstrip()) + 1)

    def statement_at(self, line: int, column: int = 1) -> Statement:
        """The innermost simple statement at a place, or the header of a compound one.

        A place in the indentation means the first statement of the line. Where there is no statement, in a comment or
        in what does not parse, the bare line stands for it.
        """
        byte = self._byte_at(line, column)
        span = statement_span(self.root, byte) if byte is not None else None
        if span is None:
            return Statement(line, line, self._line_text(line).strip())
        first, start, end = span
        text = self.utf8[start:end].decode("utf-8", "replace")
        return Statement(self._line_of(first), self._line_of(max(start, end - 1)), text)

    def snippet(self, location: Location) -> str:
        """The text of the statement at a location."""
        return self.statement_at(location.line, location.column).text

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer(rb"\n", self.utf8))]

    @cached_property
    def _by_first_line(self) -> list[Definition]:
        named = (item for item in self.definitions.all if item.name != "<lambda>")
        return sorted(named, key=lambda item: (item.first_line, item.span[0]))

    @cached_property
    def _first_lines(self) -> list[int]:
        return [item.first_line for item in self._by_first_line]

    def _line_of(self, byte: int) -> int:
        return bisect_right(self._line_starts, byte)

    def _line_bytes(self, line: int) -> bytes:
        starts = self._line_starts
        if not 1 <= line <= len(starts):
            return b""
        end = starts[line] if line < len(starts) else len(self.utf8)
        return self.utf8[starts[line - 1] : end]

    def _line_text(self, line: int) -> str:
        return self._line_bytes(line).decode("utf-8", "replace")

    def _byte_at(self, line: int, column: int) -> int | None:
        """The byte of a place, moved out of the indentation; ``None`` outside the text and on blank lines."""
        text = self._line_text(line)
        if not text.strip():
            return None
        indentation = len(text) - len(text.lstrip())
        index = min(max(column - 1, indentation), len(text.rstrip()) - 1)
        return self._line_starts[line - 1] + len(text[:index].encode())

    def _code_points(self, row: int, column: int) -> int:
        start = self._line_starts[row]
        return len(self.utf8[start : start + column].decode("utf-8", "replace"))

    def column(self, line: int, byte: int) -> int:
        """The column, counted in code points from 1, of a byte of a line; both line and byte as engines report them.

        ``line`` starts at 1, ``byte`` at 0; beyond the text it is the byte itself, plus one.
        """
        if self._ascii or not 1 <= line <= len(self._line_starts):
            return byte + 1
        return self._code_points(line - 1, byte) + 1

    def _arguments(self, call: Node) -> tuple[Argument, ...]:
        return arguments(call, self.node_text)

    def _parameters(self, function: Function) -> tuple[Parameter, ...]:
        return parameters(function.node, self.node_text)

    def _decorators(self, function: Function) -> tuple[str, ...]:
        return tuple(self._name_of(node, function.parent) for node in decorator_nodes(function))

    def _bases(self, item: Class) -> tuple[str, ...]:
        bases = item.node.child_by_field_id(syntax.field("superclasses"))
        children = bases.named_children if bases is not None else []
        return tuple(
            self._name_of(child, item.parent) for child in children if child.type in ("identifier", "attribute")
        )

    def _name_of(self, node: Node, scope: Definition | None) -> str:
        if node.type == "call":
            node = node.child_by_field_id(syntax.field("function")) or node
        return self.names.resolve(node, scope).name


def parse(source: SourceFile) -> ParsedFile:
    """Make a file ready to be asked about; the tree is grown when something needs it. Never raises."""
    return ParsedFile(source)
