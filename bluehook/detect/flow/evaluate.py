"""Expressions: their abstract values, and what they do to the state."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bluehook.detect.flow import containers
from bluehook.detect.flow import nodes as n
from bluehook.detect.flow.calls import call
from bluehook.detect.flow.fold import arithmetic, compared
from bluehook.detect.flow.formatting import interpolated, percent
from bluehook.detect.flow.sources import attribute_of, item_of, name_unbound
from bluehook.detect.flow.state import Key, State, meet, met
from bluehook.detect.flow.values import (
    ANY,
    NOWHERE,
    UNKNOWN,
    Local,
    Trust,
    Value,
    cleaned,
    concatenated,
    constant,
    joined,
    merged,
    opened,
    tainted,
    with_forms,
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
    return module_name(m, e.id, state)


def module_name(m: Machine, name: str, state: State) -> Value:
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


def _index(m: Machine, e: n.Index, state: State) -> Value:
    owner, key = m.evaluate(e.of, state), m.evaluate(e.key, state)
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
    return item_of(m, e, owner, key)


def _slice(m: Machine, e: n.Slice, state: State) -> Value:
    owner = m.evaluate(e.of, state)
    low = m.evaluate(e.lower, state).const if e.lower is not None else None
    high = m.evaluate(e.upper, state).const if e.upper is not None else None
    known = all(bound is None or isinstance(bound, int) for bound in (low, high))
    if known and not isinstance(low, (str, float)) and not isinstance(high, (str, float)):
        bounds = slice(None if low is UNKNOWN else low, None if high is UNKNOWN else high)
        if owner.text is not None:
            return constant(owner.text[bounds])
        items = containers.items_of(state, owner) if owner.kind in ("list", "tuple") else None
        if items is not None:
            return containers.of_items(state, m.new_box(), owner.kind, items[bounds])
    if owner.box:
        return opened(state.everything(owner), "list")
    if len(owner.forms) == 1 and owner.prefix() and low is not None:
        return opened(owner.hole())
    return owner._replace(const=UNKNOWN) if owner.text is not None else owner


def _call(m: Machine, e: n.Call, state: State) -> Value:
    return call(m, e, state)


def _joined(m: Machine, e: n.Joined, state: State) -> Value:
    return interpolated([(m.evaluate(part, state), spec) for part, spec in e.parts])


def _binary(m: Machine, e: n.Binary, state: State) -> Value:
    left, right = m.evaluate(e.left, state), m.evaluate(e.right, state)
    folded = arithmetic(e.op, left, right)
    if folded is not None:
        return folded
    if e.op == "%" and left.kind != "number" and right.kind not in ("float",):
        items = containers.items_of(state, right) if right.kind == "tuple" else None
        mapping = state.boxes.get(right.box) if right.kind == "dict" else None
        arguments = items if items is not None else [right]
        return percent(left, arguments, mapping.items if mapping is not None else {})
    if e.op == "+":
        if left.box and right.box:
            return _added_lists(m, left, right, state)
        return concatenated([left, right])
    if e.op == "/" and (left.kind == "path" or right.kind == "path" or left.text is not None):
        return _below(left, right)
    if e.op == "/" and left.kind != "number" and right.kind != "number" and m.setting.uses_pathlib:
        return _below(left, right)
    if e.op == "*" and left.text is not None and right.kind == "number":
        return left._replace(const=UNKNOWN) if not right.is_constant else concatenated([left, left])
    if e.op == "|" and left.box and right.box:
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


def _added_lists(m: Machine, left: Value, right: Value, state: State) -> Value:
    one, other = containers.items_of(state, left), containers.items_of(state, right)
    if one is not None and other is not None:
        return containers.of_items(state, m.new_box(), left.kind, one + other)
    known = one if one is not None else []
    loose = state.everything(right) if one is not None else state.everything(left) | state.everything(right)
    return containers.of_items(state, m.new_box(), left.kind, known, opened(loose))


def _compare(m: Machine, e: n.Compare, state: State) -> Value:
    left = m.evaluate(e.first, state)
    result: bool | None = True
    for op, other in e.rest:
        right = m.evaluate(other, state)
        outcome = compared(op, left, right, state)
        result = outcome if result is not False and outcome is not True else result
        left = right
    if result is not None:
        return constant(result)
    return membership(e, m.evaluate(e.first, state), left)


def membership(e: n.Compare, left: Value, right: Value) -> Value:
    """The outcome of ``x in ALLOWED`` as a value, which still tells what was checked."""
    if len(e.rest) == 1 and e.rest[0][0] in ("in", "==") and any(left.taints()) and not any(right.taints()):
        marks = "ssrf,open-redirect" if left.kind == "url-part" else ANY
        return opened(left.hole(), f"match:{marks}")
    return Value(kind="number")


def _logic(m: Machine, e: n.Logic, state: State) -> Value:
    left = m.evaluate(e.left, state)
    if left.is_constant and left.const is not UNKNOWN:
        if bool(left.const) == (e.op == "or"):
            return left
        return m.evaluate(e.right, state)
    from bluehook.detect.flow.guards import refine

    yes, no = refine(m, e.left, state)
    there = yes if e.op == "and" else no
    right = m.evaluate(e.right, there)
    state.become(meet([no if e.op == "and" else yes, there]))
    return met(state, left, right)


def _unary(m: Machine, e: n.Unary, state: State) -> Value:
    operand = m.evaluate(e.operand, state)
    if e.op == "not":
        return constant(not operand.const) if operand.is_constant else Value(kind="number")
    return operand if operand.kind == "number" and not operand.is_constant else opened(operand.hole(), operand.kind)


def _choice(m: Machine, e: n.Choice, state: State) -> Value:
    from bluehook.detect.flow.guards import refine

    yes, no = refine(m, e.test, state)
    then = m.evaluate(e.then, yes) if yes.alive else None
    other = m.evaluate(e.other, no) if no.alive else None
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


def _sequence(m: Machine, e: n.Sequence, state: State) -> Value:
    items: list[Value] = []
    rest: Value | None = None
    for item in e.items:
        value = m.evaluate(item.value if isinstance(item, n.Star) else item, state)
        if isinstance(item, n.Star):
            several = containers.items_of(state, value)
            if several is None:
                rest = containers.element_of(state, value) if rest is None else merged([rest, value])
            else:
                items += several
        else:
            items.append(value)
    return containers.of_items(state, m.new_box(), e.kind, items, rest)


def _mapping(m: Machine, e: n.Mapping, state: State) -> Value:
    items: dict[Key, Value] = {}
    rest: Value | None = None
    for key, value in e.pairs:
        found = m.evaluate(value, state)
        name = m.evaluate(key, state) if key is not None else None
        if name is not None and name.const is not UNKNOWN:
            items[name.const] = found
        elif key is None and found.kind == "dict" and found.box in state.boxes:
            items.update(state.boxes[found.box].items)
            rest = state.boxes[found.box].rest if rest is None else rest
        else:
            loose = opened(state.everything(found) | (name.hole() if name is not None else frozenset()))
            rest = loose if rest is None else merged([rest, loose])
    return containers.make(state, m.new_box(), "dict", items, rest)


def _comprehension(m: Machine, e: n.Comprehension, state: State) -> Value:
    from bluehook.detect.flow.execute import assign
    from bluehook.detect.flow.guards import refine

    inner = state.copy()
    single = len(e.clauses) == 1 and not e.clauses[0].tests and e.key is None
    if single:
        source = m.evaluate(e.clauses[0].iterable, state)
        known = containers.items_of(state, source)
        if known is not None and len(known) <= containers._LARGEST // 4:
            found = []
            for item in known:
                assign(m, e.clauses[0].target, item, inner)
                found.append(m.evaluate(e.element, inner))
            state.boxes.update(inner.boxes)
            return containers.of_items(state, m.new_box(), e.kind, found)
    for clause in e.clauses:
        assign(m, clause.target, containers.element_of(inner, m.evaluate(clause.iterable, inner)), inner)
        for test in clause.tests:
            inner = refine(m, test, inner)[0]
    key = m.evaluate(e.key, inner) if e.key is not None else None
    element = m.evaluate(e.element, inner)
    marks = inner.clean
    element = _marked(element, marks)
    state.boxes.update(inner.boxes)
    loose = merged([key, element]) if key is not None else element
    return containers.make(state, m.new_box(), e.kind, {}, loose)


def _marked(value: Value, marks: dict[str, frozenset[str]]) -> Value:
    wanted: frozenset[str] = frozenset()
    for taint in value.taints():
        wanted |= marks.get(taint.slot, frozenset())
    return cleaned(value, *wanted) if wanted else value


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
    n.Index: _index,
    n.Slice: _slice,
    n.Call: _call,
    n.Joined: _joined,
    n.Binary: _binary,
    n.Compare: _compare,
    n.Logic: _logic,
    n.Unary: _unary,
    n.Choice: _choice,
    n.Sequence: _sequence,
    n.Mapping: _mapping,
    n.Comprehension: _comprehension,
    n.Lambda: _lambda,
    n.Walrus: _walrus,
    n.Star: _star,
    n.Other: _other,
}
