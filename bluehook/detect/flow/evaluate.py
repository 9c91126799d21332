"""Expressions: their abstract values, and what they do to the state."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bluehook.detect.flow import containers, nodes
from bluehook.detect.flow import evaluate_collections as collections
from bluehook.detect.flow import evaluate_operators as operators
from bluehook.detect.flow.calls import call
from bluehook.detect.flow.formatting import interpolated
from bluehook.detect.flow.sources import attribute_of, name_unbound
from bluehook.detect.flow.state import State
from bluehook.detect.flow.values import (
    Local,
    Trust,
    Value,
    constant,
    tainted,
)
from bluehook.parse import Class

if TYPE_CHECKING:
    from bluehook.detect.flow.machine import Machine


def evaluate(machine: Machine, expression: nodes.Expr, state: State) -> Value:
    """The value of an expression."""
    machine.spend()
    return _RULES[type(expression)](machine, expression, state)


def _const(machine: Machine, expression: nodes.Const, state: State) -> Value:
    return constant(expression.value)


def _name(machine: Machine, expression: nodes.Name, state: State) -> Value:
    found = state.vars.get(expression.id)
    if found is not None:
        return found
    return _module_name(machine, expression.id, state)


def _module_name(machine: Machine, name: str, state: State) -> Value:
    """What a name stands for outside the function: a variable, function or class of the module, an import."""
    found = machine.globals.vars.get(name)
    if found is not None:
        if found.box and found.box not in state.boxes:
            _bring(machine, found, state)
        return found
    function = machine.function_named(name, machine.frame.function)
    if function is not None:
        return Value(local=Local(function))
    if name in machine.classes:
        return Value(local=Local(machine.classes[name]))
    return name_unbound(machine.setting, name, machine.imports.get(name))


def _bring(machine: Machine, value: Value, state: State, depth: int = 0) -> None:
    """Containers of the module are in the heap of every function."""
    box = machine.globals.boxes.get(value.box)
    if box is None or value.box in state.boxes or depth > containers._LARGEST:
        return
    state.boxes[value.box] = box
    for item in box.values():
        if item.box:
            _bring(machine, item, state, depth + 1)


def _attr(machine: Machine, expression: nodes.Attr, state: State) -> Value:
    if isinstance(expression.of, nodes.Name):
        known = state.vars.get(f"{expression.of.id}.{expression.name}")
        if known is not None:
            return known
    owner = machine.evaluate(expression.of, state)
    if owner.box:
        found = _attribute_of_box(machine, expression, owner, state)
        if found is not None:
            return found
    if isinstance(owner.local, Local) and isinstance(owner.local.what, Class):
        in_class = machine.program.home(owner.local.what).class_attribute(owner.local.what, expression.name, state)
        if in_class is not None:
            return in_class
    return attribute_of(machine, expression, owner)


def _attribute_of_box(machine: Machine, expression: nodes.Attr, owner: Value, state: State) -> Value | None:
    box = state.boxes.get(owner.box)
    if box is None or box.kind != "object":
        return None
    found = box.items.get(expression.name)
    if found is None and isinstance(owner.local, Local) and isinstance(owner.local.what, Class):
        method = machine.program.home(owner.local.what).method_named(owner.local.what, expression.name)
        if method is not None:
            return Value(local=Local(method, owner))
    return found


def _call(machine: Machine, expression: nodes.Call, state: State) -> Value:
    return call(machine, expression, state)


def _joined(machine: Machine, expression: nodes.Joined, state: State) -> Value:
    return interpolated([(machine.evaluate(part, state), spec) for part, spec in expression.parts])


def _lambda(machine: Machine, expression: nodes.Lambda, state: State) -> Value:
    return Value(local=Local(expression))


def _walrus(machine: Machine, expression: nodes.Walrus, state: State) -> Value:
    value = machine.evaluate(expression.value, state)
    state.vars[expression.name] = value
    return value


def _star(machine: Machine, expression: nodes.Star, state: State) -> Value:
    return machine.evaluate(expression.value, state)


def _other(machine: Machine, expression: nodes.Other, state: State) -> Value:
    values = [machine.evaluate(part, state) for part in expression.parts]
    found = frozenset(taint for value in values for taint in state.everything(value))
    return tainted(*(taint for taint in found if taint.trust > Trust.ASSUMED))


_RULES: dict[type[Any], Callable[[Any, Any, State], Value]] = {
    nodes.Const: _const,
    nodes.Name: _name,
    nodes.Attr: _attr,
    nodes.Index: collections.item,
    nodes.Slice: collections.part,
    nodes.Call: _call,
    nodes.Joined: _joined,
    nodes.Binary: operators.binary,
    nodes.Compare: operators.compare,
    nodes.Logic: operators.logic,
    nodes.Unary: operators.unary,
    nodes.Choice: operators.choice,
    nodes.Sequence: collections.sequence,
    nodes.Mapping: collections.mapping,
    nodes.Comprehension: collections.comprehension,
    nodes.Lambda: _lambda,
    nodes.Walrus: _walrus,
    nodes.Star: _star,
    nodes.Other: _other,
}
