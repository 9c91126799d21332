"""Statements: in order, both ways where a condition is open, loops twice, and what holds where ways meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bluehook.detect.flow import nodes
from bluehook.detect.flow.containers import element_of, store, unpacked
from bluehook.detect.flow.guards import refine
from bluehook.detect.flow.state import State, meet
from bluehook.detect.flow.values import NONE, NOWHERE, Changer, Local, Value, changed, constant

if TYPE_CHECKING:
    from bluehook.detect.flow.machine import Machine

_ROUNDS = 2


def execute(machine: Machine, block: nodes.Block, state: State) -> None:
    """Run a block; afterwards the state is what holds behind it, dead where nothing gets there."""
    for statement in block:
        if not state.alive:
            return
        machine.spend()
        _RULES[type(statement)](machine, statement, state)


def assign(machine: Machine, target: nodes.Expr, value: Value, state: State) -> None:
    """Bind a value to a name, an attribute, an item or several of them."""
    if isinstance(target, nodes.Name):
        state.vars[target.id] = changed(value, Changer(at=target.at.parent or target.at))
    elif isinstance(target, nodes.Attr):
        owner = machine.evaluate(target.of, state)
        if owner.box:
            store(state, owner, target.name, value)
        else:
            machine.site_of_store(target, owner, value, state)
            if isinstance(target.of, nodes.Name):
                state.vars[f"{target.of.id}.{target.name}"] = value
    elif isinstance(target, (nodes.Index, nodes.Slice)):
        _assign_item(machine, target, value, state)
    elif isinstance(target, nodes.Sequence):
        for part, item in zip(target.items, unpacked(state, value, len(target.items)), strict=True):
            assign(machine, part.value if isinstance(part, nodes.Star) else part, item, state)
    elif isinstance(target, nodes.Star):
        assign(machine, target.value, value, state)


def _assign_item(machine: Machine, target: nodes.Index | nodes.Slice, value: Value, state: State) -> None:
    owner = machine.evaluate(target.of, state)
    key = machine.evaluate(target.key, state) if isinstance(target, nodes.Index) else NOWHERE
    machine.site_of_store(target, owner, value, state, key)
    if owner.box:
        store(state, owner, key.const, value)
    elif isinstance(target.of, nodes.Name) and any(value.taints()):
        before = state.vars.get(target.of.id, NOWHERE)
        state.vars[target.of.id] = before._replace(forms=((before.hole() | value.hole(),),))


def _assign(machine: Machine, s: nodes.Assign, state: State) -> None:
    if s.op:
        target = s.targets[0]
        value = machine.evaluate(nodes.Binary(s.at, s.op, target, s.value), state)
        before = machine.evaluate(target, state)
        if before.box and s.op == "+":
            added = machine.evaluate(s.value, state)
            extend(machine, before, added, state)
            return
        assign(machine, target, value, state)
        return
    value = machine.evaluate(s.value, state)
    for target in s.targets:
        assign(machine, target, value, state)


def extend(machine: Machine, owner: Value, added: Value, state: State) -> None:
    """Append what another container yields."""
    from bluehook.detect.flow.containers import append, items_of

    items = items_of(state, added)
    for item in items if items is not None else [element_of(state, added)]:
        append(state, owner, item, exact=items is not None)


def _evaluate(machine: Machine, s: nodes.Evaluate, state: State) -> None:
    machine.evaluate(s.value, state)


def _return(machine: Machine, s: nodes.Return, state: State) -> None:
    frame = machine.frame
    if frame.as_condition and s.value is not None:
        for outcome, there in zip((True, False), refine(machine, s.value, state), strict=True):
            if there.alive:
                frame.exits.append((constant(outcome), there))
    else:
        value = machine.evaluate(s.value, state) if s.value is not None else NONE
        machine.returned(s, value, state)
        frame.exits.append((value, state.copy()))
    state.alive = False


def _leave(machine: Machine, s: nodes.Leave, state: State) -> None:
    if s.value is not None:
        value = machine.evaluate(s.value, state)
        if s.kind == "raise":
            machine.raised(s, value, state)
    if s.kind != "raise" and machine.frame.loops:
        machine.frame.loops[-1].append(state.copy())
    state.alive = False


def _if(machine: Machine, s: nodes.If, state: State) -> None:
    ends = []
    rest = state
    for test, body in s.branches:
        yes, rest = refine(machine, test, rest)
        execute(machine, body, yes)
        ends.append(yes)
        if not rest.alive:
            break
    execute(machine, s.orelse, rest)
    state.become(meet([*ends, rest]))


def _loop(machine: Machine, s: nodes.Loop, state: State) -> None:
    outs: list[State] = []
    machine.frame.loops.append(outs)
    before = state.copy()
    known = _known_items(machine, s, state)
    for round_ in range(_ROUNDS if known is None else len(known)):
        if not state.alive:
            break
        if s.target is None:
            yes, no = refine(machine, s.source, state.copy())
            outs.append(no)
            state.become(yes)
        else:
            source = machine.evaluate(s.source, state) if known is None else NOWHERE
            item = known[round_] if known is not None else element_of(state, source)
            assign(machine, s.target, item, state)
        execute(machine, s.body, state)
    machine.frame.loops.pop()
    ends = [state, *outs] if s.target is None else [state, *outs, *([] if known else [before])]
    state.become(meet(ends))
    execute(machine, s.orelse, state)


_FEW = 4


def _known_items(machine: Machine, s: nodes.Loop, state: State) -> list[Value] | None:
    """The items of a loop over few that are known, so that each keeps its own fate."""
    from bluehook.detect.flow.containers import items_of

    if s.target is None or not isinstance(s.source, (nodes.Name, nodes.Sequence, nodes.Attr)):
        return None
    items = items_of(state, machine.evaluate(s.source, state))
    return items if items is not None and 0 < len(items) <= _FEW else None


def _try(machine: Machine, s: nodes.Try, state: State) -> None:
    ends = []
    start = state.copy()
    between: list[State] = []
    for statement in s.body:
        execute(machine, (statement,), state)
        if state.alive and len(between) < _FEW:
            between.append(state.copy())
    execute(machine, s.orelse, state)
    ends.append(state)
    risky = meet([start, *between[:-1]])
    for name, body in s.handlers:
        there = risky.copy()
        if name:
            there.vars[name] = machine.exception(s)
        execute(machine, body, there)
        ends.append(there)
    after = meet(ends)
    if not after.alive and s.final:
        cleanup = risky.copy()
        execute(machine, s.final, cleanup)
    state.become(after)
    execute(machine, s.final, state)


def _with(machine: Machine, s: nodes.With, state: State) -> None:
    for value, target in s.items:
        found = machine.evaluate(value, state)
        if target is not None:
            assign(machine, target, found, state)
    suppressing = any("suppress" in machine.text(value.at) for value, _ in s.items)
    before = state.copy() if suppressing else None
    execute(machine, s.body, state)
    if before is not None:
        state.become(meet([before, state]))


def _match(machine: Machine, s: nodes.Match, state: State) -> None:
    subject = machine.evaluate(s.subject, state)
    ends = []
    for case in s.cases:
        there = state.copy()
        if subject.is_constant and case.constants:
            if subject.const not in case.constants:
                continue
            state.alive = False
        elif case.constants:
            there.check(subject.taints(), "*")
            if isinstance(s.subject, nodes.Name):
                there.vars[s.subject.id] = subject._replace(forms=tuple((str(c),) for c in case.constants[:4]))
        for name in case.names:
            there.vars[name] = subject._replace(box=0, forms=((state.everything(subject),),))
        if case.guard is not None:
            there, _ = refine(machine, case.guard, there)
        if case.catches_all:
            state.alive = False
        execute(machine, case.body, there)
        ends.append(there)
        if not state.alive:
            break
    state.become(meet([*ends, state]))


def _assert(machine: Machine, s: nodes.Assert, state: State) -> None:
    """An assertion is no guard, ``-O`` takes it away: what it checks is doubted at most."""
    yes, _ = refine(machine, s.test, state.copy())
    for slot, marks in yes.clean.items():
        state.doubt[slot] = state.doubt.get(slot, frozenset()) | marks


def _delete(machine: Machine, s: nodes.Delete, state: State) -> None:
    for target in s.targets:
        if isinstance(target, nodes.Name):
            state.vars[target.id] = NOWHERE
        elif isinstance(target, nodes.Index):
            owner, key = machine.evaluate(target.of, state), machine.evaluate(target.key, state)
            box = state.boxes.get(owner.box)
            if box is not None and key.is_constant and box.kind == "dict":
                items = {k: v for k, v in box.items.items() if k != key.const}
                state.boxes[owner.box] = box._replace(items=items)


def _define(machine: Machine, s: nodes.Define, state: State) -> None:
    state.vars[s.name] = Value(local=Local(s.what))


def _outer(machine: Machine, s: nodes.Outer, state: State) -> None:
    """Names of the module keep what the module gave them."""


_RULES: dict[type[Any], Callable[[Any, Any, State], None]] = {
    nodes.Assign: _assign,
    nodes.Evaluate: _evaluate,
    nodes.Return: _return,
    nodes.Leave: _leave,
    nodes.If: _if,
    nodes.Loop: _loop,
    nodes.Try: _try,
    nodes.With: _with,
    nodes.Match: _match,
    nodes.Assert: _assert,
    nodes.Delete: _delete,
    nodes.Define: _define,
    nodes.Outer: _outer,
}
