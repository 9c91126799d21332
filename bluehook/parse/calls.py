"""Calls, their names and arguments."""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Node

from bluehook.parse.definitions import Definitions
from bluehook.parse.model import Argument, Call, CallReader
from bluehook.parse.names import Names
from bluehook.parse.syntax import field

_LITERALS = {"string_content", "integer", "float", "true", "false", "none", "escape_sequence", "ellipsis"}
_MADE_OF_LITERALS = {
    "string",
    "concatenated_string",
    "tuple",
    "list",
    "set",
    "dictionary",
    "pair",
    "unary_operator",
    "binary_operator",
    "parenthesized_expression",
    "expression_list",
}
_MOST_NODES = 2000


def calls(nodes: list[Node], names: Names, definitions: Definitions, reader: CallReader) -> tuple[Call, ...]:
    """The calls among the nodes, in the order of the text."""
    found = []
    for node in nodes:
        callee = node.child_by_field_id(field("function"))
        if callee is None:
            continue
        scope = definitions.around(node.start_byte)
        resolved = names.resolve(callee, scope)
        if resolved.name:
            found.append(Call(resolved.name, resolved.local, node, scope, reader))
    return tuple(found)


def arguments(call: Node, text: Callable[[Node], str]) -> tuple[Argument, ...]:
    """The arguments of a call node in order; a generator expression without parentheses is the only one."""
    node = call.child_by_field_id(field("arguments"))
    if node is None:
        return ()
    if node.type == "generator_expression":
        return (Argument(None, text(node), node),)
    return tuple(_argument(child, text) for child in node.named_children if child.type not in ("comment", "ERROR"))


def _argument(node: Node, text: Callable[[Node], str]) -> Argument:
    if node.type == "keyword_argument":
        name, value = node.child_by_field_id(field("name")), node.child_by_field_id(field("value"))
        if name is not None and value is not None:
            return Argument(text(name), text(value), value)
    if node.type in ("list_splat", "dictionary_splat"):
        value = node.named_child(0) or node
        return Argument("*" if node.type == "list_splat" else "**", text(value), value)
    return Argument(None, text(node), node)


def is_constant(node: Node) -> bool:
    """Whether an expression is made of literals only; one of very many nodes counts as not constant."""
    pending = [node]
    for _ in range(_MOST_NODES):
        if not pending:
            return True
        current = pending.pop()
        if current.type in _LITERALS or current.type == "comment":
            continue
        if current.type not in _MADE_OF_LITERALS:
            return False
        pending.extend(child for child in current.named_children if child.type not in ("string_start", "string_end"))
    return False


def literal_string(node: Node | None, text: Callable[[Node], str]) -> str | None:
    """What a plain string literal says, escapes left as written; ``None`` for everything else."""
    if node is None or node.type != "string":
        return None
    inner = [child for child in node.named_children if child.type not in ("string_start", "string_end")]
    if any(child.type != "string_content" for child in inner):
        return None
    return "".join(text(child) for child in inner)
