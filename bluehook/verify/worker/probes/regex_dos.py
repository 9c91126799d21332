"""Regular expressions that take time out of proportion: measured in steps of a matcher that counts.

A pattern of the code's own is attacked through the text that it is used on; a pattern that the input writes is an
attack by itself, unless it was escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..canary import Canaries
from ..drive.run import Run
from ..observe.record import Event, as_text
from ..steps import Matcher, growth, has_wildcard
from .base import Attack, Probe, Scene, Sighting


def judges_whole(pattern: str, call: str) -> bool:
    """Whether the pattern says of a whole text which characters may stand where: what input is checked with.

    One with a wildcard takes known text apart instead, and one that searches may begin anywhere.
    """
    begins = pattern.startswith(("^", "\\A")) or call in _ANCHORED
    ends = pattern.endswith(("$", "\\Z")) or call == "fullmatch"
    return begins and ends and not has_wildcard(pattern)


class SlowPattern(Probe):
    """A value that one of the code's own patterns is used on."""

    weakness = "regex-dos"
    kinds = frozenset({"regex"})
    of_data = True

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """The text on which the pattern's work grows fastest."""
        details = sighting.event.details
        pattern = details["pattern"]
        if isinstance(pattern, bytes):
            pattern = pattern.decode("latin-1")
        try:
            kind, text, steps = growth(pattern, details["flags"], details["call"] in _ANCHORED)
        except (re.error, OverflowError, RecursionError):
            return
        yield Attack(
            text or sighting.slot.word * 8,
            kind or "linear",
            f"{kind or 'linear'} growth: {steps} steps",
            kind == "quadratic" and not judges_whole(pattern, details["call"]),
        )

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """The text arrived at the pattern as it was, and its work grows faster than it does."""
        if attack.mark == "linear":
            return ""
        for event in self.at_sink(run, sighting):
            if attack.value in event.text and _is_as_slow(event):
                size = len(str(attack.value))
                return f"the pattern {event.details['pattern']!r} shows {attack.note} for {size} characters"
        return ""

    def composed(self, sighting: Sighting) -> bool:
        """The pattern is the code's own; what it is used on comes whole."""
        return False

    def written(self, attack: Attack) -> Any:
        """What the text repeats, repeated as often as costs seconds."""
        found = re.search(r"(.{1,40}?)\1{5,}", attack.value, re.S)
        if found is None:
            return attack.value
        grown = found[1] * _REPEATS.get(attack.mark, 64)
        return attack.value[: found.start()] + grown + attack.value[found.end() :]


def _is_as_slow(event: Event) -> bool:
    """Whether the pattern has about as much work with the text that arrived as with what it is slow on: what stands
    around that may end the work early.
    """
    pattern, flags = as_text(event.details["pattern"]), event.details["flags"]
    is_anchored = event.details["call"] in _ANCHORED
    try:
        kind, bare, _ = growth(pattern, flags, is_anchored)
        matcher = Matcher(pattern, flags)
        least = matcher.cost(bare, is_anchored) / 2
        return bool(kind) and (event.text == bare or matcher.cost(event.text, is_anchored) >= least)
    except (re.error, OverflowError, RecursionError):
        return False


class WrittenPattern(Probe):
    """A value that becomes part of a pattern."""

    weakness = "regex-dos"
    kinds = frozenset({"pattern"})

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """A nested repeat."""
        mark = canaries.word()
        yield Attack(f"({mark}+)+$", mark, "a nested repeat in the pattern")

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """The repeat arrived unescaped."""
        for event in self.at_sink(run, sighting):
            if str(attack.value) in event.text:
                return f"the input's own pattern {attack.value!r} was compiled"
        return ""

    def composed(self, sighting: Sighting) -> bool:
        """Who may write a part of a pattern is its author: only one from outside is an attacker."""
        return False


_ANCHORED = {"match", "fullmatch"}
_REPEATS = {"exponential": 64, "cubic": 4_000, "quadratic": 60_000}
PROBES = [SlowPattern(), WrittenPattern()]
