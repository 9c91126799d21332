"""Orders to a model, made of parts: whom they call, what gives them force, what they want done, and where they stand.

Harmless texts are made of the same parts: rules for agents, words to people, documents, and texts about attacks.
"""

from __future__ import annotations

import random
import re

from bluehook.redteam import grammar, ordinary
from bluehook.redteam.carriers import CARRIERS
from bluehook.redteam.instance import Instance

TASK = "prompt-injection"
STYLE = "carrier-"
"""How the styles of these texts begin; the rest is what they stand in."""
_EACH = {"bad": 55, "good": 26}
_PLAIN = 0.3
_SENTENCE = re.compile(r"(^|[.!?]\s+|\n)([a-z])")


def instances(seed: int) -> list[Instance]:
    """The same for the same seed."""
    pick = random.Random(f"orders {seed}")
    lists = grammar.read("orders")
    around = ordinary.paragraphs(seed)
    names = [name for name in CARRIERS if name != "plain"]
    made: dict[str, Instance] = {}
    for title, forms in lists.items():
        label = title.partition("-")[0]
        if label not in _EACH:
            continue
        for number, form in enumerate(forms):
            for _ in range(_EACH[label]):
                text = written(pick, lists, form)
                carrier = "plain" if pick.random() < _PLAIN else pick.choice(names)
                text = CARRIERS[carrier](pick, text, pick.choice(around))
                made.setdefault(
                    text, Instance(TASK, label == "bad", text, f"{STYLE}{carrier}", f"{title}-{number % 6}")
                )
    return list(made.values())


def written(pick: random.Random, lists: dict[str, list[str]], form: str) -> str:
    """A form with its slots filled, sentences mostly with a capital."""
    text = grammar.expand(pick, lists, form)
    if pick.random() < 0.85:
        text = _SENTENCE.sub(lambda m: m[1] + m[2].upper(), text)
    return text
