"""Resource exhaustion: a stream that never ends is read on and on, and nothing ever refuses it."""

from __future__ import annotations

from collections.abc import Iterator

from ..canary import Canaries
from ..drive.run import Run
from ..inputs.build import Endless
from .base import Attack, Probe, Scene, Sighting

_MUCH = 100_000_000


class EndlessStream(Probe):
    """A stream that is read in pieces."""

    weakness = "resource-exhaustion"
    kinds = frozenset({"stream"})
    of_data = True

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

    def composed(self, sighting: Sighting) -> bool:
        """Streams are read as they come."""
        return False


PROBES = [EndlessStream()]
