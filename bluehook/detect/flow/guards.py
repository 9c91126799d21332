"""Conditions: what is known on either side of a test, and which checks of a value count for which weakness.

A check counts for the origins that the checked value carries, from there on, on the side where it holds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bluehook.detect.flow import nodes
from bluehook.detect.flow.checks import (
    apply_match,
    checked_as_step,
    checked_by_beginning,
    checked_by_call,
    checked_by_equality,
    checked_by_in,
    is_step,
)
from bluehook.detect.flow.fold import compared
from bluehook.detect.flow.state import State, meet
from bluehook.detect.flow.values import ANY, UNKNOWN, Local, Value

if TYPE_CHECKING:
    from bluehook.detect.flow.machine import Machine

_NEGATED = {"not in": "in", "!=": "==", "<>": "==", "is not": "is"}


def refine(machine: Machine, test: nodes.Expr, state: State) -> tuple[State, State]:
    """The states in which a test holds and in which it does not; a decided test leaves one of them dead.

    The state given is used up.
    """
    machine.spend()
    if isinstance(test, nodes.Unary) and test.op == "not":
        yes, no = refine(machine, test.operand, state)
        return no, yes
    if isinstance(test, nodes.Logic):
        return _logic(machine, test, state)
    if isinstance(test, nodes.Compare) and len(test.rest) == 1:
        return _compare(machine, test, state)
    if isinstance(test, nodes.Call):
        return _call(machine, test, state)
    if isinstance(test, nodes.Walrus):
        yes, no = _truth(machine, test, state)
        return yes, no
    return _truth(machine, test, state)


def _split(state: State, outcome: bool | None) -> tuple[State, State]:
    other = state.copy()
    if outcome is not None:
        (other if outcome else state).alive = False
    return state, other


def _truth(machine: Machine, test: nodes.Expr, state: State) -> tuple[State, State]:
    value = machine.evaluate(test, state)
    yes, no = _split(state, _truthiness(value, state))
    if not value.is_constant and yes.alive and no.alive:
        if value.kind.startswith("match:"):
            apply_match(value, yes)
        elif isinstance(test, (nodes.Name, nodes.Walrus)):
            no.check(value.taints(), ANY)
            if is_step(value):
                yes.check(value.taints(), "no-absolute")
    return yes, no


def _truthiness(value: Value, state: State) -> bool | None:
    if value.const is not UNKNOWN:
        return bool(value.const)
    box = state.boxes.get(value.box)
    if box is not None and box.rest is None and box.kind in ("list", "dict", "tuple", "set") and box.items:
        return True
    return None


def _logic(machine: Machine, test: nodes.Logic, state: State) -> tuple[State, State]:
    yes, no = refine(machine, test.left, state)
    if test.op == "and":
        both, second = refine(machine, test.right, yes) if yes.alive else (yes, yes)
        return both, meet([no, second])
    first, neither = refine(machine, test.right, no) if no.alive else (no, no)
    return meet([yes, first]), neither


def _compare(machine: Machine, test: nodes.Compare, state: State) -> tuple[State, State]:
    op, other = test.rest[0]
    left, right = machine.evaluate(test.first, state), machine.evaluate(other, state)
    outcome = compared(op, left, right, state)
    yes, no = _split(state, outcome)
    if outcome is not None:
        return yes, no
    holds, fails = (no, yes) if op in _NEGATED else (yes, no)
    op = _NEGATED.get(op, op)
    if op in ("in", "=="):
        checked_by_beginning(machine, test.first, op, right, holds, fails)
        checked_as_step(left, right, fails)
    if op == "in":
        checked_by_in(machine, test, other, left, right, holds, fails)
    elif op == "==":
        checked_by_equality(test.first, other, left, right, holds)
        _narrow(test.first, right, holds)
        _narrow(other, left, holds)
    elif op == "is":
        _is_none(left, right, holds, fails)
    return yes, no


def _narrow(name: nodes.Expr, value: Value, state: State) -> None:
    """A variable equal to a constant is that constant."""
    if isinstance(name, nodes.Name) and value.text is not None:
        state.vars[name.id] = value


def _is_none(left: Value, right: Value, holds: State, fails: State) -> None:
    """``match is None``."""
    if right.const is None and left.kind.startswith("match:"):
        apply_match(left, fails)


_QUANTIFIERS = re.compile(r"^(?:all|any)$")


def _call(machine: Machine, test: nodes.Call, state: State) -> tuple[State, State]:
    quantified = _quantified(machine, test, state)
    if quantified is not None:
        return quantified
    from bluehook.detect.flow.calls import enter

    outcome = enter(machine, test, state, as_condition=True)
    if outcome is not None:
        yes = meet([there for value, there in outcome.exits if _truthiness(value, there) is not False])
        no = meet([there.copy() for value, there in outcome.exits if _truthiness(value, there) is not True])
        return yes, no
    value = machine.evaluate(test, state)
    yes, no = _split(state, _truthiness(value, state))
    if not value.is_constant and not (isinstance(value.local, Local)):
        checked_by_call(machine, test, value, yes, no)
    return yes, no


def _quantified(machine: Machine, test: nodes.Call, state: State) -> tuple[State, State] | None:
    """``all(c in ALLOWED for c in value)`` and ``any(bad in value for bad in ...)``."""
    if test.local or not _QUANTIFIERS.match(test.name) or len(test.args) != 1:
        return None
    inner = test.args[0].value
    if not isinstance(inner, nodes.Comprehension) or len(inner.clauses) != 1 or inner.clauses[0].tests:
        return None
    from bluehook.detect.flow.containers import element_of
    from bluehook.detect.flow.execute import assign

    source = machine.evaluate(inner.clauses[0].iterable, state)
    there = state.copy()
    assign(machine, inner.clauses[0].target, element_of(state, source), there)
    yes, no = refine(machine, inner.element, there)
    for outcome in (yes, no):
        outcome.vars, outcome.alive = dict(state.vars), True
    return yes, no
