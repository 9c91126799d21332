"""Functions of a module that are not written yet: an empty body whose result the code uses all the same.

Their callers are driven as if they were there, and what is found so is never a proof.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

from ..inputs.slots import Inputs
from ..inputs.standin import standin


def fill(module: ModuleType, tree: ast.AST, inputs: Inputs) -> set[str]:
    """Put unknown objects in the place of such functions; their names."""
    empty = {node.name for node in getattr(tree, "body", []) if isinstance(node, ast.FunctionDef) and _is_empty(node)}
    wanted = {name for name in _used(tree) & empty if inspect.isfunction(module.__dict__.get(name))} if empty else set()
    for name in wanted:
        module.__dict__[name] = _answering(name, inputs)
    return wanted


def _answering(name: str, inputs: Inputs) -> Callable[..., Any]:
    """A function that gives something unknown, or nothing, as the one in its place does."""

    def answer(*args: Any, **kwargs: Any) -> Any:
        return standin(inputs, f"{name}()", "assumed") if inputs.policy.truth else None

    return answer


def called(node: ast.AST, names: set[str]) -> bool:
    """Whether the code uses one of the names."""
    return bool(names) and any(isinstance(each, ast.Name) and each.id in names for each in ast.walk(node))


def _is_empty(function: ast.FunctionDef) -> bool:
    """Whether a body says nothing: no decorator gives it a meaning either."""
    return not function.decorator_list and all(
        isinstance(one, ast.Pass) or (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))
        for one in function.body
    )


def _used(tree: ast.AST) -> set[str]:
    """The names of functions whose result is used."""
    dropped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return {node.func.id for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and id(node) not in dropped}  # fmt: skip
