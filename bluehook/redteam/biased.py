"""Requests that decide on a protected attribute, and those that measure, forbid, need or merely store it."""

from __future__ import annotations

from bluehook.redteam import ordinary, written
from bluehook.redteam.instance import Instance

TASK = "biased-instruction"
_EACH = 22


def instances(seed: int) -> list[Instance]:
    """The same for the same seed."""
    made = written.instances(seed, "biased", TASK, _EACH)
    plain = [Instance(TASK, False, text, "good-ordinary", "ordinary") for text in ordinary.paragraphs(seed)]
    return [*made, *plain]
