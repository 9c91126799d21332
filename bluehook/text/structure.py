"""Behaviours that no phrase shows: a word said over and over, and conversations that are made up for the model."""

from __future__ import annotations

import re
from itertools import groupby

from bluehook.text.behaviours import Seen
from bluehook.text.words import Words

_REPEATED = 8
_SHARE = 0.6
_TURN = re.compile(r"(?:^|\n)[ \t>*]{0,8}(?:user|human|assistant|ai|bot|system|model|q|a)[ \t*]{0,4}:", re.IGNORECASE)
_MARK = re.compile(
    r"<\|[a-z_]{2,20}\|>|\[/?INST\]|<</?SYS>>|</?(?:system|user|assistant|instructions?|important|secret)[ \w]{0,30}>"
    r"|\{[{%][#/~>]{0,2}[ ]{0,4}(?:system|assistant|endsystem)[ ]{0,4}[%}]\}|\[(?:system|assistant)\][ ]{0,2}:"
    r"|(?:^|\n)[ \t]{0,8}(?:#{2,6}[ \t]{0,4}|\[|-{3,20}[ \t]{0,4})"
    r"(?:system|instructions?|new task|end of [\w ]{3,20}|begin [\w ]{3,20})\b",
    re.IGNORECASE,
)


def structures(text: str, words: Words) -> list[Seen]:
    """What the shape of a text shows, as behaviours of the list ``injecting``."""
    found = []
    for count, first in _runs(words.words):
        if count >= _REPEATED:
            found.append(Seen("injecting", "repeats-a-word", first, first + count - 1, "asks"))
            break
    if len(words.words) >= 2 * _REPEATED:
        commonest = max(words.words.count(word) for word in set(words.words[:_REPEATED]))
        if commonest >= _SHARE * len(words.words) and not found:
            found.append(Seen("injecting", "repeats-a-word", 0, len(words.words) - 1, "asks"))
    if words.words and len(_TURN.findall(text)) >= 2:
        found.append(Seen("injecting", "plays-a-conversation", 0, len(words.words) - 1, "asks"))
    if words.words and _MARK.search(text):
        found.append(Seen("injecting", "marks-of-a-chat", 0, len(words.words) - 1, "asks"))
    return found


def _runs(words: list[str]) -> list[tuple[int, int]]:
    """Length and first index of each run of one word."""
    runs, at = [], 0
    for _, group in groupby(words):
        length = sum(1 for _ in group)
        runs.append((length, at))
        at += length
    return runs
