"""Sinks: a weakness family a file, found by name.

A module has ``SINKS``, functions of a :class:`~bluehook.detect.flow.site.Site` by the name of the call (one that begins
with a dot is a method of any object), and may have ``PATTERN`` with ``by_pattern`` for calls whose last name matches,
``returned`` for what a function hands back and ``stored`` for attributes and items that are set. A new family is one
new module; nothing else is edited.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

from bluehook.detect.flow import nodes
from bluehook.detect.flow.site import Site
from bluehook.detect.flow.state import State
from bluehook.detect.flow.values import Value

if TYPE_CHECKING:
    from bluehook.detect.flow.machine import Machine

Sink = Callable[[Site], None]


@cache
def families() -> tuple[ModuleType, ...]:
    """All modules of sinks."""
    return tuple(importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__))


@cache
def _index() -> dict[str, tuple[Sink, ...]]:
    found: dict[str, tuple[Sink, ...]] = {}
    for family in families():
        for name, sink in family.SINKS.items():
            found[name] = (*found.get(name, ()), sink)
    return found


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], Sink], ...]:
    return tuple((f.PATTERN, f.by_pattern) for f in families() if hasattr(f, "PATTERN"))


@cache
def last_names() -> frozenset[str]:
    """The last parts of the names of all sinks."""
    return frozenset(name.rpartition(".")[2] for name in _index())


def is_named(name: str) -> bool:
    """Whether a call of this very name is a sink."""
    return name in _index()


@cache
def is_candidate(last: str) -> bool:
    """Whether a call of this last name may be a sink."""
    return last in last_names() or any(pattern.search(last) for pattern, _ in _patterns())


def on_call(site: Site) -> None:
    """Tell every sink of that name what reaches it."""
    index = _index()
    named = index.get(site.name, ()) if not site.call.local or "." in site.name else ()
    for sink in named:
        sink(site)
    if site.receiver is not None and _is_object(site):
        for sink in index.get(f".{site.method}", ()):
            if sink not in named:
                sink(site)
    for pattern, sink in _patterns():
        if sink not in named and pattern.search(site.method):
            sink(site)


def _is_object(site: Site) -> bool:
    """Whether the receiver may be an object rather than a module of the standard library."""
    maker, made, _ = site.name.partition("()")
    return bool(made) or maker.partition(".")[0] not in sys.stdlib_module_names


def on_return(machine: Machine, statement: nodes.Return, value: Value, state: State) -> None:
    """A function that was not called by another one hands a value back."""
    for family in families():
        if hasattr(family, "returned"):
            family.returned(machine, statement, value, state)


def on_store(machine: Machine, target: nodes.Expr, owner: Value, key: Value, value: Value, state: State) -> None:
    """An attribute or item is set."""
    for family in families():
        if hasattr(family, "stored"):
            family.stored(machine, target, owner, key, value, state)
