"""The syntax tree: tree-sitter with its Python grammar, bounded in size and time, and the way down to a position.

Everything here is a loop, not a recursion, as the nesting of a hostile file has no bound.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cache

import tree_sitter_python
from tree_sitter import Language, Node, Parser, Query, QueryCursor, Tree

MAX_BYTES = 4 * 1024 * 1024
"""What is parsed of one file: a tree takes about a hundred times the memory of its text."""
MAX_SECONDS = 5.0
"""What one file may take: recovery from errors is quadratic on some texts that are no Python."""
_UNTIMED_BYTES = 128 * 1024
_CHUNK = 64 * 1024

_STRUCTURE = """
(function_definition) @function
(class_definition) @class
(decorated_definition) @decorated
(lambda) @lambda
(call) @call
(import_statement) @import
(import_from_statement) @import
(assignment left: (identifier)) @assignment
(assignment left: (attribute object: (identifier))) @assignment
(as_pattern alias: (as_pattern_target (identifier))) @as
(for_statement left: (identifier) @loop)
(module (if_statement) @if)
"""


@cache
def language() -> Language:
    """tree-sitter's Python grammar."""
    return Language(tree_sitter_python.language())


@cache
def query(source: str) -> Query:
    """A compiled query; each is compiled once."""
    compiled: Query = Query(language(), source)
    return compiled


@cache
def field(name: str) -> int:
    """The number of a grammar's field, for the fast way to a child."""
    number = language().field_id_for_name(name)
    if number is None:
        raise KeyError(name)
    return number


def structure(root: Node) -> dict[str, list[Node]]:
    """The nodes that functions, calls and names are read from, by kind, each list in the order of the text."""
    captures = QueryCursor(query(_STRUCTURE)).captures(root)
    for nodes in captures.values():
        nodes.sort(key=_start)
    return captures


def comments(root: Node) -> list[Node]:
    """All comments, in the order of the text."""
    return sorted(QueryCursor(query("(comment) @comment")).captures(root).get("comment", []), key=_start)


def _start(node: Node) -> tuple[int, int]:
    start, end = node.byte_range
    return start, -end


def grow(utf8: bytes, max_bytes: int = MAX_BYTES, max_seconds: float = MAX_SECONDS) -> tuple[Tree, int]:
    """The tree of a text in UTF-8, and how many bytes of it the tree covers.

    A text beyond ``max_bytes`` is cut after the last full line. One that takes longer than ``max_seconds`` is tried
    once more with half of what was reached, and given up (0 bytes) when even that takes too long.
    """
    covered = len(utf8)
    if covered > max_bytes:
        covered = utf8.rfind(b"\n", 0, max_bytes) + 1
    if covered <= _UNTIMED_BYTES:
        return Parser(language()).parse(utf8[:covered]), covered
    for _ in range(2):
        tree, reached = _grow_timed(utf8[:covered], max_seconds)
        if tree is not None:
            return tree, covered
        covered = utf8.rfind(b"\n", 0, reached // 2) + 1
    return Parser(language()).parse(b""), 0


def _grow_timed(utf8: bytes, max_seconds: float) -> tuple[Tree | None, int]:
    deadline = time.monotonic() + max_seconds
    reached = 0

    def late(offset: int, _has_error: bool) -> bool:
        nonlocal reached
        reached = offset
        return time.monotonic() > deadline

    try:
        tree = Parser(language()).parse(lambda offset, _point: utf8[offset : offset + _CHUNK], progress_callback=late)
    except ValueError:
        return None, reached
    return tree, len(utf8)


def way_down(root: Node, byte: int) -> Iterator[Node]:
    """The nodes that hold a byte, from the root to the smallest."""
    yield root
    cursor = root.walk()
    while cursor.goto_first_child_for_byte(byte) is not None:
        node = cursor.node
        if node is None or node.start_byte > byte:
            return
        yield node


def first_error(root: Node) -> Node | None:
    """The first place that the grammar could not read, or ``None``."""
    node = root
    while node.has_error:
        if node.is_error or node.is_missing:
            return node
        broken = next((child for child in node.children if child.has_error), None)
        if broken is None:
            return node
        node = broken
    return None
