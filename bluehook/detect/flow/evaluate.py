"""Expressions: their abstract values, and what they do to the state."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bluehook.detect.flow import containers
from bluehook.detect.flow import evaluate_collections as collections
from bluehook.detect.flow import evaluate_operators as operators
from bluehook.detect.flow import nodes as n
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


def evaluate(m: Machine, e: n.Expr, state: State) -> Value:
    """The value of an expression."""
    m.spend()
    return _RULES[type(e)](m, e, state)


def _const(m: Machine, e: n.Const, state: State) -> Value:
    return constant(e.value)


def _name(m: Machine, e: n.Name, state: State) -> Value:
    found = state.vars.get(e.id)
    if found is not None:
        return found
    return _module_name(m, e.id, state)


def _module_name(m: Machine, name: str, state: State) -> Value:
    """What a name stands for outside the function: a variable, function or class of the module, an import."""
    found = m.globals.vars.get(name)
    if found is not None:
        if found.box and found.box not in state.boxes:
            _bring(m, found, state)
        return found
    function = m.function_named(name, m.frame.function)
    if function is not None:
        return Value(local=Local(function))
    if name in m.classes:
        return Value(local=Local(m.classes[name]))
    return name_unbound(m.setting, name, m.imports.get(name))


def _bring(m: Machine, value: Value, state: State, depth: int = 0) -> None:
    """Containers of the module are in the heap of every function."""
    box = m.globals.boxes.get(value.box)
    if box is None or value.box in state.boxes or depth > containers._LARGEST:
        return
    state.boxes[value.box] = box
    for item in box.values():
        if item.box:
            _bring(m, item, state, depth + 1)


def _attr(m: Machine, e: n.Attr, state: State) -> Value:
    if isinstance(e.of, n.Name):
        known = state.vars.get(f"{e.of.id}.{e.name}")
        if known is not None:
            return known
    owner = m.evaluate(e.of, state)
    if owner.box:
        found = _attribute_of_box(m, e, owner, state)
        if found is not None:
            return found
    if isinstance(owner.local, Local) and isinstance(owner.local.what, Class):
        in_class = m.program.home(owner.local.what).class_attribute(owner.local.what, e.name, state)
        if in_class is not None:
            return in_class
    return attribute_of(m, e, owner)


def _attribute_of_box(m: Machine, e: n.Attr, owner: Value, state: State) -> Value | None:
    box = state.boxes.get(owner.box)
    if box is None or box.kind != "object":
        return None
    found = box.items.get(e.name)
    if found is None and isinstance(owner.local, Local) and isinstance(owner.local.what, Class):
        method = m.program.home(owner.local.what).method_named(owner.local.what, e.name)
        if method is not None:
            return Value(local=Local(method, owner))
    return found


def _call(m: Machine, e: n.Call, state: State) -> Value:
    return call(m, e, state)


def _joined(m: Machine, e: n.Joined, state: State) -> Value:
    return interpolated([(m.evaluate(part, state), spec) for part, spec in e.parts])


def _lambda(m: Machine, e: n.Lambda, state: State) -> Value:
    return Value(local=Local(e))


def _walrus(m: Machine, e: n.Walrus, state: State) -> Value:
    value = m.evaluate(e.value, state)
    state.vars[e.name] = value
    return value


def _star(m: Machine, e: n.Star, state: State) -> Value:
    return m.evaluate(e.value, state)


def _other(m: Machine, e: n.Other, state: State) -> Value:
    values = [m.evaluate(part, state) for part in e.parts]
    found = frozenset(taint for value in values for taint in state.everything(value))
    return tainted(*(taint for taint in found if taint.trust > Trust.ASSUMED))


_RULES: dict[type[Any], Callable[[Any, Any, State], Value]] = {
    n.Const: _const,
    n.Name: _name,
    n.Attr: _attr,
    n.Index: collections.item,
    n.Slice: collections.part,
    n.Call: _call,
    n.Joined: _joined,
    n.Binary: operators.binary,
    n.Compare: operators.compare,
    n.Logic: operators.logic,
    n.Unary: operators.unary,
    n.Choice: operators.choice,
    n.Sequence: collections.sequence,
    n.Mapping: collections.mapping,
    n.Comprehension: collections.comprehension,
    n.Lambda: _lambda,
    n.Walrus: _walrus,
    n.Star: _star,
    n.Other: _other,
}
