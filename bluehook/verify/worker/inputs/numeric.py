"""Unknown objects as numbers: text that computes with its number where the code computes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .watched import Watched

if TYPE_CHECKING:
    from .slots import Inputs


class Numeric(Watched):
    """A text with the operators of a number beside its own."""

    _inputs: Inputs

    def __int__(self) -> int:
        value = self._inputs.assigned.get(self._slot.name)
        if value is None:
            return self._slot.count
        return int(str(value))

    def __add__(self, other: Any) -> Any:
        return int(self) + other if isinstance(other, (int, float)) else str.__add__(self, other)

    def __radd__(self, other: Any) -> Any:
        if isinstance(other, (int, float)):
            return int(self) + other
        if isinstance(other, (list, tuple)):
            return type(other)([*other, self])
        return NotImplemented if isinstance(other, str) else other

    def __sub__(self, other: Any) -> Any:
        return _computed(lambda: int(self) - (int(other) if isinstance(other, Numeric) else other), other)

    def __rsub__(self, other: Any) -> Any:
        return _computed(lambda: other - int(self), other)

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, (int, float)):
            return int(self) / other
        return str.__str__(self) + "/" + str(other)

    def __rtruediv__(self, other: Any) -> Any:
        return other / int(self) if isinstance(other, (int, float)) else str(other) + "/" + str.__str__(self)

    def __or__(self, other: Any) -> Any:
        return self

    __ror__ = __and__ = __rand__ = __or__


def _computed(compute: Callable[[], Any], other: Any) -> Any:
    """A result with a number in the stand-in's place; the other operand where its type knows no numbers."""
    try:
        return compute()
    except TypeError:
        return other
