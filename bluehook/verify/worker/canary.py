"""Marks that are unique over processes and runs.

A marker that an earlier attempt left behind proves things that are false, so every attempt gets its own.
"""

from __future__ import annotations

import os
import time

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
LENGTH = 11


class Canaries:
    """A source of fresh marks: words of 11 lower-case letters and digits starting with ``zq``, and 8-digit numbers."""

    def __init__(self) -> None:
        entropy = int.from_bytes(os.urandom(6), "big") ^ os.getpid() ^ time.time_ns()
        self._base = entropy % len(_ALPHABET) ** 5
        self._count = 0
        self._number = 40_000_000 + entropy % 40_000_000
        self._amount = 400_000 + entropy % 400_000

    def word(self) -> str:
        """A word that passes as an identifier, a file name and a host label."""
        self._count += 1
        return "zq" + _digits(self._base, 5) + _digits(self._count * 7919, 4)

    def number(self) -> int:
        """A number between 40,000,000 and 90,000,000."""
        self._number += 101
        return self._number

    def amount(self) -> int:
        """A number between 400,000 and 900,000: what code counts up to, or takes room for, without great cost."""
        self._amount = 400_000 + (self._amount - 400_000 + 101) % 500_000
        return self._amount


def _digits(value: int, width: int) -> str:
    """The lowest ``width`` digits of the value in the alphabet's base."""
    out = []
    for _ in range(width):
        value, rest = divmod(value, len(_ALPHABET))
        out.append(_ALPHABET[rest])
    return "".join(out)
