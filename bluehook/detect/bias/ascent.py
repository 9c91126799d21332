"""The way from an expression up to the statement that it is part of: what it passes says what becomes of its value."""

from __future__ import annotations

from tree_sitter import Node

from bluehook.detect.bias.lexicon import listed
from bluehook.detect.bias.naming import Naming
from bluehook.detect.bias.syntax import child
from bluehook.parse import ParsedFile

_THROUGH = listed(
    "parenthesized_expression not_operator boolean_operator comparison_operator unary_operator binary_operator "
    "named_expression list tuple set expression_list generator_expression list_comprehension set_comprehension "
    "dictionary_comprehension list_splat dictionary await interpolation string call for_in_clause subscript"
)
"""Expressions that say nothing of the value inside but have it too."""
_CHOOSING = listed("filter sorted min max sort nlargest nsmallest where")


class Ascent:
    """What was passed so far: the ``names`` that the value came by, the strings ``said`` in its place, and whether
    somebody is ``kept`` or left out by it.
    """

    def __init__(self, file: ParsedFile, naming: Naming) -> None:
        self._file = file
        self._naming = naming
        self.names: list[str] = []
        self.said: list[str] = []
        self.kept = False

    def passes(self, around: Node, inner: Node) -> bool:
        """Note what the node around ``inner`` says; false where the way ends there."""
        kind = around.type
        if kind == "conditional_expression":
            self._choice(around, inner)
        elif kind == "if_clause":
            self.kept = True
        elif kind == "subscript" and child(around, "value") != inner:
            base = child(around, "value")
            self.kept = self.kept or not _is_written(around)
            self.names += [self._naming.name(base)] if base is not None else []
        elif kind in ("attribute", "keyword_argument"):
            name = child(around, "attribute" if kind == "attribute" else "name")
            self.names.append(self._file.node_text(name) if name is not None else "")
        elif kind == "pair":
            key = child(around, "key")
            if key is not None and key != inner:
                self.names.append(self._naming.string(key) or self._naming.name(key))
        elif kind == "argument_list":
            self._argument(around)
        elif kind == "lambda":
            self.names.append("")
        else:
            return kind in _THROUGH
        return True

    def _choice(self, around: Node, inner: Node) -> None:
        """``a if condition else b``: what is chosen from."""
        options = around.named_children
        if len(options) == 3 and options[1] == inner:
            chosen = (options[0], options[2])
            self.said += [value for option in chosen if (value := self._naming.string(option))]
            self.names += [named for option in chosen if (named := self._naming.name(option))]

    def _argument(self, arguments: Node) -> None:
        call = arguments.parent
        callee = child(call, "function") if call is not None else None
        if callee is None:
            return
        called = self._naming.name(callee)
        self.kept = self.kept or called in _CHOOSING
        self.names.append(called)
        self.names.append(self._file.node_text(callee).rpartition(".")[0].rpartition(".")[2])


def _is_written(node: Node) -> bool:
    parent = node.parent
    return (
        parent is not None and parent.type in ("assignment", "augmented_assignment") and child(parent, "left") == node
    )
