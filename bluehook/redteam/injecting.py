"""Texts that take over a model, in the open and buried in ordinary text, and texts that only speak of such."""

from __future__ import annotations

import random

from bluehook.redteam import ordinary, written
from bluehook.redteam.instance import Instance

TASK = "prompt-injection"
_EACH = 14


def instances(seed: int) -> list[Instance]:
    """The same for the same seed."""
    made = written.instances(seed, "injecting", TASK, _EACH)
    pick = random.Random(f"buried {seed}")
    around = ordinary.paragraphs(seed)
    buried = []
    for item in made:
        if pick.random() < 0.3:
            before, after = pick.choice(around), pick.choice(around)
            text = f"{before} {item.text} {after}" if pick.random() < 0.6 else f"{before}\n\n{item.text}"
            buried.append(item._replace(text=text, style=f"{item.style}-buried"))
    plain = [Instance(TASK, False, text, "good-ordinary", "ordinary") for text in around]
    return [*made, *buried, *plain]
