"""Texts from a grammar: ``[name]`` heads a list of alternatives, ``{name}`` in one of them stands for any of that list."""

from __future__ import annotations

import random
import re
from importlib import resources

_SLOT = re.compile(r"\{([\w-]+)\}")
_DEEP = 12


def read(name: str) -> dict[str, list[str]]:
    """The lists of a file in ``policies/``. ``\\n`` in an alternative is a line break."""
    text = (resources.files("bluehook.redteam") / "policies" / f"{name}.txt").read_text("utf-8")
    lists: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("// "):
            continue
        if line.startswith("[") and line.endswith("]"):
            current = lists.setdefault(line[1:-1], [])
        else:
            current.append(line.replace("\\n", "\n"))
    return lists


def expand(pick: random.Random, lists: dict[str, list[str]], text: str) -> str:
    """The text with every slot filled; what is no list stays as it is."""
    for _ in range(_DEEP):
        filled = _SLOT.sub(lambda m: pick.choice(lists[m[1]]) if m[1] in lists else m[0], text)
        if filled == text:
            break
        text = filled
    return text
