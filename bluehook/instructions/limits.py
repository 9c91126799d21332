"""The scores from which an opinion counts, as the configuration has them."""

from __future__ import annotations

from bluehook.config import InstructionSettings
from bluehook.text.judgement import Band, Surface, Task
from bluehook.text.thresholds import SHIPPED, Thresholds

KEYS = {Task.MALICIOUS: "malicious", Task.BIASED: "biased", Task.INJECTING: "injecting"}


def thresholds(surface: Surface, settings: InstructionSettings) -> dict[Task, Thresholds]:
    """The shipped thresholds with those of the configuration in their place.

    Whoever lowers one means it: it holds for texts that only sound like it as well, which else come to a warning.
    """
    found = {}
    for task, shipped in SHIPPED[surface].items():
        own = getattr(settings, KEYS[task])
        block = shipped.block if own.block is None else own.block
        warn = min(block, shipped.warn if own.warn is None else own.warn)
        unnamed = Band.BLOCK if block < shipped.block else Band.WARN if warn < min(block, shipped.warn) else None
        found[task] = Thresholds(max(shipped.certain, block), block, warn, min(warn, shipped.unsure), unnamed)
    return found


def no_looser(limits: dict[Task, Thresholds], surface: Surface) -> dict[Task, Thresholds]:
    """The thresholds, each at most as high as the shipped one."""
    shipped = SHIPPED[surface]
    return {task: own.no_higher(shipped[task]) for task, own in limits.items()}
