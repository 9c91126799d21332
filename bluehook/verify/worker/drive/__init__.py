"""Driving: load the project's module, call the function as its world would, once for each assignment of its slots.

A framework's module has ``driver(target, inputs)``, which gives the driver when the target is an entry point of that
framework and ``None`` otherwise. Modules are found by name; whatever nobody claims is a plain function.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..inputs.slots import Inputs
    from .load import Target


def driver_for(target: Target, inputs: Inputs) -> Any:
    """The first driver that claims the target; the one for plain functions when none does."""
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        claim = getattr(importlib.import_module(f"{__name__}.{info.name}"), "driver", None)
        claimed = _claimed(claim, target, inputs) if claim is not None else None
        if claimed is not None:
            return claimed
    from .plain import PlainDriver

    return PlainDriver(target, inputs)


def _claimed(claim: Any, target: Target, inputs: Inputs) -> Any:
    """The driver; none where the project's own objects raise while they are looked at."""
    try:
        return claim(target, inputs)
    except Exception:
        return None
