"""Small questions to the syntax tree: what a literal says, what a name is bound to, what is around a node."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from tree_sitter import Node

from bluehook.parse import Function, ParsedFile, literal_string, syntax

_MOST_ITEMS = 200
_MOST_UP = 60
_COLLECTIONS = ("list", "tuple", "set", "expression_list")
_GETTERS = frozenset({"get", "pop", "col", "column", "getattr", "field", "F", "getlist", "itemgetter", "attrgetter"})
_SCOPES = ("function_definition", "lambda", "class_definition", "module")


def child(node: Node, name: str) -> Node | None:
    """The child of a field, by the field's name."""
    return node.child_by_field_name(name)


def first(node: Node | None) -> Node | None:
    """The first named child, where there is one."""
    return node.named_child(0) if node is not None and node.named_child_count else None


def bare(node: Node) -> Node:
    """An expression without the parentheses around it."""
    while node.type == "parenthesized_expression" and node.named_child_count == 1:
        node = first(node) or node
    return node


def up(node: Node) -> Iterator[Node]:
    """The nodes around a node, innermost first, as far as expressions are nested by people."""
    around = node.parent
    for _ in range(_MOST_UP):
        if around is None:
            return
        yield around
        around = around.parent


def function_around(file: ParsedFile, node: Node) -> Function | None:
    """The function around a node; a lambda counts as part of what it stands in."""
    scope = file.definitions.around(node.start_byte)
    while scope is not None and not (isinstance(scope, Function) and scope.name != "<lambda>"):
        scope = scope.parent
    return scope


def keyed(node: Node) -> Node | None:
    """The expression that a string or name is the key of: ``p["sex"]``, ``p.get("sex")``, ``getattr(p, "sex")``."""
    parent = node.parent
    if parent is None:
        return None
    if parent.type == "subscript" and child(parent, "value") != node:
        return parent
    if parent.type != "argument_list" or parent.parent is None:
        return None
    call = parent.parent
    callee = child(call, "function")
    if callee is None:
        return None
    plain = [item for item in parent.named_children if item.type != "comment"]
    last = child(callee, "attribute") if callee.type == "attribute" else callee
    name = (last.text or b"").decode("utf-8", "replace") if last is not None else ""
    if callee.type == "attribute" and name in _GETTERS:
        return call if plain and plain[0] == node else None
    if name in ("itemgetter", "attrgetter", "col", "F", "column"):
        return call if plain and plain[0] == node else None
    if name in ("getattr", "get_value", "get_field", "get_attr"):
        return call if len(plain) > 1 and plain[1] == node else None
    return None


def assigned(node: Node) -> Node | None:
    """The name that an expression is assigned to, by itself or as part of a tuple on both sides."""
    parent = node.parent
    if parent is None:
        return None
    if parent.type == "assignment" and child(parent, "right") == node:
        return child(parent, "left")
    if parent.type == "named_expression" and child(parent, "value") == node:
        return child(parent, "name")
    if parent.type in ("expression_list", "tuple") and parent.parent is not None:
        statement = parent.parent
        left = child(statement, "left") if statement.type == "assignment" else None
        if left is not None and left.type in ("pattern_list", "tuple_pattern") and child(statement, "right") == parent:
            values, names = parent.named_children, left.named_children
            if len(values) == len(names) and node in values:
                return bare(names[values.index(node)])
    return None


def is_target(node: Node) -> bool:
    """Whether the expression is written, declared or bound here rather than read."""
    parent = node.parent
    if parent is None:
        return True
    if parent.type in ("assignment", "augmented_assignment", "for_statement", "for_in_clause"):
        return child(parent, "left") == node
    if parent.type in ("pattern_list", "tuple_pattern", "parameters", "lambda_parameters", "global_statement"):
        return True
    if parent.type in ("default_parameter", "typed_parameter", "typed_default_parameter", "keyword_argument"):
        return child(parent, "name") == node or parent.type == "typed_parameter"
    return parent.type in ("delete_statement", "named_expression", "function_definition", "import_from_statement") and (
        child(parent, "name") == node or parent.type == "delete_statement"
    )


class Bindings:
    """What the names of a file are bound to, where that is said once and plainly."""

    def __init__(self, file: ParsedFile) -> None:
        self._file = file

    @cached_property
    def _values(self) -> dict[str, Node | None]:
        found: dict[str, Node | None] = {}
        for node in syntax.structure(self._file.root).get("assignment", []):
            left, right = child(node, "left"), child(node, "right")
            if left is None or right is None:
                continue
            name = self._file.node_text(left).rpartition(".")[2]
            # A name with two values has none: which of them counts is not looked into.
            found[name] = None if name in found else bare(right)
        return found

    def value(self, name: str) -> Node | None:
        """The expression that a name (or the last part of a dotted one) is assigned in the file."""
        return self._values.get(name)

    def strings(self, node: Node, depth: int = 3) -> list[str] | None:
        """The strings that an expression is or holds: a literal, a collection of them, a constant or an enum's member.

        ``None`` where it is anything else.
        """
        node, text = bare(node), self._file.node_text
        if node.type == "string":
            said = literal_string(node, text)
            return None if said is None else [said]
        if node.type in _COLLECTIONS:
            found: list[str] = []
            for item in node.named_children[:_MOST_ITEMS]:
                inner = self.strings(item, depth - 1) if depth else None
                found += inner or []
            return found or None
        if node.type == "call":
            callee, arguments = child(node, "function"), child(node, "arguments")
            name = text(callee) if callee is not None else ""
            if name in ("set", "frozenset", "list", "tuple") and arguments is not None and arguments.named_children:
                return self.strings(arguments.named_children[0], depth - 1) if depth else None
            if callee is not None and callee.type == "attribute" and name.endswith((".lower", ".upper", ".casefold")):
                before = child(callee, "object")
                return self.strings(before, depth - 1) if before is not None and depth else None
            return None
        if node.type not in ("identifier", "attribute"):
            return None
        name = text(node)
        value = self.value(name.rpartition(".")[2]) if depth else None
        bound = self.strings(value, depth - 1) if value is not None else None
        if bound is not None:
            return bound
        if node.type == "attribute":
            last = name.removesuffix(".value").removesuffix(".name").rpartition(".")[2]
            # Gender.FEMALE, choices.SEX_MALE: the member says it.
            return [re.sub(r"^(?:SEX|GENDER|RACE|RELIGION)_", "", last)] if last.isupper() or last.istitle() else None
        return None
