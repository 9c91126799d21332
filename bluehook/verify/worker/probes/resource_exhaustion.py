"""Resource exhaustion: a stream that never ends is read on and on, a little data expands to much, and nothing refuses.

How much a number of the input's makes the code do is counted in lines that ran, not in seconds; where a line repeats
something that often, the length of the answer tells.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from ..canary import Canaries
from ..drive.run import Run
from ..inputs.build import Endless
from .base import Attack, Probe, Relation, Runner, Scene, Sighting

_MUCH = 100_000_000
_EXPANDED = 4_000_000
"""Enough to show a factor of a thousand: the functions watched take no limit, so that more would expand as well."""
_COPIES = re.compile(r"copy|copies|pipe|drain|transfer", re.I)
_COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "zlib": zlib.compress,
    "gzip": gzip.compress,
    "bz2": bz2.compress,
    "lzma": lzma.compress,
}


class EndlessStream(Probe):
    """A stream that is read in pieces."""

    weakness = "resource-exhaustion"
    kinds = frozenset({"stream"})

    def relevant(self, sighting: Sighting) -> bool:
        """Reading in pieces of a given size."""
        return bool(sighting.event.details["sized"])

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """One stream without an end."""
        yield Attack(Endless(), sighting.slot.word, "a stream without an end")

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """The run had to be ended while it was still reading."""
        taken = attack.value.taken
        if run.cut and taken > _MUCH:
            return f"{taken} bytes were read from a stream without an end, and none was refused"
        return ""

    def answers_for(self, sighting: Sighting) -> bool:
        """Not where copying a stream, all of it, is what the function is for."""
        return _COPIES.search(sighting.event.function) is None

    def composed(self, sighting: Sighting) -> bool:
        """Streams are read as they come."""
        return False


class Bomb(Probe):
    """Data that is expanded at once, without a limit. What a function expands for its callers is theirs to limit."""

    weakness = "resource-exhaustion"
    kinds = frozenset({"expand"})

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """A thousand times as much as it seems."""
        mark = canaries.word()
        yield Attack(_COMPRESS[sighting.event.details["format"]](bytes(_EXPANDED + 1)), mark, "a decompression bomb")

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """All of it was expanded."""
        size = max((event.details["size"] for event in run.events if event.kind == "expanded"), default=0)
        if size > _EXPANDED:
            return f"{len(attack.value)} bytes were expanded to {size}, and no limit stopped them"
        return ""

    def composed(self, sighting: Sighting) -> bool:
        """Data is expanded as it comes."""
        return False


class Steps(Relation):
    """A number out of a request that the work follows, however large it is."""

    weakness = "resource-exhaustion"
    _sizes = (20, 220, 10_000)
    _most_slots = 4

    def examine(self, runner: Runner) -> Iterator[tuple[str, dict[str, Any], str]]:
        """The slot whose value is at least as many more lines, as often as it is tried."""
        for slot in runner.outside()[: self._most_slots]:
            small, middle, large = (runner.run({slot: str(size)}, counting=True) for size in self._sizes)
            if small.error or middle.error or small.steps == 0:
                continue
            runs = (small, middle, large)
            if self._follows([run.steps for run in runs]):
                yield slot, {slot: str(self._sizes[2])}, (
                    f"the work follows {slot}: {small.steps} lines ran for {self._sizes[0]}, {middle.steps} for "
                    f"{self._sizes[1]}, {large.steps} for {self._sizes[2]}")  # fmt: skip
            elif self._follows([_answered(run) for run in runs]):
                yield slot, {slot: str(self._sizes[2])}, (
                    f"the answer grows with {slot}: {_answered(small)} characters for {self._sizes[0]}, "
                    f"{_answered(middle)} for {self._sizes[1]}, {_answered(large)} for {self._sizes[2]}")  # fmt: skip

    def _follows(self, measured: list[int]) -> bool:
        """Whether what was measured for the sizes grows as much as they do."""
        small, middle, large = measured
        return middle - small >= (self._sizes[1] - self._sizes[0]) * 0.9 and large >= self._sizes[2] * 0.9


def _answered(run: Run) -> int:
    """How long the answer is."""
    return max((len(event.text) for event in run.events if event.kind == "html"), default=0)


PROBES = [EndlessStream(), Bomb(), Steps()]
