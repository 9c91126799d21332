"""The keys that code looks up, as it writes them down: for mappings that it makes itself and nobody can watch."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_MOST = 20
_LOOK_UPS = {"get", "pop", "getfirst", "getvalue", "getlist", "setdefault"}


def of(tree: ast.AST) -> list[str]:
    """The constant keys of subscripts, of look-ups by method and of tests with ``in``, in the order of the code."""
    texts = [node.value for node in _keys(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return list(dict.fromkeys(text for text in texts if text))[:_MOST]


def _keys(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            yield node.slice
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _LOOK_UPS:
            yield from node.args[:1]
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.In, ast.NotIn)):
            yield node.left
