"""Instances from a grammar, for the tasks whose texts are short: injections and biased requests."""

from __future__ import annotations

import random

from bluehook.redteam import grammar
from bluehook.redteam.instance import Instance


def instances(seed: int, name: str, task: str, each: int) -> list[Instance]:
    """Texts of every list ``bad-STYLE`` and ``good-STYLE`` of a grammar, about ``each`` of every alternative."""
    pick = random.Random(f"{name} {seed}")
    lists = grammar.read(name)
    made: dict[str, Instance] = {}
    for title, forms in lists.items():
        label = title.partition("-")[0]
        if label not in ("bad", "good"):
            continue
        for number, form in enumerate(forms):
            for _ in range(each):
                text = grammar.expand(pick, lists, form)
                text = text[:1].upper() + text[1:] if pick.random() < 0.8 else text
                made.setdefault(text, Instance(task, label == "bad", text, f"{title}", f"{title}-{number % 6}"))
    return list(made.values())
