"""Calls: functions of the file are entered, those of libraries modelled, sinks told what reaches them."""

from __future__ import annotations

import re
from contextlib import nullcontext
from typing import TYPE_CHECKING

from bluehook.detect.flow import containers, nodes
from bluehook.detect.flow.library.model import is_known, model
from bluehook.detect.flow.sinks import is_named
from bluehook.detect.flow.site import Site
from bluehook.detect.flow.state import Box, State
from bluehook.detect.flow.values import (
    ANY,
    NOWHERE,
    Changer,
    Local,
    Trust,
    Value,
    changed,
    cleaned,
    merged,
    opened,
)
from bluehook.parse import Class, Function

if TYPE_CHECKING:
    from bluehook.detect.flow.machine import Machine, Outcome

_MOST_PARAMETERS = 40
_SHALLOW = 2
"""Frames within which calls are entered that hand over nothing from outside: the root and one below."""


def call(machine: Machine, expression: nodes.Call, state: State) -> Value:
    """The value of a call."""
    site = site_of(machine, expression, state)
    target = _target(machine, site)
    if target is not None:
        entered = _entered(machine, site, target, state)
        if entered is not None:
            return entered
    return _outside(machine, site, state)


def _outside(machine: Machine, site: Site, state: State) -> Value:
    from bluehook.detect.flow.sinks import on_call

    on_call(site)
    if site.name in machine.sanitizers:
        return cleaned(opened(site.taints()), ANY)
    found = model(site)
    if not state.alive:
        return NOWHERE
    return changed(found, Changer(at=site.call.at)) if site.name.startswith("input") else found


def site_of(machine: Machine, expression: nodes.Call, state: State) -> Site:
    """Evaluate the receiver and the arguments of a call."""
    receiver: Value | None = None
    name = expression.name
    if isinstance(expression.callee, nodes.Attr):
        receiver = machine.evaluate(expression.callee.of, state)
        if receiver.of and not expression.local and (name.startswith(".") or receiver.of.endswith("()")):
            name = f"{receiver.of}.{expression.callee.name}"
    elif not isinstance(expression.callee, nodes.Name):
        receiver = machine.evaluate(expression.callee, state)
    elif expression.local and (bound := state.vars.get(expression.callee.id)) is not None and bound.of:
        name = bound.of
    site = Site(machine, state, expression, name, receiver)
    for argument in expression.args:
        value = machine.evaluate(argument.value, state)
        if argument.keyword is None:
            site.args.append(value)
        elif argument.keyword == "*":
            _spread(site, value, state)
        elif argument.keyword == "**":
            box = state.boxes.get(value.box)
            if box is not None and box.rest is None and box.kind == "dict":
                site.keywords.update({str(key): item for key, item in box.items.items()})
            else:
                site.spread = _also(site.spread, opened(state.everything(value), "spread"))
        else:
            site.keywords[argument.keyword] = value
    return site


def _spread(site: Site, value: Value, state: State) -> None:
    items = containers.items_of(state, value)
    if items is not None:
        site.args += items
    else:
        site.spread = _also(site.spread, opened(state.everything(value), "spread"))


def _also(one: Value | None, other: Value) -> Value:
    return other if one is None else merged([one, other])


def _target(machine: Machine, site: Site) -> Local | None:
    """The function or class of this file that is called."""
    callee = site.call.callee
    if isinstance(callee, nodes.Name):
        bound = site.state.vars.get(callee.id)
        if bound is not None:
            return bound.local
        if not site.call.local:
            return _elsewhere(machine, site)
        function = machine.function_named(callee.id, machine.frame.function)
        if function is not None:
            return Local(function)
        owner = machine.classes.get(callee.id)
        return Local(owner) if owner is not None else None
    if isinstance(callee, nodes.Attr) and site.receiver is not None:
        receiver = site.receiver
        if receiver.local is not None and isinstance(receiver.local.what, Class):
            method = machine.program.home(receiver.local.what).method_named(receiver.local.what, callee.name)
            if method is not None:
                return Local(method, receiver)
        if callee.name == "delay" and receiver.local is not None and isinstance(receiver.local.what, Function):
            return receiver.local
        box = site.state.boxes.get(receiver.box)
        if box is not None and box.kind == "object":
            held = box.items.get(callee.name)
            if held is not None:
                return held.local
        return _elsewhere(machine, site)
    return None


def _elsewhere(machine: Machine, site: Site) -> Local | None:
    """The function or class of another file that is called, where something from outside is handed over."""
    dotted = _dotted(machine, site)
    if is_known(dotted) or is_named(dotted):
        return None
    found = machine.program.named(machine, dotted)
    if found is None or isinstance(found.what, Class):
        return found
    return found if any(taint.trust >= Trust.WEAK for taint in site.taints()) else None


def _dotted(machine: Machine, site: Site) -> str:
    """The name of what is called as imports have it: with dots in front of what is imported relatively."""
    if "()." in site.name and not site.name.startswith("()"):
        return site.name
    parts: list[str] = []
    callee: nodes.Expr = site.call.callee
    while isinstance(callee, nodes.Attr):
        parts.append(callee.name)
        callee = callee.of
    if not isinstance(callee, nodes.Name) or callee.id in site.state.vars:
        return ""
    head = machine.imports.get(callee.id)
    return ".".join([head, *reversed(parts)]) if head is not None else ""


def enter(machine: Machine, expression: nodes.Call, state: State, *, as_condition: bool) -> Outcome | None:
    """Interpret a call of a function of this file for its exits; ``None`` where it is not one."""
    callee = expression.callee
    named = isinstance(callee, nodes.Name) and (expression.local or callee.id in state.vars)
    own = isinstance(callee, nodes.Attr) and isinstance(callee.of, nodes.Name) and callee.of.id in ("self", "cls")
    if not named and not own:
        return _enter_elsewhere(machine, expression, state)
    probe = _probe(machine, expression, state)
    if probe is None:
        return None
    if len(machine.frames) > _SHALLOW + 1:
        return None
    site = site_of(machine, expression, state)
    target = _target(machine, site)
    if target is None or not isinstance(target.what, Function) or not _may_enter(machine, target.what):
        return None
    home = machine.program.home(target.what)
    with machine.program.leaving(machine, expression.at) if home is not machine else nullcontext():
        return home.call(target.what, bind(machine, target.what, site, target.owner), state, as_condition=as_condition)


def _enter_elsewhere(machine: Machine, expression: nodes.Call, state: State) -> Outcome | None:
    """As :func:`enter`, for a function of another file that is told what comes from outside."""
    if machine.program.named(machine, expression.name) is None:
        return None
    site = site_of(machine, expression, state)
    target = _target(machine, site)
    if target is None or not isinstance(target.what, Function) or not _may_enter(machine, target.what):
        return None
    given = bind(machine, target.what, site, target.owner)
    with machine.program.leaving(machine, expression.at):
        return machine.program.home(target.what).call(target.what, given, state, as_condition=True)


def _probe(machine: Machine, expression: nodes.Call, state: State) -> Function | None:
    """The function, looked up without evaluating anything."""
    callee = expression.callee
    if isinstance(callee, nodes.Name):
        bound = state.vars.get(callee.id)
        what = bound.local.what if bound is not None and bound.local is not None else None
        found = what if isinstance(what, Function) else machine.function_named(callee.id, machine.frame.function)
    elif isinstance(callee, nodes.Attr) and isinstance(callee.of, nodes.Name):
        owner = state.vars.get(callee.of.id)
        what = owner.local.what if owner is not None and owner.local is not None else None
        found = machine.method_named(what, callee.name) if isinstance(what, Class) else None
    else:
        found = None
    return found if found is not None and _may_enter(machine, found) else None


_GENERATOR = re.compile(rb"\byield\b")


def _worth_it(machine: Machine, site: Site) -> bool:
    """Whether a call may matter: deep ones only for what comes from outside."""
    trusts = [taint.trust for taint in site.taints()]
    if any(trust >= Trust.WEAK for trust in trusts):
        return True
    return len(machine.frames) <= _SHALLOW


def _may_enter(machine: Machine, function: Function) -> bool:
    return machine.may_enter(function) and len(function.parameters) <= _MOST_PARAMETERS


def _entered(machine: Machine, site: Site, target: Local, state: State) -> Value | None:
    what = target.what
    if isinstance(what, Class):
        return _constructed(machine, site, what, state)
    if isinstance(what, nodes.Lambda):
        inner = state.copy()
        inner.vars.update(zip(what.parameters, site.args, strict=False))
        return machine.evaluate(what.body, inner) if len(machine.frames) < _MOST_PARAMETERS else None
    if not _may_enter(machine, what) or not _worth_it(machine, site):
        return None
    home = machine.program.home(what)
    with machine.program.leaving(machine, site.call.at) if home is not machine else nullcontext():
        outcome = home.call(what, bind(machine, what, site, target.owner), state)
    if not outcome.exits:
        state.alive = False
        return NOWHERE
    start, end = what.node.byte_range
    if _GENERATOR.search(home.file.utf8, start, end):
        machine.leave_with(outcome, state)
        return opened(frozenset(t for t in site.taints() if t.trust > Trust.ASSUMED))
    return machine.leave_with(outcome, state)


def _constructed(machine: Machine, site: Site, owner: Class, state: State) -> Value:
    number = machine.new_box()
    state.boxes[number] = Box("object", {})
    made = Value(kind="object", box=number, local=Local(owner))
    home = machine.program.home(owner)
    method = home.method_named(owner, "__init__")
    if method is not None and _may_enter(machine, method):
        with machine.program.leaving(machine, site.call.at) if home is not machine else nullcontext():
            outcome = home.call(method, bind(machine, method, site, made), state)
        if outcome.exits:
            machine.leave_with(outcome, state)
    elif any(base not in ("object",) for base in owner.bases) or method is None:
        for keyword, value in site.keywords.items():
            containers.store(state, made, keyword, value)
        loose = opened(frozenset(t for t in site.taints(receiver=False) if t.trust > Trust.PARAMETER))
        made = made._replace(forms=loose.forms)
    return made


def bind(machine: Machine, function: Function, site: Site, owner: Value | None) -> dict[str, Value]:
    """The parameters of a function with what a call gives them."""
    given: dict[str, Value] = {}
    positional = list(site.args)
    if function.is_method and "staticmethod" not in function.decorators:
        positional.insert(0, owner if owner is not None else NOWHERE)
    used = set()
    step = Changer(at=site.call.at)
    for parameter in function.parameters:
        name = parameter.name
        if parameter.kind == "var-positional":
            given[name] = containers.of_items(site.state, machine.new_box(), "tuple", positional, site.spread)
            positional = []
        elif parameter.kind == "var-keyword":
            rest = {key: value for key, value in site.keywords.items() if key not in used}
            given[name] = containers.make(site.state, machine.new_box(), "dict", dict(rest), site.spread)
        elif positional and parameter.kind != "keyword-only":
            given[name] = changed(positional.pop(0), step)
        elif name in site.keywords:
            used.add(name)
            given[name] = changed(site.keywords[name], step)
        elif parameter.default is not None and site.spread is None:
            given[name] = _default(machine, function, name, site.state)
        else:
            given[name] = site.spread if site.spread is not None else NOWHERE
    return given


def _default(machine: Machine, function: Function, name: str, state: State) -> Value:
    machine = machine.program.home(function)
    parameters = function.node.child_by_field_name("parameters")
    for node in parameters.named_children if parameters is not None else ():
        named, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if named is not None and value is not None and machine.text(named) == name:
            return machine.evaluate(machine.bodies.expression(value, function.parent), state)
    return NOWHERE
