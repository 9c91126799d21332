"""Line breaks that an input adds: to logs, to headers; and formulas that it adds to spreadsheets."""

from __future__ import annotations

import dataclasses
import logging
import re
from collections.abc import Iterator

from ..canary import Canaries
from ..drive.run import Run
from .base import Attack, Probe, Scene, Sighting


class Lines(Probe):
    """Values that begin a new line where one line is expected."""

    breaks = ("\r\n", "\n", "\r")

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """Each sort of line break."""
        for line_break in self.breaks:
            mark = canaries.word()
            yield Attack(f"x{line_break}{mark}: 1", mark, "begin a new line")

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """The mark stands at the beginning of a line."""
        for event in self.at_sink(run, sighting):
            if re.search(r"[\r\n]" + attack.mark, event.text):
                return f"a line of the input's own was written: {event.text[:200]!r}"
        return ""


class Log(Lines):
    """A record of the ``logging`` module. Parameters are their caller's: only input from outside counts."""

    weakness = "log-injection"
    kinds = frozenset({"log"})

    def relevant(self, sighting: Sighting) -> bool:
        """Input from outside."""
        return sighting.slot.trust == "outside"

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """Each sort of line break; a small matter in what is written for who looks for a fault only."""
        hidden = sighting.event.details["level"] <= logging.DEBUG
        for attack in super().attacks(sighting, canaries, scene):
            yield dataclasses.replace(attack, mild=hidden)


class ReturnedLog(Lines):
    """A log line that is handed back by a function named after it."""

    weakness = "log-injection"
    kinds = frozenset({"return"})
    by_convention = True

    def relevant(self, sighting: Sighting) -> bool:
        """Functions that make log lines, of one line each."""
        named = re.search(r"(^|_)log(_|$|ging|s$)", sighting.event.function) is not None
        return named and sighting.event.details.get("type") == "str" and not sighting.whole


class Header(Lines):
    """A header of a response, a request or a mail."""

    weakness = "header-injection"
    kinds = frozenset({"header"})

    def composed(self, sighting: Sighting) -> bool:
        """Behind a name of the code's own: what begins a line is a head that was handed over with its names."""
        return re.search(r"^[\w-]+:[^\r\n]*\Z", sighting.before, re.MULTILINE) is not None


class ReturnedHeader(Lines):
    """A header that is handed back in a mapping by a function named after it."""

    weakness = "header-injection"
    kinds = frozenset({"return"})
    by_convention = True

    def relevant(self, sighting: Sighting) -> bool:
        """Mappings made by functions that say header."""
        own = sighting.event.details.get("type") == "Keys" and "'[" in sighting.slot.name
        return (
            "header" in sighting.event.function and sighting.event.details.get("type") in ("dict", "Keys") and not own
        )

    def answers_for(self, sighting: Sighting) -> bool:
        """Headers that the function was given to put a value in."""
        return sighting.event.details.get("type") == "Keys"


class Formula(Probe):
    """A cell of a CSV file. Parameters are their caller's: only input from outside counts."""

    weakness = "csv-injection"
    kinds = frozenset({"csv"})

    def relevant(self, sighting: Sighting) -> bool:
        """Input from outside at the beginning of a cell."""
        return sighting.slot.trust == "outside" and not sighting.before

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """Each character that begins a formula."""
        for start in "=+-@":
            mark = canaries.word()
            yield Attack(f"{start}{mark}()", mark, "begin a formula")

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """The cell begins with the formula."""
        for event in self.at_sink(run, sighting):
            if event.text.lstrip('"\t ')[:1] in "=+-@" and attack.mark in event.text and event.text[:1] != "'":
                return f"the cell {event.text!r} is a formula"
        return ""


PROBES = [Log(), ReturnedLog(), Header(), ReturnedHeader(), Formula()]
