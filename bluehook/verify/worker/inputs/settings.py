"""Settings that nobody made here: values that whoever runs the program would have written."""

from __future__ import annotations

NUMBER = 7


class Setting(str):
    """The value of a setting: text that whoever runs the program wrote, a number where one is made of it.

    It is no slot, so nothing attacks it, and what is joined to it stands beside text of the code's own.
    """

    counted = False

    def __int__(self) -> int:
        self.counted = True
        return NUMBER

    def __float__(self) -> float:
        return float(int(self))
