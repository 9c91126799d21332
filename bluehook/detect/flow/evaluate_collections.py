"""Collections: made, and taken from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bluehook.detect.flow import containers, nodes
from bluehook.detect.flow.sources import item_of
from bluehook.detect.flow.state import Key, State
from bluehook.detect.flow.values import (
    NOWHERE,
    UNKNOWN,
    Value,
    cleaned,
    constant,
    merged,
    opened,
)

if TYPE_CHECKING:
    from bluehook.detect.flow.machine import Machine


def item(machine: Machine, expression: nodes.Index, state: State) -> Value:
    """One item, by its key where that is known."""
    owner, key = machine.evaluate(expression.of, state), machine.evaluate(expression.key, state)
    if owner.box:
        found = containers.get(state, owner, key.const)
        if found is not None:
            return found
        if key.is_constant and state.boxes[owner.box].kind in ("dict", "list", "tuple"):
            return NOWHERE
    if owner.text is not None:
        if isinstance(key.const, int) and -len(owner.text) <= key.const < len(owner.text):
            return constant(owner.text[key.const])
        return NOWHERE
    return item_of(machine, expression, owner, key)


def part(machine: Machine, expression: nodes.Slice, state: State) -> Value:
    """A slice; of text and of what is known item by item, the very part."""
    owner = machine.evaluate(expression.of, state)
    low = machine.evaluate(expression.lower, state).const if expression.lower is not None else None
    high = machine.evaluate(expression.upper, state).const if expression.upper is not None else None
    known = all(bound is None or isinstance(bound, int) for bound in (low, high))
    if known and not isinstance(low, (str, float)) and not isinstance(high, (str, float)):
        bounds = slice(None if low is UNKNOWN else low, None if high is UNKNOWN else high)
        if owner.text is not None:
            return constant(owner.text[bounds])
        items = containers.items_of(state, owner) if owner.kind in ("list", "tuple") else None
        if items is not None:
            return containers.of_items(state, machine.new_box(), owner.kind, items[bounds])
    if owner.box:
        return opened(state.everything(owner), "list")
    if len(owner.forms) == 1 and owner.prefix() and low is not None:
        return opened(owner.hole())
    return owner._replace(const=UNKNOWN) if owner.text is not None else owner


def sequence(machine: Machine, expression: nodes.Sequence, state: State) -> Value:
    """A list, tuple or set that is written out."""
    items: list[Value] = []
    rest: Value | None = None
    for item in expression.items:
        value = machine.evaluate(item.value if isinstance(item, nodes.Star) else item, state)
        if isinstance(item, nodes.Star):
            several = containers.items_of(state, value)
            if several is None:
                rest = containers.element_of(state, value) if rest is None else merged([rest, value])
            else:
                items += several
        else:
            items.append(value)
    return containers.of_items(state, machine.new_box(), expression.kind, items, rest)


def mapping(machine: Machine, expression: nodes.Mapping, state: State) -> Value:
    """A dictionary that is written out."""
    items: dict[Key, Value] = {}
    rest: Value | None = None
    for key, value in expression.pairs:
        found = machine.evaluate(value, state)
        name = machine.evaluate(key, state) if key is not None else None
        if name is not None and name.const is not UNKNOWN:
            items[name.const] = found
        elif key is None and found.kind == "dict" and found.box in state.boxes:
            items.update(state.boxes[found.box].items)
            rest = state.boxes[found.box].rest if rest is None else rest
        else:
            loose = opened(state.everything(found) | (name.hole() if name is not None else frozenset()))
            rest = loose if rest is None else merged([rest, loose])
    return containers.make(state, machine.new_box(), "dict", items, rest)


def comprehension(machine: Machine, expression: nodes.Comprehension, state: State) -> Value:
    """A comprehension: item by item where the items are known, else once for all of them."""
    from bluehook.detect.flow.execute import assign
    from bluehook.detect.flow.guards import refine

    inner = state.copy()
    single = len(expression.clauses) == 1 and not expression.clauses[0].tests and expression.key is None
    if single:
        source = machine.evaluate(expression.clauses[0].iterable, state)
        known = containers.items_of(state, source)
        if known is not None and len(known) <= containers._LARGEST // 4:
            found = []
            for item in known:
                assign(machine, expression.clauses[0].target, item, inner)
                found.append(machine.evaluate(expression.element, inner))
            state.boxes.update(inner.boxes)
            return containers.of_items(state, machine.new_box(), expression.kind, found)
    for clause in expression.clauses:
        assign(machine, clause.target, containers.element_of(inner, machine.evaluate(clause.iterable, inner)), inner)
        for test in clause.tests:
            inner = refine(machine, test, inner)[0]
    key = machine.evaluate(expression.key, inner) if expression.key is not None else None
    element = machine.evaluate(expression.element, inner)
    marks = inner.clean
    element = _marked(element, marks)
    state.boxes.update(inner.boxes)
    loose = merged([key, element]) if key is not None else element
    return containers.make(state, machine.new_box(), expression.kind, {}, loose)


def _marked(value: Value, marks: dict[str, frozenset[str]]) -> Value:
    wanted: frozenset[str] = frozenset()
    for taint in value.taints():
        wanted |= marks.get(taint.slot, frozenset())
    return cleaned(value, *wanted) if wanted else value
