"""The function that injected code and crafted objects try to call. It exists in this process only."""

from __future__ import annotations

import sys
from types import ModuleType

from ..observe.record import RECORDER

MODULE = "zqgadgetmodule"
GADGET = "ZqGadget"


def hit(mark: object = "") -> str:
    """Note that somebody called, with which mark."""
    RECORDER.emit("gadget", mark)
    return str(mark)


class _Gadget:
    """Calls :func:`hit` when it is made: reachable from ``object.__subclasses__()`` alone."""

    def __init__(self, mark: object = "") -> None:
        hit(mark)


_Gadget.__name__ = GADGET


def install() -> None:
    """Make the module importable."""
    module = ModuleType(MODULE)
    module.hit = hit  # type: ignore[attr-defined]
    sys.modules[MODULE] = module
