"""Numbers that learn: an ``int`` of a slot that notes what it is compared with, for discovery runs only."""

from __future__ import annotations

import sys

from ..observe.record import RECORDER
from .slots import Slot


class Counted(int):
    """A number of a slot. What it is made into (sums, texts) is an ordinary value."""

    _slot: Slot

    def __eq__(self, other: object) -> bool:
        self._note("==", other)
        return int(self) == other

    def __ne__(self, other: object) -> bool:
        return not self.__eq__(other)

    __hash__ = int.__hash__

    def __lt__(self, other: int) -> bool:
        self._note("<", other)
        return int(self) < other

    def __le__(self, other: int) -> bool:
        self._note("<", other)
        return int(self) <= other

    def __gt__(self, other: int) -> bool:
        self._note("<", other)
        return int(self) > other

    def __ge__(self, other: int) -> bool:
        self._note("<", other)
        return int(self) >= other

    def _note(self, operator: str, other: object) -> None:
        if type(other) is int and RECORDER.is_project(sys._getframe(2).f_code.co_filename):
            self._slot.compared(operator, other)


def counted(number: int, slot: Slot) -> Counted:
    """The number as a value of the slot that notes comparisons."""
    value = Counted(number)
    value._slot = slot
    return value
