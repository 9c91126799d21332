"""What a model weighs: behaviours with the way they are spoken of, how many there are, and the words themselves."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable

from bluehook.text.behaviours import Seen
from bluehook.text.words import Words

STEM = 7
"""Letters of a word that tell it from others."""
_CUES = frozenset({"head-defend", "head-teach", "makes", "permitted", "defender"})
"""Behaviours that say nothing of the task by themselves."""
_MANY = 5


def of_behaviours(seen: Iterable[Seen], sentences: int) -> list[str]:
    """Each behaviour in each way it is spoken of, and how many of them are asked for, defended against or spoken of."""
    found: set[str] = set()
    by_way: dict[str, set[str]] = {"asks": set(), "defends": set(), "other": set()}
    for item in seen:
        found.add(f"{item.name}:{item.way}" if item.name not in _CUES else item.name)
        if item.name not in _CUES:
            by_way[item.way if item.way in by_way else "other"].add(item.name)
    for way, names in by_way.items():
        found.add(f"count:{way}:{min(len(names), _MANY)}")
    if by_way["asks"] and not by_way["defends"]:
        found.add("only-asks")
    if by_way["asks"] and "permitted" in found:
        found.add("asks-permitted")
    if by_way["asks"] and "head-defend" in found:
        found.add("asks-beside-defence")
    if by_way["asks"] and sentences <= 2:
        found.add("asks-in-short")
    return sorted(found)


def sentences(words: Words) -> int:
    """How many sentences there are."""
    return words.sentences[-1] + 1 if words.sentences else 0


def of_words(words: Words) -> list[str]:
    """Stems and pairs of neighbouring stems, each once."""
    stems = [word[:STEM] for word in words.words]
    found = Counter(stems)
    found.update(f"{one} {other}" for one, other in itertools.pairwise(stems))
    return sorted(found)
