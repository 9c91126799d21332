"""Driving: load the project's module, call the function as its world would, once for each assignment of its slots.

A framework's module has ``driver(target, inputs)``, which gives the driver when the target is an entry point of that
framework and ``None`` otherwise. Modules are found by name; whatever nobody claims is a plain function. One that has
to set something up before the project's modules are imported has ``prepare(root, path)`` as well, and ``PRELOAD``
names, by package, the modules that take long to import.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..inputs.slots import Inputs
    from .load import Target


def driver_for(target: Target, inputs: Inputs) -> Any:
    """The first driver that claims the target; the one for plain functions when none does."""
    for claim in _all("driver"):
        claimed = _claimed(claim, target, inputs)
        if claimed is not None:
            return claimed
    return plain_driver(target, inputs)


def plain_driver(target: Target, inputs: Inputs) -> Any:
    """The driver of a function that is called as such."""
    from . import closures

    return closures.driver_for(target, inputs)


def prepare(root: str, path: str) -> None:
    """Let the frameworks set up what the module at ``path`` needs before it is imported."""
    for setting_up in _all("prepare"):
        try:
            setting_up(root, path)
        except Exception as error:
            _told(error)


def preloads(package: str) -> list[str]:
    """What is worth importing once for all targets where the project uses this package."""
    return [name for table in _all("PRELOAD") for name in table.get(package, ())]


def _all(name: str) -> Iterator[Any]:
    """What the modules of this package have under that name, in the order of their own."""
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        found = getattr(importlib.import_module(f"{__name__}.{info.name}"), name, None)
        if found is not None and found is not globals().get(name):
            yield found


def _claimed(claim: Any, target: Target, inputs: Inputs) -> Any:
    """The driver; none where the project's own objects raise while they are looked at."""
    try:
        return claim(target, inputs)
    except Exception as error:
        _told(error)
        return None


def _told(error: BaseException) -> None:
    """Show what a driver raised to those who look for it."""
    if os.environ.get("BLUEHOOK_WORKER_STDERR"):
        sys.excepthook(type(error), error, error.__traceback__)
