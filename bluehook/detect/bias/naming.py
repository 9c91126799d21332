"""What expressions and statements are called: names, keys, strings, and what a function returns."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from bluehook.detect.bias.syntax import child, first
from bluehook.parse import Function, ParsedFile, literal_string

_MOST_NODES = 80
_MOST_INSIDE = 40
_OTHER_SCOPES = ("function_definition", "lambda", "class_definition")


class Naming:
    """The names that one file gives."""

    def __init__(self, file: ParsedFile) -> None:
        self._file = file
        self._returned: dict[int, frozenset[str]] = {}

    def name(self, node: Node) -> str:
        """The last name of an expression: ``score`` of ``self.score``, ``people`` of ``people[0]``."""
        for _ in range(20):
            if node.type in ("identifier",):
                return self._file.node_text(node)
            if node.type == "attribute":
                member = child(node, "attribute")
                return self._file.node_text(member) if member is not None else ""
            if node.type in ("subscript", "call"):
                inner = child(node, "value") or child(node, "function")
            elif node.type in ("not_operator", "await", "parenthesized_expression"):
                inner = first(node)
            else:
                return ""
            if inner is None:
                return ""
            node = inner
        return ""

    def string(self, node: Node) -> str:
        """What a literal says, empty where it is none."""
        return literal_string(node, self._file.node_text) or ""

    def keys(self, node: Node | None) -> tuple[str, ...]:
        """The string keys of a target: ``row["approved"]``, ``df.loc[mask, "score"]``."""
        if node is None or node.type != "subscript":
            return ()
        return tuple(text for item in node.children_by_field_name("subscript") if (text := self.string(item)))

    def inside(self, node: Node) -> tuple[list[str], list[str]]:
        """The names of keys and callees, and the strings, directly inside a value."""
        names: list[str] = []
        said: list[str] = []
        pending = [node]
        for _ in range(_MOST_INSIDE):
            if not pending:
                break
            current = pending.pop(0)
            if current.type == "call":
                callee = child(current, "function")
                names += [self.name(callee)] if callee is not None else []
                arguments = child(current, "arguments")
                pending += arguments.named_children if arguments is not None else []
            elif current.type == "pair":
                key = child(current, "key")
                names += [self.string(key) or ""] if key is not None else []
                value = child(current, "value")
                pending += [value] if value is not None else []
            elif current.type == "keyword_argument":
                name = child(current, "name")
                names += [self._file.node_text(name)] if name is not None else []
                value = child(current, "value")
                pending += [value] if value is not None else []
            elif current.type == "string":
                said += [self.string(current) or ""]
            elif current.type in ("dictionary", "tuple", "list", "expression_list", "attribute", "identifier"):
                if current.type in ("attribute", "identifier"):
                    names += [self.name(current)]
                else:
                    pending += current.named_children
        return names, said

    def returned_from(self, function: Function | None) -> frozenset[str]:
        """The plain names that a function returns."""
        if function is None:
            return frozenset()
        known = self._returned.get(function.span[0])
        if known is None:
            known = self._returned[function.span[0]] = frozenset(self._returns(function.node))
        return known

    def _returns(self, node: Node) -> Iterator[str]:
        pending = [node]
        for _ in range(20 * _MOST_NODES):
            if not pending:
                return
            current = pending.pop()
            if current.type == "return_statement":
                yield from self._identifiers(current)
            elif current.type != "expression_statement" and (current == node or current.type not in _OTHER_SCOPES):
                pending += current.named_children

    def _identifiers(self, node: Node) -> Iterator[str]:
        pending = [node]
        for _ in range(_MOST_NODES):
            if not pending:
                return
            current = pending.pop()
            if current.type == "identifier":
                yield self._file.node_text(current)
            pending += current.named_children
