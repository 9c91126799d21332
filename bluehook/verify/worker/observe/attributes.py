"""Attributes that are set under computed names."""

from __future__ import annotations

import sys
from typing import Any

from .patch import wrap
from .record import RECORDER, as_text


def _set(holder: Any, name: Any, value: Any, *rest: Any) -> None:
    if RECORDER.directly(sys._getframe(1)):
        RECORDER.emit("attribute", f"{as_text(name)}={as_text(value)[:200]}", call="setattr")


def install() -> None:
    """Wrap the built-in."""
    wrap("builtins", "setattr", _set)
