"""Finding an input in what a sink was given."""

from __future__ import annotations

import os

from .inputs.slots import Inputs, Slot
from .observe.record import Event, as_text
from .probes.base import Sighting


def sight(event: Event, slot: Slot, inputs: Inputs) -> Sighting | None:
    """The slot's canary in the event's argument, with the text around it; ``None`` when it is not there."""
    lowered = event.text.lower()
    given = inputs.assigned.get(slot.name)
    marks = [(given.lower(), False)] if isinstance(given, str) and _is_own(given, slot) else []
    for mark, numeric in (*marks, (slot.word, False), (str(slot.number), True)):
        at = lowered.find(mark)
        if at < 0:
            continue
        before, after = event.text[:at], event.text[at + len(mark) :]
        fixed = _own(before, inputs) + "\0" + _own(after, inputs)
        beside = tuple(s for s in inputs.slots.values() if s is not slot and s.word in before + after)
        return Sighting(event, slot, before, after, fixed, numeric, beside)
    if _bound(event, slot):
        return Sighting(event, slot, event.text, "", _own(event.text, inputs) + "\0")
    return None


def _is_own(given: str, slot: Slot) -> bool:
    """Whether the value that the slot was given is known again: by its canary, or as it was made for a pattern."""
    return slot.word in given.lower() or given in slot.shapes


def _bound(event: Event, slot: Slot) -> bool:
    """Whether the slot's canary was handed to the sink beside the text, as a parameter of the statement."""
    parameters = event.details.get("parameters")
    return bool(parameters) and slot.word in as_text(repr(parameters)).lower()


def _own(text: str, inputs: Inputs) -> str:
    """The text without the canaries of any slot, and without the constants that slots were given in this run."""
    here = os.getcwd()
    if text.startswith(here):
        text = text[len(here) :]
    for given in inputs.assigned.values():
        if isinstance(given, str) and len(given) > 2:
            text = text.replace(given, "", 1)
    if "zq" not in text.lower() and not any(char.isdigit() for char in text):
        return text
    for slot in inputs.slots.values():
        text = text.replace(slot.word, "").replace(str(slot.number), "")
    return text
