"""Mass assignment: the input names the attributes that are set, not only their values.

No code asked for the name; it stands in the request because the harness put it there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..canary import Canaries
from ..drive.run import Run
from .base import Attack, Probe, Scene, Sighting

_NAME = re.compile(r"zq\w{9}(?==)")


class Attribute(Probe):
    """A value that is set on an object under a name of the input's."""

    weakness = "mass-assignment"
    kinds = frozenset({"attribute"})
    by_argument = False

    def relevant(self, sighting: Sighting) -> bool:
        """The name is none that the code knows."""
        return _NAME.match(sighting.event.text) is not None

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """A value to find again."""
        mark = canaries.word()
        yield Attack(mark, mark, "an attribute that nobody asked for")

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """It was set."""
        for event in self.at_sink(run, sighting):
            name = _NAME.match(event.text)
            if name is not None and attack.mark in event.text:
                return f"the attribute {name.group()!r}, which only the input names, was set to {attack.mark!r}"
        return ""

    def composed(self, sighting: Sighting) -> bool:
        """A loop over a mapping confines nothing."""
        return False


PROBES = [Attribute()]
