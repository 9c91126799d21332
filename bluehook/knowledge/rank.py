"""Which constitutions speak of a span: BM25 over their words, with a boost for the weakness and the APIs in question.

``bm25s`` does the scoring: it is small, needs numpy alone, and is imported when the first question is asked. Where the
caller has an endpoint for embeddings, its vectors' likeness is added to what the words say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from bluehook.knowledge.model import Constitution, Task
from bluehook.knowledge.shapes import Shape, shapes
from bluehook.knowledge.words import words

Embed = Callable[[Sequence[str]], Sequence[Sequence[float]]]
"""Texts to vectors of one length, in order."""

_WEIGHTS = {"apis": 3, "keywords": 3, "prose": 1, "guards": 1, "examples": 1}
"""How often the words of each part are counted: what is named on purpose says more than what is told."""
_WEAKNESS_BOOST = 1.0
_API_BOOST = 0.35
_SHAPE_BOOST = 0.5
_EMBEDDING_SHARE = 1.0


class Span(NamedTuple):
    """What is asked about.

    ``text`` is the code (or the instruction), ``weaknesses`` slugs that a finding names, ``apis`` the dotted names of
    its calls as the parse resolved them, ``names`` further identifiers (parameters, the function's own). ``task``
    leaves only constitutions of that task; ``None`` leaves all.
    """

    text: str
    weaknesses: tuple[str, ...] = ()
    apis: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    task: Task | None = "vuln-code"


class Match(NamedTuple):
    """A constitution that speaks of the span; a higher score says more, scores of one answer can be compared."""

    constitution: Constitution
    score: float


class Ranking:
    """An index over some constitutions, of one origin and one task as a rule.

    Shipped ones and a project's are indexed apart, so that what a project adds cannot move the others down.
    """

    def __init__(self, constitutions: Sequence[Constitution], embed: Embed | None = None) -> None:
        self._all = tuple(constitutions)
        self._embed = embed
        self._index: Any = None
        self._vectors: list[Sequence[float]] | None = None

    def best(self, span: Span, k: int) -> list[Match]:
        """At most ``k`` that speak of the span at all, best first; equal ones in the order of their ids."""
        if not self._all or k < 1:
            return []
        scores = self._scores(span)
        ranked = sorted(range(len(scores)), key=lambda number: (-scores[number], self._all[number].id))
        return [Match(self._all[number], round(scores[number], 4)) for number in ranked[:k] if scores[number] > 0]

    def _scores(self, span: Span) -> list[float]:
        lexical = self._lexical(span)
        # The boosts are measured in the best word score, so that they weigh the same for short spans and long ones.
        unit = max(max(lexical), 1.0)
        apis = {name.lower() for name in span.apis}
        seen = shapes(span.text)
        scores = []
        for each, score in zip(self._all, lexical, strict=True):
            if span.weaknesses and set(each.weakness) & set(span.weaknesses):
                main = each.weakness[0] in span.weaknesses
                score += unit * (_WEAKNESS_BOOST if main else _WEAKNESS_BOOST / 2)
            if apis and any(_same_api(own.lower(), apis) for own in each.apis):
                score += unit * _API_BOOST
            score += unit * _SHAPE_BOOST * _share(each, seen)
            scores.append(score)
        if self._embed is not None:
            scores = [s + unit * _EMBEDDING_SHARE * near for s, near in zip(scores, self._near(span), strict=True)]
        return scores

    def _lexical(self, span: Span) -> list[float]:
        tokens = words("\n".join([span.text, *span.apis, *span.names]))
        if self._index is None:
            from bm25s import BM25

            make: Any = BM25
            self._index = make(k1=1.2, b=0.6)
            self._index.index([document(each) for each in self._all], show_progress=False)
        known = self._index.vocab_dict
        asked = _damped([token for token in tokens if token in known])
        if not asked:
            return [0.0] * len(self._all)
        return [float(score) for score in self._index.get_scores(asked)]

    def _near(self, span: Span) -> list[float]:
        assert self._embed is not None
        if self._vectors is None:
            self._vectors = list(self._embed([prose(each) for each in self._all]))
        (asked,) = self._embed([span.text])
        return [_cosine(asked, vector) for vector in self._vectors]


def document(constitution: Constitution) -> list[str]:
    """The words that a constitution is found by, each part as often as it weighs."""
    parts = {
        "apis": constitution.apis,
        "keywords": constitution.keywords,
        "prose": (constitution.id, constitution.principle, *constitution.unsafe, *constitution.safe),
        "guards": constitution.false_guards,
        "examples": (constitution.example_unsafe, constitution.example_safe),
    }
    return [word for part, texts in parts.items() for word in words("\n".join(texts)) * _WEIGHTS[part]]


def prose(constitution: Constitution) -> str:
    """What an embedding is made of."""
    return "\n".join(
        [constitution.principle, *constitution.unsafe, *constitution.keywords, constitution.example_unsafe]
    )


def _damped(tokens: list[str]) -> list[str]:
    """Each word as often as the square root of its count says: a name that a function repeats is one topic still."""
    counts: dict[str, int] = {}
    for token in tokens:
        counts[token] = counts.get(token, 0) + 1
    return [token for token, count in counts.items() for _ in range(math.isqrt(count))]


def _share(constitution: Constitution, seen: frozenset[Shape]) -> float:
    """The part of its shapes that the span has."""
    own = constitution.shapes
    return len(seen.intersection(own)) / len(own) if own else 0.0


def _same_api(own: str, apis: set[str]) -> bool:
    return own in apis or (own.startswith(".") and any(api.endswith(own) for api in apis))


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    length = math.sqrt(sum(x * x for x in one)) * math.sqrt(sum(x * x for x in other))
    return sum(x * y for x, y in zip(one, other, strict=True)) / length if length else 0.0
