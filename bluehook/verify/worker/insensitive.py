"""Sinks that no input changes: whatever comes in, they are given the same, or one of the few that a table holds.

Only what reached the sink says anything of it. So what reached it is run again with other inputs, among them long ones
with the characters that filters leave; an input that every run which got there had to hold to one value, though the
code does not ask for that very value, may change the sink's argument in ways that were not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from . import protocol
from .drive.run import Run
from .drive.way import Way, changed
from .explore import Explorer
from .inputs.slots import Inputs, Slot
from .observe.record import Event
from .probes.base import Probe
from .protocol import Outcome

_TOLD = {"return", "markup", "html", "header", "redirect", "cookie"}
"""Events that the drivers tell of what came back: a constant one says nothing of any sink."""
_MOST_VARIED = 6
_MOST_TEXTS = 4
"""How many constants a sink may be given by turns: what stands in a table of the code's own."""
_ODD = "{w}{w}/../;'\"<{w}>{w}"


class Insensitive:
    """Finds such sinks among those that exploration reached; ``tried`` runs a way, or gives ``None`` out of time."""

    def __init__(self, explorer: Explorer, inputs: Inputs, tried: Callable[[Way], Run | None]) -> None:
        self._explorer = explorer
        self._inputs = inputs
        self._tried = tried

    def outcomes(self, probes: list[Probe], wanted: list[str] | None, known: set[tuple[str, int]]) -> list[Outcome]:
        """One outcome for each weakness and line of such a sink; those that are ``known`` are left out."""
        answers: dict[tuple[str, int], Outcome] = {}
        looked: dict[tuple[frozenset[str], int], bool] = {}
        for probe in probes:
            if not probe.by_argument or (wanted is not None and probe.weakness not in wanted):
                continue
            for event, _ in list(self._explorer.events):
                key = (probe.weakness, event.line)
                if event.kind not in probe.kinds or event.kind in _TOLD or key in known or key in answers:
                    continue
                if any(kind in probe.kinds and line == event.line for kind, line, _ in self._explorer.found):
                    continue  # an input stands in it, though none that this family attacks
                place = (probe.kinds, event.line)
                if place not in looked:
                    looked[place] = self._is_constant(*place)
                if looked[place]:
                    answers[key] = _outcome(probe, event, len(self._explorer.texts_at(*place)))
        return list(answers.values())

    def _is_constant(self, kinds: frozenset[str], line: int) -> bool:
        texts = self._explorer.texts_at(kinds, line)
        ways = self._explorer.ways_to(kinds, line)
        if not ways or len(texts) > _MOST_TEXTS or any(self._is_held(text) for text in texts):
            return False
        free = self._free()
        for way in [other for one in ways[: len(texts)] for other in _varied(one, free)] if free else ():
            run = self._tried(way)
            if run is None:
                return False
            here = {event.text for event in run.events if event.kind in kinds and event.line == line}
            if not here <= texts:
                return False
            ways += [way] * bool(here)
        return len(ways) > 1 and not any(self._is_pinned(slot, ways) for slot in self._inputs.slots.values())

    def _is_held(self, text: str) -> bool:
        """Whether a session, a row or the like stands in the text, whose values only nothing here varies."""
        return any(slot.word in text for slot in self._inputs.slots.values())

    def _free(self) -> list[Slot]:
        """Inputs that are texts to the code."""
        slots = [slot for slot in self._inputs.slots.values() if not slot.rigid and slot.trust != "sanitised"]
        return [slot for slot in slots if slot.kind == "text" or slot.kind.startswith("key:")][:_MOST_VARIED]

    def _is_pinned(self, slot: Slot, ways: list[Way]) -> bool:
        """Whether all the ways hold the input to values without its mark, of which the code does not ask for each."""
        values: list[Any] = [way.assigned.get(slot.name, slot.word) for way in ways]
        marked = any(slot.word in str(value) or str(slot.number) in str(value) for value in values)
        return not marked and not all(value in slot.constants.get("==", []) for value in values)


def _varied(way: Way, slots: list[Slot]) -> Iterator[Way]:
    """The way with other values: odd ones in all inputs at once and one at a time, then usual ones."""
    odd = {slot.name: _ODD.format(w=slot.word) for slot in slots}
    yield changed(way, {name: value for name, value in odd.items() if name not in way.assigned})
    for slot in slots:
        given = way.assigned.get(slot.name, "")
        yield changed(way, {slot.name: str(given) + odd[slot.name]})
    yield changed(way, {slot.name: slot.word * 3 for slot in slots if slot.name not in way.assigned})


def _outcome(probe: Probe, event: Event, texts: int) -> Outcome:
    same = "the same" if texts == 1 else f"one of the same {texts}"
    return Outcome(probe.weakness, protocol.INSENSITIVE, sink=event.kind, sink_line=event.line,
                   where=f"the sink's argument is {same} for all inputs", evidence={"file": event.file})  # fmt: skip
