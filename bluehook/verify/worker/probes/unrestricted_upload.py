"""Unrestricted upload: a file is kept under an ending that the sender chose, one that servers run or browsers show.

Where the file is served from is not known here: the ending is likely at most.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..canary import Canaries
from ..drive.run import Run
from .base import Attack, Probe, Scene, Sighting

ENDINGS = (".html", ".php", ".py", ".svg", ".jsp", ".png.html", ".HTML")
_DANGEROUS = (".html", ".php", ".py", ".svg", ".jsp")


class Upload(Probe):
    """The name of an uploaded file, in the path of one that is written."""

    weakness = "unrestricted-upload"
    kinds = frozenset({"file"})
    by_convention = True
    by_argument = False

    def relevant(self, sighting: Sighting) -> bool:
        """A file name out of a request, where something is written."""
        named = sighting.slot.name.startswith("uploaded file") or sighting.slot.name.endswith(".filename")
        return named and sighting.slot.trust == "outside" and sighting.event.details["action"] == "write"

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """Each ending."""
        for ending in ENDINGS:
            mark = canaries.word()
            yield Attack(mark + ending, mark, f"a name that ends in {ending}")

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """The file was written under that ending."""
        for event in self.at_sink(run, sighting):
            written = event.kind == "file" and event.details["action"] == "write" and attack.mark in event.text
            if written and event.text.lower().endswith(_DANGEROUS):
                return f"the uploaded file was written to {event.text}"
        return ""


PROBES = [Upload()]
