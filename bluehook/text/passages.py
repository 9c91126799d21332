"""A text cut into what is judged at a time: paragraphs, and windows of sentences in long ones."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from bluehook.text.words import Words

WHOLE = 3000
"""Characters up to which a request is judged as one."""
_PARAGRAPH = 1500
_WINDOW = 500
_SENTENCES = 3
_BREAK = re.compile(r"\n[ \t>]*\n(?=[ \t]*\S)|\n(?=#{1,6} )|\n(?=```|~~~)")


class Passage(NamedTuple):
    """Characters ``start`` to ``end``, which are the words ``first`` to ``last`` (excluded)."""

    start: int
    end: int
    first: int
    last: int


def passages(text: str, words: Words, *, whole: bool) -> Iterator[Passage]:
    """The text as a whole where it is short enough and ``whole`` is wanted, else its paragraphs."""
    if whole and len(text) <= WHOLE:
        yield Passage(0, len(text), 0, len(words.words))
        return
    start = 0
    for end in [*(found.start() for found in _BREAK.finditer(text)), len(text)]:
        for low in range(start, end, _PARAGRAPH):
            yield from _passage(words, low, min(end, low + _PARAGRAPH))
        start = end


def windows(passage: Passage, words: Words) -> Iterator[Passage]:
    """A passage itself when it is short, else every three sentences of it."""
    if passage.end - passage.start <= _WINDOW:
        yield passage
        return
    sentences = words.sentences
    firsts = [n for n in range(passage.first, passage.last) if n == passage.first or sentences[n] != sentences[n - 1]]
    for number in range(max(1, len(firsts) - _SENTENCES + 1)):
        first = firsts[number]
        end = number + _SENTENCES
        last = firsts[end] if end < len(firsts) else passage.last
        yield Passage(words.starts[first], words.ends[last - 1], first, last)


def _passage(words: Words, start: int, end: int) -> Iterator[Passage]:
    first, last = bisect_left(words.starts, start), bisect_left(words.starts, end)
    if first < last:
        yield Passage(words.starts[first], words.ends[last - 1], first, last)
