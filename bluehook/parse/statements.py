"""The statement at a place: what an ignore comment binds to and what a report shows."""

from __future__ import annotations

from tree_sitter import Node

from bluehook.parse.syntax import way_down

_SIMPLE = {
    "assert_statement",
    "break_statement",
    "continue_statement",
    "delete_statement",
    "exec_statement",
    "expression_statement",
    "future_import_statement",
    "global_statement",
    "import_from_statement",
    "import_statement",
    "nonlocal_statement",
    "pass_statement",
    "print_statement",
    "raise_statement",
    "return_statement",
    "type_alias_statement",
}
_COMPOUND = {
    "case_clause",
    "class_definition",
    "elif_clause",
    "else_clause",
    "except_clause",
    "finally_clause",
    "for_statement",
    "function_definition",
    "if_statement",
    "match_statement",
    "try_statement",
    "while_statement",
    "with_statement",
}


def statement_span(root: Node, byte: int) -> tuple[int, int, int] | None:
    """Bytes of the innermost statement at a byte: where its lines begin, where its text begins, where it ends.

    ``None`` where there is no statement (between statements, or in what could not be parsed).
    """
    found: tuple[int, int, int] | None = None
    decorated: Node | None = None
    for node in way_down(root, byte):
        kind = node.type
        if kind in _SIMPLE or kind == "decorator":
            found = (node.start_byte, node.start_byte, node.end_byte)
        elif kind in _COMPOUND:
            outer, end = decorated or node, _header_end(node)
            found = (outer.start_byte, node.start_byte, end) if byte < end else None
        decorated = node if kind == "decorated_definition" else None
    return found


def _header_end(node: Node) -> int:
    """Where the part before the block ends: behind its colon."""
    for child in node.children:
        if child.type == ":":
            return child.end_byte
        if child.type == "block":
            return child.start_byte
    return node.end_byte
