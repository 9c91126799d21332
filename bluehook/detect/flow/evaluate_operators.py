"""Operators: arithmetic, comparisons, and what is chosen by a condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bluehook.detect.flow import containers, nodes
from bluehook.detect.flow.fold import arithmetic, compared
from bluehook.detect.flow.formatting import percent
from bluehook.detect.flow.state import State, meet, met
from bluehook.detect.flow.values import (
    ANY,
    NOWHERE,
    UNKNOWN,
    Value,
    cleaned,
    concatenated,
    constant,
    joined,
    merged,
    opened,
    with_forms,
)

if TYPE_CHECKING:
    from bluehook.detect.flow.machine import Machine


def binary(machine: Machine, expression: nodes.Binary, state: State) -> Value:
    """An operator between two values; ``+`` and ``%`` keep the composition of text, ``/`` that of paths."""
    left, right = machine.evaluate(expression.left, state), machine.evaluate(expression.right, state)
    folded = arithmetic(expression.op, left, right)
    if folded is not None:
        return folded
    if expression.op == "%" and left.kind != "number" and right.kind not in ("float",):
        items = containers.items_of(state, right) if right.kind == "tuple" else None
        mapping = state.boxes.get(right.box) if right.kind == "dict" else None
        arguments = items if items is not None else [right]
        return percent(left, arguments, mapping.items if mapping is not None else {})
    if expression.op == "+":
        if left.box and right.box:
            return _added_lists(machine, left, right, state)
        return concatenated([left, right])
    if expression.op == "/" and (left.kind == "path" or right.kind == "path" or left.text is not None):
        return _below(left, right)
    if expression.op == "/" and left.kind != "number" and right.kind != "number" and machine.setting.uses_pathlib:
        return _below(left, right)
    if expression.op == "*" and left.text is not None and right.kind == "number":
        return left._replace(const=UNKNOWN) if not right.is_constant else concatenated([left, left])
    if expression.op == "|" and left.box and right.box:
        return opened(state.everything(left) | state.everything(right), left.kind)
    kind = "number" if left.kind == right.kind == "number" else ""
    return merged([left, right])._replace(kind=kind)


def _below(left: Value, right: Value) -> Value:
    """``left / right`` of paths: ``Path() / name`` is the name."""
    named = tuple(form for form in left.forms if form)
    if not named:
        return right._replace(kind="path")
    found = concatenated([with_forms(named), constant("/"), right])
    return (joined(found, right) if () in left.forms else found)._replace(kind="path")


def _added_lists(machine: Machine, left: Value, right: Value, state: State) -> Value:
    one, other = containers.items_of(state, left), containers.items_of(state, right)
    if one is not None and other is not None:
        return containers.of_items(state, machine.new_box(), left.kind, one + other)
    known = one if one is not None else []
    loose = state.everything(right) if one is not None else state.everything(left) | state.everything(right)
    return containers.of_items(state, machine.new_box(), left.kind, known, opened(loose))


def compare(machine: Machine, expression: nodes.Compare, state: State) -> Value:
    """A comparison: its outcome where it is known, else what it checks."""
    left = machine.evaluate(expression.first, state)
    result: bool | None = True
    for op, other in expression.rest:
        right = machine.evaluate(other, state)
        outcome = compared(op, left, right, state)
        result = outcome if result is not False and outcome is not True else result
        left = right
    if result is not None:
        return constant(result)
    return _membership(expression, machine.evaluate(expression.first, state), left)


def _membership(expression: nodes.Compare, left: Value, right: Value) -> Value:
    """The outcome of ``x in ALLOWED`` as a value, which still tells what was checked."""
    if (
        len(expression.rest) == 1
        and expression.rest[0][0] in ("in", "==")
        and any(left.taints())
        and not any(right.taints())
    ):
        marks = "ssrf,open-redirect" if left.kind == "url-part" else ANY
        return opened(left.hole(), f"match:{marks}")
    return Value(kind="number")


def logic(machine: Machine, expression: nodes.Logic, state: State) -> Value:
    """``and``, ``or``: the right side is looked at where the left one lets it."""
    left = machine.evaluate(expression.left, state)
    if left.is_constant and left.const is not UNKNOWN:
        if bool(left.const) == (expression.op == "or"):
            return left
        return machine.evaluate(expression.right, state)
    from bluehook.detect.flow.guards import refine

    yes, no = refine(machine, expression.left, state)
    there = yes if expression.op == "and" else no
    right = machine.evaluate(expression.right, there)
    state.become(meet([no if expression.op == "and" else yes, there]))
    return met(state, left, right)


def unary(machine: Machine, expression: nodes.Unary, state: State) -> Value:
    """An operator before a value."""
    operand = machine.evaluate(expression.operand, state)
    if expression.op == "not":
        return constant(not operand.const) if operand.is_constant else Value(kind="number")
    return operand if operand.kind == "number" and not operand.is_constant else opened(operand.hole(), operand.kind)


def choice(machine: Machine, expression: nodes.Choice, state: State) -> Value:
    """``a if test else b``, each side with what the test says of it."""
    from bluehook.detect.flow.guards import refine

    yes, no = refine(machine, expression.test, state)
    then = machine.evaluate(expression.then, yes) if yes.alive else None
    other = machine.evaluate(expression.other, no) if no.alive else None
    if then is not None and other is not None:
        # Before the branches meet: one of them is the state itself, which then knows of neither check any more.
        then, other = _as_checked(then, yes, no), _as_checked(other, no, yes)
    state.become(meet([yes, no]))
    if then is None or other is None:
        return then or other or NOWHERE
    return met(state, then, other)


def _as_checked(value: Value, here: State, there: State) -> Value:
    """A value that was checked on its own branch stays checked where the branches meet."""
    marks: set[str] = set()
    for taint in value.taints():
        marks |= here.clean.get(taint.slot, frozenset()) - there.clean.get(taint.slot, frozenset())
    return cleaned(value, *marks) if marks else value
