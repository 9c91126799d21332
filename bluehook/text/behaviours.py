"""Behaviours: what a text speaks of, found by lists of phrases, and in which way it speaks of it.

The lists are in ``lexicon/``; ``shared.txt`` says how they are written. A behaviour is found where one phrase of each
of its lists stands in one sentence, close together. The same words ask for a thing, ask for its opposite, or speak of
it: *defence*, *negation*, *teaching* and *mention* are told by what stands around them.
"""

from __future__ import annotations

import functools
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from importlib import resources
from typing import NamedTuple

from bluehook.text.words import Words, split

WINDOW = 18
"""Words that the phrases of one behaviour may be apart."""
PARTS = "orders"
"""The list whose lines are parts of something larger (:mod:`bluehook.text.orders`), no behaviours."""
_GAP = 3
_BEFORE = 9
_AFTER = 3
_REMEMBERED = 20_000
"""Words whose phrases are kept at hand."""


class Seen(NamedTuple):
    """A behaviour of the list ``source`` at words ``first`` to ``last`` (included); ``way`` is ``asks``, ``defends``,
    ``negates``, ``teaches`` or ``mentions``.
    """

    source: str
    name: str
    first: int
    last: int
    way: str


class _Phrase(NamedTuple):
    """What follows its first word, and the lists that it is on."""

    rest: tuple[str, ...]
    numbers: list[int]


class _Rule(NamedTuple):
    name: str
    groups: tuple[int, ...]
    source: str


Hits = dict[int, list[tuple[int, int]]]
"""List number -> where one of its phrases stands, first and last word."""


class Lexicon:
    """Phrases of several lists, matched in one pass over the words."""

    def __init__(self, *names: str) -> None:
        self._sets: dict[str, list[str]] = {}
        self._numbers: dict[str, int] = {}
        self._phrases: dict[str, _Phrase] = {}
        self._exact: dict[str, list[_Phrase]] = defaultdict(list)
        self._stems: dict[str, list[_Phrase]] = defaultdict(list)
        self._options: dict[str, list[_Phrase]] = {}
        self.rules: list[_Rule] = []
        self.slots: dict[str, int] = {}
        for name in names:
            self._read(name, (resources.files("bluehook.text") / "lexicon" / f"{name}.txt").read_text("utf-8"))
        self._lengths = sorted({len(stem) for stem in self._stems})
        self._by_first: dict[int, list[_Rule]] = defaultdict(list)
        for rule in self.rules:
            self._by_first[rule.groups[-1]].append(rule)
        self._cues = {cue: self._numbers[f"@{cue}"] for cue in ("defend", "defender", "teach", "never", "quoted")}

    def knows(self, word: str) -> bool:
        """Whether a phrase begins with this word."""
        return len(word) >= 4 and (
            word in self._exact or any(word[:n] in self._stems for n in self._lengths if 4 <= n <= len(word))
        )

    def find(self, words: Words, hits: Hits | None = None) -> list[Seen]:
        """Every behaviour that the words show, each once a sentence; ``hits`` are theirs, where they are at hand."""
        if hits is None:
            hits = self.hits(words)
        found = []
        seen: set[tuple[str, int]] = set()
        for number in list(hits):
            for rule in self._by_first.get(number, ()):
                if all(group in hits for group in rule.groups):
                    for first, last in _together([hits[group] for group in rule.groups], words.sentences):
                        at = (rule.name, words.sentences[first])
                        if at not in seen:
                            seen.add(at)
                            found.append(Seen(rule.source, rule.name, first, last, self._way(hits, words, first, last)))
        return found

    def hits(self, words: Words) -> Hits:
        """Where a phrase of each list stands."""
        hits: dict[int, list[tuple[int, int]]] = defaultdict(list)
        sequence = words.words
        for at, word in enumerate(sequence):
            options = self._options.get(word)
            for phrase in self._begun(word) if options is None else options:
                last = _rest(phrase.rest, sequence, at) if phrase.rest else at
                if last >= 0:
                    for number in phrase.numbers:
                        places = hits[number]
                        if not places or places[-1] != (at, last):
                            places.append((at, last))
        return hits

    def _begun(self, word: str) -> list[_Phrase]:
        """The phrases that may begin with a word."""
        options = list(self._exact.get(word, ()))
        for length in self._lengths:
            if length > len(word):
                break
            options += self._stems.get(word[:length], ())
        if len(self._options) < _REMEMBERED:
            self._options[word] = options
        return options

    def _way(self, hits: Hits, words: Words, first: int, last: int) -> str:
        sentence = words.sentences[first]

        def near(cue: str, low: int, high: int) -> bool:
            places = hits.get(self._cues[cue])
            if not places:
                return False
            index = bisect_left(places, (low, -1))
            while index < len(places) and places[index][0] <= high:
                if words.sentences[places[index][0]] == sentence:
                    return True
                index += 1
            return False

        if near("never", first - 4, first - 1):
            return "negates"
        if near("defend", first - _BEFORE, first - 1) or near("defender", last + 1, last + _AFTER):
            return "defends"
        if near("teach", first - _BEFORE, first - 1):
            return "teaches"
        if near("quoted", first - 8, first - 1) or near("quoted", last + 1, last + 4):
            return "mentions"
        return "asks"

    def _read(self, file: str, text: str) -> None:
        for line in text.splitlines():
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            if line.startswith("@"):
                name, _, phrases = line.partition("=")
                self._sets[name.strip()] = [phrase.strip() for phrase in phrases.split(",")]
                self._number(name.strip(), self._sets[name.strip()])
                continue
            name, _, groups = line.partition(":")
            numbers = []
            for group in groups.split("~"):
                key = " ".join(group.split())
                phrases_: list[str] = []
                for phrase in key.split(","):
                    phrases_ += self._sets.get(phrase.strip(), [phrase.strip()])
                numbers.append(self._number(key, phrases_))
            if file == PARTS:
                self.slots[name.strip()] = numbers[0]
            else:
                self.rules.append(_Rule(name.strip(), tuple(numbers), file))

    def _number(self, key: str, phrases: list[str]) -> int:
        if key in self._numbers:
            return self._numbers[key]
        number = self._numbers[key] = len(self._numbers)
        for phrase in dict.fromkeys(phrases):
            known = self._phrases.get(phrase)
            if known is None:
                head, *rest = _parts(phrase)
                known = self._phrases[phrase] = _Phrase(tuple(rest), [])
                if head.endswith("*"):
                    self._stems[head[:-1]].append(known)
                else:
                    self._exact[head].append(known)
            known.numbers.append(number)
        return number


def _parts(phrase: str) -> list[str]:
    """A phrase as the words that :func:`split` would make of a text, with stars and gaps kept."""
    pieces = phrase.split()
    if phrase.isascii() and all(piece.rstrip("*").isalpha() or piece == ".." for piece in pieces):
        return [piece.lower() for piece in pieces]
    parts: list[str] = []
    for piece in pieces:
        if piece == "..":
            parts.append("..")
            continue
        words = split(piece.rstrip("*")).words
        if piece.endswith("*") and words:
            words[-1] += "*"
        parts += words
    return parts


def _rest(rest: tuple[str, ...], words: list[str], at: int) -> int:
    """Index of the last word of a phrase whose first one is at ``at``, or -1."""
    gap = 0
    for part in rest:
        if part == "..":
            gap = _GAP
            continue
        stem = part[:-1] if part.endswith("*") else ""
        for ahead in range(at + 1, min(at + 2 + gap, len(words))):
            if words[ahead] == part or (stem and words[ahead].startswith(stem)):
                at = ahead
                break
        else:
            return -1
        gap = 0
    return at


def _together(groups: list[list[tuple[int, int]]], sentences: list[int]) -> Iterator[tuple[int, int]]:
    """For each place of the last group the closest place of every other one in its sentence, as one span."""
    *others, last_group = groups
    for place in last_group:
        first, last = place
        for group in others:
            near = _nearest(group, place, sentences)
            if near is None:
                break
            first, last = min(first, near[0]), max(last, near[1])
        else:
            yield first, last


def _nearest(group: list[tuple[int, int]], place: tuple[int, int], sentences: list[int]) -> tuple[int, int] | None:
    low = bisect_left(group, (place[0] - WINDOW, -1))
    high = bisect_right(group, (place[1] + WINDOW, 1 << 60))
    best = None
    for other in group[low:high]:
        if sentences[other[0]] != sentences[place[0]] or (other[0] <= place[1] and place[0] <= other[1]):
            continue
        if best is None or abs(other[0] - place[0]) < abs(best[0] - place[0]):
            best = other
    return best


@functools.cache
def lexicon() -> Lexicon:
    """All lists."""
    return Lexicon("shared", "malicious", "injecting", "biased", PARTS)
