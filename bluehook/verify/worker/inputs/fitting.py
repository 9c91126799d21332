"""Texts that a regular expression takes, written from its syntax tree: what gets an input past a check of its form."""

from __future__ import annotations

import functools
import itertools
import re
from typing import Any, NamedTuple

from ..steps import Matcher, matches, sample

_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")
_CLASSES = ("NOT_LITERAL", "ANY", "IN")
_LONGEST = 200
_MOST_STEPS = 20_000
_TELLING = 5
"""How many characters a text needs to be known again in a sink's argument, when some are chosen and none the word's."""


class Fits(NamedTuple):
    """Texts that a pattern takes, and whether the first, the pattern's own, can be known again where it turns up."""

    texts: tuple[str, ...]
    is_telling: bool


@functools.lru_cache(maxsize=256)
def fitting(pattern: str, flags: int, call: str, word: str, number: int) -> Fits:
    """Texts that ``re.<call>`` finds the pattern in, at most one for each way of being looser than it seems.

    The first is the pattern's own: ``word`` stands in it wherever there is room, in capitals where only those may
    stand. Then follow texts with the word after, before, or on another line than what the pattern asks for: those are
    taken where it is not anchored. Nothing for a pattern that is invalid or takes too long.
    """
    writer = _Writer(word, number)
    try:
        own = writer.sequence(list(Matcher(pattern, flags).tree))
        shapes = (own, own + word, word + own, own + "\n" + word, word + "\n" + own)
        taken = tuple(text for text in dict.fromkeys(shapes) if _takes(pattern, flags, call, text))
    except (re.error, OverflowError, RecursionError, ValueError):
        return Fits((), False)
    return Fits(taken, word in own.lower() or (len(own) >= _TELLING and writer.chosen > 1))


def _takes(pattern: str, flags: int, call: str, text: str) -> bool:
    """Whether the pattern takes the text; ``False`` also where finding that out would take too many steps."""
    if len(text) > _LONGEST:
        return False
    if Matcher(pattern, flags, _MOST_STEPS).cost(text, call != "search") >= _MOST_STEPS:
        return False
    compiled = re.compile(pattern, flags)
    return getattr(compiled, call)(text) is not None


class _Writer:
    """Writes one text: shortest choices, except that classes of characters hold the word where it fits."""

    def __init__(self, word: str, number: int) -> None:
        self._words = (word, word.upper(), str(number))
        self._like = word + word.upper() + str(number)
        self.chosen = 0
        """How many characters were chosen rather than asked for."""
        self._groups: dict[int, str] = {}

    def sequence(self, items: list[Any]) -> str:
        """A text for items that follow each other."""
        return "".join(self._item(str(kind), value) for kind, value in items)

    def _item(self, name: str, value: Any) -> str:
        if name == "LITERAL":
            return chr(value)
        if name in _CLASSES:
            return self._characters(name, value, 1)
        if name in _REPEATS:
            return self._repeat(int(value[0]), int(value[1]), list(value[2]))
        if name == "SUBPATTERN":
            text = self.sequence(list(value[-1]))
            if value[0] is not None:
                self._groups[value[0]] = text
            return text
        if name == "BRANCH":
            return min((self.sequence(list(branch)) for branch in value[1]), key=len)
        if name == "ATOMIC_GROUP":
            return self.sequence(list(value))
        if name == "GROUPREF":
            return self._groups.get(value, "")
        return ""  # places and looks around take no room

    def _repeat(self, least: int, most: int, body: list[Any]) -> str:
        kind, value = body[0] if len(body) == 1 else ("", None)
        if str(kind) not in _CLASSES:
            return "".join(self.sequence(body) for _ in range(min(least, _LONGEST)))
        for text in self._words:
            if len(text) <= most and all(matches((kind, value), char) for char in text):
                self.chosen += len(text)
                return "".join(itertools.islice(itertools.cycle(text), max(len(text), min(least, _LONGEST))))
        # Not the word, but enough of its characters to be known again, if the code lets as many in.
        return self._characters(str(kind), value, max(least, min(most, len(self._words[0])) if least else 0))

    def _characters(self, name: str, value: Any, count: int) -> str:
        fit = [char for char in self._like if matches((name, value), char)] or [sample((name, value))]
        start, self.chosen = self.chosen, self.chosen + count
        return "".join(fit[(start + at) % len(fit)] for at in range(min(count, _LONGEST)))
