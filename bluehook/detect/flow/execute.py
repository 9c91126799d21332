"""Statements: in order, both ways where a condition is open, loops twice, and what holds where ways meet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bluehook.detect.flow import nodes as n
from bluehook.detect.flow.containers import element_of, store, unpacked
from bluehook.detect.flow.guards import refine
from bluehook.detect.flow.state import State, meet
from bluehook.detect.flow.values import NONE, NOWHERE, Changer, Local, Value, changed, constant

if TYPE_CHECKING:
    from bluehook.detect.flow.machine import Machine

_ROUNDS = 2


def execute(m: Machine, block: n.Block, state: State) -> None:
    """Run a block; afterwards the state is what holds behind it, dead where nothing gets there."""
    for statement in block:
        if not state.alive:
            return
        m.spend()
        _RULES[type(statement)](m, statement, state)


def assign(m: Machine, target: n.Expr, value: Value, state: State) -> None:
    """Bind a value to a name, an attribute, an item or several of them."""
    if isinstance(target, n.Name):
        state.vars[target.id] = changed(value, Changer(at=target.at.parent or target.at))
    elif isinstance(target, n.Attr):
        owner = m.evaluate(target.of, state)
        if owner.box:
            store(state, owner, target.name, value)
        else:
            m.site_of_store(target, owner, value, state)
            if isinstance(target.of, n.Name):
                state.vars[f"{target.of.id}.{target.name}"] = value
    elif isinstance(target, (n.Index, n.Slice)):
        _assign_item(m, target, value, state)
    elif isinstance(target, n.Sequence):
        for part, item in zip(target.items, unpacked(state, value, len(target.items)), strict=True):
            assign(m, part.value if isinstance(part, n.Star) else part, item, state)
    elif isinstance(target, n.Star):
        assign(m, target.value, value, state)


def _assign_item(m: Machine, target: n.Index | n.Slice, value: Value, state: State) -> None:
    owner = m.evaluate(target.of, state)
    key = m.evaluate(target.key, state) if isinstance(target, n.Index) else NOWHERE
    m.site_of_store(target, owner, value, state, key)
    if owner.box:
        store(state, owner, key.const, value)
    elif isinstance(target.of, n.Name) and any(value.taints()):
        before = state.vars.get(target.of.id, NOWHERE)
        state.vars[target.of.id] = before._replace(forms=((before.hole() | value.hole(),),))


def _assign(m: Machine, s: n.Assign, state: State) -> None:
    if s.op:
        target = s.targets[0]
        value = m.evaluate(n.Binary(s.at, s.op, target, s.value), state)
        before = m.evaluate(target, state)
        if before.box and s.op == "+":
            added = m.evaluate(s.value, state)
            extend(m, before, added, state)
            return
        assign(m, target, value, state)
        return
    value = m.evaluate(s.value, state)
    for target in s.targets:
        assign(m, target, value, state)


def extend(m: Machine, owner: Value, added: Value, state: State) -> None:
    """Append what another container yields."""
    from bluehook.detect.flow.containers import append, items_of

    items = items_of(state, added)
    for item in items if items is not None else [element_of(state, added)]:
        append(state, owner, item, exact=items is not None)


def _evaluate(m: Machine, s: n.Evaluate, state: State) -> None:
    m.evaluate(s.value, state)


def _return(m: Machine, s: n.Return, state: State) -> None:
    frame = m.frame
    if frame.as_condition and s.value is not None:
        for outcome, there in zip((True, False), refine(m, s.value, state), strict=True):
            if there.alive:
                frame.exits.append((constant(outcome), there))
    else:
        value = m.evaluate(s.value, state) if s.value is not None else NONE
        m.returned(s, value, state)
        frame.exits.append((value, state.copy()))
    state.alive = False


def _leave(m: Machine, s: n.Leave, state: State) -> None:
    if s.value is not None:
        value = m.evaluate(s.value, state)
        if s.kind == "raise":
            m.raised(s, value, state)
    if s.kind != "raise" and m.frame.loops:
        m.frame.loops[-1].append(state.copy())
    state.alive = False


def _if(m: Machine, s: n.If, state: State) -> None:
    ends = []
    rest = state
    for test, body in s.branches:
        yes, rest = refine(m, test, rest)
        execute(m, body, yes)
        ends.append(yes)
        if not rest.alive:
            break
    execute(m, s.orelse, rest)
    state.become(meet([*ends, rest]))


def _loop(m: Machine, s: n.Loop, state: State) -> None:
    outs: list[State] = []
    m.frame.loops.append(outs)
    before = state.copy()
    known = _known_items(m, s, state)
    for round_ in range(_ROUNDS if known is None else len(known)):
        if not state.alive:
            break
        if s.target is None:
            yes, no = refine(m, s.source, state.copy())
            outs.append(no)
            state.become(yes)
        else:
            source = m.evaluate(s.source, state) if known is None else NOWHERE
            item = known[round_] if known is not None else element_of(state, source)
            assign(m, s.target, item, state)
        execute(m, s.body, state)
    m.frame.loops.pop()
    ends = [state, *outs] if s.target is None else [state, *outs, *([] if known else [before])]
    state.become(meet(ends))
    execute(m, s.orelse, state)


_FEW = 4


def _known_items(m: Machine, s: n.Loop, state: State) -> list[Value] | None:
    """The items of a loop over few that are known, so that each keeps its own fate."""
    from bluehook.detect.flow.containers import items_of

    if s.target is None or not isinstance(s.source, (n.Name, n.Sequence, n.Attr)):
        return None
    items = items_of(state, m.evaluate(s.source, state))
    return items if items is not None and 0 < len(items) <= _FEW else None


def _try(m: Machine, s: n.Try, state: State) -> None:
    ends = []
    start = state.copy()
    between: list[State] = []
    for statement in s.body:
        execute(m, (statement,), state)
        if state.alive and len(between) < _FEW:
            between.append(state.copy())
    execute(m, s.orelse, state)
    ends.append(state)
    risky = meet([start, *between[:-1]])
    for name, body in s.handlers:
        there = risky.copy()
        if name:
            there.vars[name] = m.exception(s)
        execute(m, body, there)
        ends.append(there)
    after = meet(ends)
    if not after.alive and s.final:
        cleanup = risky.copy()
        execute(m, s.final, cleanup)
    state.become(after)
    execute(m, s.final, state)


def _with(m: Machine, s: n.With, state: State) -> None:
    for value, target in s.items:
        found = m.evaluate(value, state)
        if target is not None:
            assign(m, target, found, state)
    suppressing = any("suppress" in m.text(value.at) for value, _ in s.items)
    before = state.copy() if suppressing else None
    execute(m, s.body, state)
    if before is not None:
        state.become(meet([before, state]))


def _match(m: Machine, s: n.Match, state: State) -> None:
    subject = m.evaluate(s.subject, state)
    ends = []
    for case in s.cases:
        there = state.copy()
        if subject.is_constant and case.constants:
            if subject.const not in case.constants:
                continue
            state.alive = False
        elif case.constants:
            there.check(subject.taints(), "*")
            if isinstance(s.subject, n.Name):
                there.vars[s.subject.id] = subject._replace(forms=tuple((str(c),) for c in case.constants[:4]))
        for name in case.names:
            there.vars[name] = subject._replace(box=0, forms=((state.everything(subject),),))
        if case.guard is not None:
            there, _ = refine(m, case.guard, there)
        if case.catches_all:
            state.alive = False
        execute(m, case.body, there)
        ends.append(there)
        if not state.alive:
            break
    state.become(meet([*ends, state]))


def _assert(m: Machine, s: n.Assert, state: State) -> None:
    """An assertion is no guard, ``-O`` takes it away: what it checks is doubted at most."""
    yes, _ = refine(m, s.test, state.copy())
    for slot, marks in yes.clean.items():
        state.doubt[slot] = state.doubt.get(slot, frozenset()) | marks


def _delete(m: Machine, s: n.Delete, state: State) -> None:
    for target in s.targets:
        if isinstance(target, n.Name):
            state.vars[target.id] = NOWHERE
        elif isinstance(target, n.Index):
            owner, key = m.evaluate(target.of, state), m.evaluate(target.key, state)
            box = state.boxes.get(owner.box)
            if box is not None and key.is_constant and box.kind == "dict":
                items = {k: v for k, v in box.items.items() if k != key.const}
                state.boxes[owner.box] = box._replace(items=items)


def _define(m: Machine, s: n.Define, state: State) -> None:
    state.vars[s.name] = Value(local=Local(s.what))


def _outer(m: Machine, s: n.Outer, state: State) -> None:
    """Names of the module keep what the module gave them."""


_RULES: dict[type[Any], Callable[[Any, Any, State], None]] = {
    n.Assign: _assign,
    n.Evaluate: _evaluate,
    n.Return: _return,
    n.Leave: _leave,
    n.If: _if,
    n.Loop: _loop,
    n.Try: _try,
    n.With: _with,
    n.Match: _match,
    n.Assert: _assert,
    n.Delete: _delete,
    n.Define: _define,
    n.Outer: _outer,
}
