"""Text that learns: a ``str`` of a slot that notes what it is compared with."""

from __future__ import annotations

import enum
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from ..observe import digests
from ..observe.record import RECORDER
from . import lookups
from .asked import by_call
from .settings import Setting
from .slots import Slot

_LOOKING_UP = {enum.Enum.__new__.__code__}
"""What looks values up for the code: an enumeration by the value of a member."""


class Watched(str):
    """Text of a slot that notes comparisons made by project code, for discovery runs only."""

    _slot: Slot

    def __eq__(self, other: object) -> bool:
        note(self, "==", other)
        return str.__eq__(self, other) is True

    def __ne__(self, other: object) -> bool:
        return not self.__eq__(other)

    def __hash__(self) -> int:
        frame = sys._getframe(1)
        if RECORDER.on and (RECORDER.is_project(frame.f_code.co_filename) or frame.f_code in _LOOKING_UP):
            _looked_up(self, frame)
        return str.__hash__(self)

    def __str__(self) -> str:
        return str.__str__(self)

    def __contains__(self, other: object) -> bool:
        note(self, "contains", other)
        return isinstance(other, str) and str.__contains__(self, other)

    def startswith(self, *args: Any) -> bool:
        """As of ``str``; the prefix is noted."""
        note(self, "startswith", args[0] if args else None)
        return str.startswith(self, *args)

    def endswith(self, *args: Any) -> bool:
        """As of ``str``; the suffix is noted."""
        note(self, "endswith", args[0] if args else None)
        return str.endswith(self, *args)

    def find(self, *args: Any) -> Any:
        """As of ``str``; what is looked for is noted."""
        note(self, "contains", args[0] if args else None)
        return str.find(self, *args)

    def split(self, *args: Any, **kwargs: Any) -> Any:
        """As of ``str``; the separator is noted."""
        note(self, "split", args[0] if args else kwargs.get("sep", " "))
        return str.split(self, *args, **kwargs)

    def replace(self, *args: Any) -> Any:
        """As of ``str``; what is looked for is noted."""
        note(self, "contains", args[0] if args else None)
        return watched(str.replace(self, *args), self._slot)

    def __iter__(self) -> Iterator[Any]:
        if RECORDER.directly(sys._getframe(1)):
            self._slot.iterated = True
        return str.__iter__(self)

    def __int__(self) -> int:
        if Slot.strict:
            return int(str.__str__(self))
        if by_call(sys._getframe(1)):
            self._slot.digits = True
        elif RECORDER.directly(sys._getframe(1)):
            self._slot.numeric = True
        return self._slot.count

    def __float__(self) -> float:
        return float(int(self))

    def __mod__(self, other: Any) -> Any:
        """As of ``str``; a text that has no place for what it is given keeps it at its end."""
        try:
            return str.__mod__(self, other)
        except (TypeError, ValueError, KeyError):
            return str.__str__(self) + " " + str(other)

    def __lt__(self, other: Any) -> bool:
        return _as_number(self) < other if isinstance(other, (int, float)) else str.__lt__(self, other)

    def __gt__(self, other: Any) -> bool:
        return _as_number(self) > other if isinstance(other, (int, float)) else str.__gt__(self, other)

    def __le__(self, other: Any) -> bool:
        return _as_number(self) <= other if isinstance(other, (int, float)) else str.__le__(self, other)

    def __ge__(self, other: Any) -> bool:
        return _as_number(self) >= other if isinstance(other, (int, float)) else str.__ge__(self, other)


def _as_number(value: Watched) -> int:
    """The number of a text that the code uses as one without making one of it."""
    value._slot.numeric = True
    return value._slot.count


def _kept(name: str) -> Callable[..., Any]:
    """A ``str`` method whose result still belongs to the slot."""
    plain = getattr(str, name)

    def method(self: Watched, *args: Any) -> Any:
        return watched(plain(self, *args), self._slot)

    method.__name__ = name
    return method


for _name in ("lower", "upper", "strip", "casefold", "lstrip", "rstrip", "capitalize"):
    setattr(Watched, _name, _kept(_name))


def watched(text: str, slot: Slot) -> Watched:
    """The text as a value of the slot that notes comparisons."""
    value = str.__new__(Watched, text)
    value._slot = slot
    return value


def _looked_up(value: Watched, frame: FrameType) -> None:
    """Remember what would be found where the project's code looks the value up.

    Not of the parts of an unknown object: a check that goes through them as characters would be passed by any one of
    them, whatever text the object is taken for behind it.
    """
    if value._slot.name.endswith("[*]"):
        return
    on, RECORDER.on = RECORDER.on, False
    try:
        for member in lookups.members(frame, str.__str__(value)):
            value._slot.compared("==", member)
    finally:
        RECORDER.on = on


def note(value: Watched, operator: str, other: object) -> None:
    """Remember what the project's code, two frames up, compares the value with: constants, and other inputs."""
    if operator == "==" and value._slot.trust != "assumed" and digests.is_keyed(other):
        RECORDER.emit("compare", value._slot.name)
    others = other if isinstance(other, tuple) else (other,)
    for one in others:
        if isinstance(one, Setting) or (isinstance(one, Watched) and one._slot is not value._slot):
            one = str.__str__(one)  # what makes the two equal
        if type(one) in (str, int, bytes) and one != "" and RECORDER.directly(sys._getframe(2)):
            value._slot.compared(operator, one)
