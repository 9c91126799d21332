"""Texts as the models see them, and what is common to the training of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bluehook.learn.fit import Weights
from bluehook.redteam.instance import Instance
from bluehook.text import features
from bluehook.text.behaviours import lexicon
from bluehook.text.judge import LISTS
from bluehook.text.judgement import Task
from bluehook.text.orders import Orders
from bluehook.text.passages import passages, windows
from bluehook.text.prose import prose
from bluehook.text.structure import structures
from bluehook.text.words import split

LEAST = 4
"""Texts that a feature must be in to count."""
_SMALLEST = 0.02


class Row(NamedTuple):
    """An instance as the models see it."""

    instance: Instance
    behaviours: list[str]
    words: list[str]
    parts: list[str]


def rows(task: Task, instances: Sequence[Instance]) -> list[Row]:
    """The instances with their features."""
    found = []
    known = lexicon()
    for item in instances:
        text = item.text if task is Task.INJECTING else prose(item.text)
        words = split(text)
        hits = known.hits(words)
        seen = [s for s in known.find(words, hits) if s.source in ("shared", LISTS[task])]
        parts: list[str] = []
        if task is Task.INJECTING:
            seen += structures(text, words)
            parts = Orders(text, words, known, hits).features(0, len(words.words))
        shown = features.of_behaviours(seen, features.sentences(words))
        found.append(Row(item, shown, features.of_words(words), parts))
    return found


def windows_of(item: Instance) -> list[Row]:
    """An injection, or its twin, as the judge sees it: a row for each window of sentences."""
    words = split(item.text)
    found = []
    for passage in passages(item.text, words, whole=True):
        for part in windows(passage, words):
            found += rows(Task.INJECTING, [item._replace(text=item.text[part.start : part.end])])
    return found


def free(name: str) -> tuple[float | None, float | None]:
    """Nothing is known of it beforehand."""
    return None, None


def kept(weights: Weights) -> dict[str, float]:
    """The weights that matter, rounded, for the file."""
    return {name: round(w, 2) for name, w in weights.by_name.items() if abs(w) >= _SMALLEST}


def report(data: Sequence[Row], logits: Sequence[float]) -> dict[str, float]:
    """Scores at one half, on what was held out."""
    pairs = [(r.instance.unsafe, logit > 0) for r, logit in zip(data, logits, strict=True)]
    hit = sum(unsafe and said for unsafe, said in pairs)
    unsafe, said = sum(u for u, _ in pairs), sum(s for _, s in pairs)
    return {
        "texts": len(pairs),
        "unsafe": unsafe,
        "precision": round(hit / max(1, said), 3),
        "recall": round(hit / max(1, unsafe), 3),
        "false-alarms": round((said - hit) / max(1, len(pairs) - unsafe), 3),
    }
