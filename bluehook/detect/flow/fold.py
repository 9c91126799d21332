"""Arithmetic and comparisons of what is known: conditions that are decided already, numbers that are no danger."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from bluehook.detect.flow.containers import as_constants
from bluehook.detect.flow.state import State
from bluehook.detect.flow.values import LONGEST_TEXT, UNKNOWN, Value, constant

_LARGEST = 2**64
_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
}
_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "is": operator.is_,
    "is not": operator.is_not,
}


def arithmetic(op: str, left: Value, right: Value) -> Value | None:
    """The result of an operator on two constants; ``None`` where it is not known."""
    one, other = left.const, right.const
    if isinstance(one, str) and isinstance(other, str):
        return constant((one + other)[:LONGEST_TEXT]) if op == "+" else None
    if not isinstance(one, (int, float)) or not isinstance(other, (int, float)) or op not in _ARITHMETIC:
        return None
    try:
        result = _ARITHMETIC[op](one, other)
    except (ArithmeticError, TypeError, ValueError):
        return None
    return constant(result) if abs(result) < _LARGEST else Value(kind="number")


def compared(op: str, left: Value, right: Value, state: State) -> bool | None:
    """The outcome of a comparison, ``None`` where it is open."""
    if op in ("in", "not in"):
        return _contained(left, right, state, op == "in")
    if left.const is UNKNOWN or right.const is UNKNOWN or op not in _COMPARISONS:
        return _identity(op, left, right)
    try:
        return bool(_COMPARISONS[op](left.const, right.const))
    except TypeError:
        return None


def _identity(op: str, left: Value, right: Value) -> bool | None:
    """A container made in sight is not ``None``."""
    if op in ("is", "is not") and None in (left.const, right.const):
        other = right if left.const is None else left
        if other.box > 0 and other.kind in ("list", "dict", "set", "tuple"):
            return op == "is not"
    return None


def _contained(left: Value, right: Value, state: State, wanted: bool) -> bool | None:
    if left.const is UNKNOWN:
        return None
    if isinstance(left.const, str) and right.text is not None:
        return (left.const in right.text) == wanted
    items = as_constants(state, right)
    return None if items is None else (left.const in items) == wanted
