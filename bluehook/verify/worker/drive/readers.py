"""Readers of a framework's request that learn: whatever the project reads in a watched run has a value."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from ..inputs.slots import Inputs
from ..observe.record import RECORDER
from .loops import Ready


def learning_property(owner: Any, name: str, inputs: Inputs, learn: Callable[[Any], Any]) -> None:
    """Give a property of a class the value that ``learn`` makes of the real one, where the project reads it."""
    original = vars(owner)[name]

    def getter(self: Any) -> Any:
        real = original.__get__(self, type(self))
        return learn(real) if _is_watched(inputs) else real

    setattr(owner, name, property(getter))


def learning_method(owner: Any, name: str, inputs: Inputs, learn: Callable[[], Any]) -> None:
    """Let a method that is awaited, or entered as a context, give what ``learn`` makes, where the project calls."""
    original = vars(owner)[name]

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return Ready(learn()) if _is_watched(inputs) else original(self, *args, **kwargs)

    setattr(owner, name, method)


def _is_watched(inputs: Inputs) -> bool:
    """Whether the caller of the reader that asks this is code of the project in a watched run."""
    return inputs.watching and RECORDER.directly(sys._getframe(2))
