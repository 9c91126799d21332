"""Instances of the project's classes, for the methods that are driven."""

from __future__ import annotations

import contextlib
import functools
import inspect
import typing
from typing import Any

from ..inputs import records
from ..inputs.slots import Inputs
from ..inputs.standin import standin
from ..observe.record import RECORDER
from .handlers import handles_requests


def built(owner: type, inputs: Inputs) -> Any:
    """An instance: through ``__init__`` with stand-ins, else without it; attributes that it lacks are stand-ins."""
    lacking = _with_standins(owner, inputs)
    on, RECORDER.on = RECORDER.on, False
    try:
        hinted = _hints(owner)
        return lacking(
            **{name: records.made(inputs, hinted.get(name), f"self.{name}", "assumed") for name in needed(owner)}
        )
    except Exception:
        return object.__new__(lacking)
    finally:
        RECORDER.on = on


def needed(owner: type) -> list[str]:
    """The names of what the class cannot be made without."""
    parameters = inspect.signature(owner).parameters.values()
    return [p.name for p in parameters
            if p.default is p.empty and p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]  # fmt: skip


def _hints(owner: type) -> dict[str, Any]:
    """What the class says of the values that it is made of."""
    for source in (inspect.getattr_static(owner, "__init__"), owner):  # a record's own annotations stand at the class
        with contextlib.suppress(Exception):
            hinted = typing.get_type_hints(source)
            if hinted:
                return hinted
    return {}


def _left_open(owner: type, inputs: Inputs) -> dict[str, Any]:
    """An unknown object for each thing that an abstract class leaves to its subclasses."""

    def answer(name: str) -> Any:
        made = functools.partial(standin, inputs, f"self.{name}()", "assumed")
        if isinstance(inspect.getattr_static(owner, name, None), property):
            return property(lambda self: standin(inputs, f"self.{name}", "assumed"))
        return lambda self, *args, **kwargs: made()

    return {name: answer(name) for name in getattr(owner, "__abstractmethods__", ())}


def _with_standins(owner: type, inputs: Inputs) -> type:
    lent = _left_open(owner, inputs)
    if "__getattr__" in owner.__dict__ and not lent:
        return owner
    handles = handles_requests(owner)

    def missing(self: Any, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return standin(inputs, "self." + name, "outside" if handles and name == "request" else "assumed")

    try:
        return type(owner)(owner.__name__, (owner,), {**lent, "__getattr__": missing, "__module__": owner.__module__})
    except Exception:
        return owner
