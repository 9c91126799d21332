"""Judge a text: take its disguises off, cut it into passages, and weigh what each of them asks for."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from bluehook.text import features, model, principles, reasons
from bluehook.text.behaviours import Seen, lexicon
from bluehook.text.capabilities import abilities
from bluehook.text.infiles import ADDRESSES, ORDERS, in_file
from bluehook.text.judgement import Band, Judgement, Opinion, Span, Surface, Task
from bluehook.text.normalise import normalise
from bluehook.text.orders import Orders, named
from bluehook.text.passages import Passage, passages, windows
from bluehook.text.prose import prose
from bluehook.text.reading import Reading
from bluehook.text.structure import structures
from bluehook.text.thresholds import SHIPPED, Thresholds
from bluehook.text.words import Words, split

ALL = frozenset(Task)
"""Every task."""

LISTS = {Task.MALICIOUS: "malicious", Task.INJECTING: "injecting", Task.BIASED: "biased"}
"""The list of behaviours that a task looks at, beside the shared one."""

_WHOLE = frozenset({Surface.PROMPT, Surface.COMMENT, Surface.COMMIT_MESSAGE})
_SHOWN_OPENLY = frozenset({"pieces", "image-text", "link-title"})
_REQUESTS = frozenset({Surface.PROMPT})
_ANYWHERE = frozenset({Task.INJECTING})
_IN_PROSE = frozenset({Task.MALICIOUS, Task.BIASED})
_SPELT = frozenset({"tag-characters", "variation-selectors", "zero-width"})
_UNNAMED = {Task.MALICIOUS: Band.UNSURE, Task.INJECTING: Band.WARN, Task.BIASED: Band.WARN}
"""What words that only sound like it come to at most: what blocks must be shown, by a behaviour that has a name. Nearly
all ordinary text that sounds like a harmful program has none, and hardly any request for one.
"""
_SHOWN = 4
_SHOWN_ONLY = 0.1
_REWORK = re.compile(
    r"\b(?:fix|repair|complete|finish|translate|convert|port|rewrite|improve|optimi[sz]e|extend|make|turn|add|deploy)\b",
    re.IGNORECASE,
)
_EXPLAINED = 0.6
_ACTS = ORDERS - ADDRESSES
_NO_ORDER = 0.5
"""What parts of orders come to at most that make no order: an act, and what gives it force."""


class _Weighed(NamedTuple):
    """A passage (characters ``first`` to ``last`` of a reading) with its score, the behaviours in it, the weightiest
    first, and from where to where the weightiest reach.
    """

    score: float
    reading: Reading
    first: int
    last: int
    start: int
    end: int
    behaviours: tuple[str, ...]


def judge(
    text: str,
    *,
    surface: Surface | str = Surface.PROSE,
    tasks: Collection[Task] = ALL,
    thresholds: Mapping[Task, Thresholds] | None = None,
    only_certain: bool = False,
) -> Judgement:
    """What a text asks for. Never raises on what the text holds, and takes time linear in its length.

    ``surface`` says where it stands (:class:`Surface` or its value); ``tasks`` what it is judged for; ``thresholds``
    replace the shipped ones; with ``only_certain`` nothing less than that blocks.
    """
    where = Surface(surface)
    limits = {**SHIPPED[where], **(thresholds or {})}
    weighed, incomplete = _weigh_all(text, where, tasks)
    best = {task: max((w for t, w in weighed if t is task), key=lambda w: w.score, default=None) for task in tasks}
    opinions = [_opinion(task, best[task], limits[task], only_certain) for task in Task if task in best]
    opinions.sort(key=lambda opinion: (-opinion.band.rank, -opinion.score))
    return Judgement(surface=where, opinions=tuple(opinions), incomplete=incomplete)


def places(
    text: str,
    *,
    surface: Surface | str = Surface.PROSE,
    tasks: Collection[Task] = ALL,
    thresholds: Mapping[Task, Thresholds] | None = None,
    only_certain: bool = False,
) -> Judgement:
    """As :func:`judge`, with an opinion on every place that is not clear, in the order of the text."""
    where = Surface(surface)
    limits = {**SHIPPED[where], **(thresholds or {})}
    weighed, incomplete = _weigh_all(text, where, tasks)
    opinions: list[Opinion] = []
    taken: dict[Task, list[tuple[int, int]]] = {task: [] for task in tasks}
    for task, one in sorted(weighed, key=lambda item: -item[1].score):
        if limits[task].band(one.score) is Band.CLEAR:
            continue
        start, end = one.reading.origin(one.first, one.last)
        if not _free(taken[task], start, end):
            continue
        opinions.append(_opinion(task, one, limits[task], only_certain))
    opinions.sort(key=lambda opinion: opinion.spans[0].start)
    return Judgement(surface=where, opinions=tuple(opinions), incomplete=incomplete)


def _free(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    """Take a span if none of those taken overlaps it; they are in order."""
    at = bisect_left(taken, (start, end))
    before = taken[at - 1][1] > start if at else False
    after = taken[at][0] < end if at < len(taken) else False
    if before or after:
        return False
    taken.insert(at, (start, end))
    return True


class _Places:
    """Behaviours by the word that they begin with."""

    def __init__(self, found: Sequence[Seen]) -> None:
        self._order = sorted(range(len(found)), key=lambda n: found[n].first)
        self._firsts = [found[n].first for n in self._order]
        self._found = found

    def within(self, first: int, last: int) -> list[Seen]:
        """Those of words ``first`` to ``last`` (excluded), in the order in which they were found."""
        here = self._order[bisect_left(self._firsts, first) : bisect_left(self._firsts, last)]
        return [self._found[n] for n in sorted(here)]


def _weigh_all(text: str, where: Surface, tasks: Collection[Task]) -> tuple[list[tuple[Task, _Weighed]], str]:
    readings = normalise(text, lexicon().knows)
    weighed = [w for reading in (readings.open, *readings.hidden) for w in _weigh(reading, where, tasks)]
    return weighed, readings.incomplete


def _weigh(reading: Reading, where: Surface, tasks: Collection[Task]) -> Iterator[tuple[Task, _Weighed]]:
    if Task.MALICIOUS in tasks:
        yield from _weigh_code(reading, where)
    # Orders to a model stand anywhere, also in strings of code; what a program shall do is said in prose.
    whole = reading.text
    for text, some in ((whole, _ANYWHERE), (prose(whole), _IN_PROSE)):
        chosen = [task for task in tasks if task in some]
        words = split(text) if chosen else None
        if words is None or not words.words:
            continue
        hits = lexicon().hits(words)
        found = lexicon().find(words, hits)
        orders = Orders(text, words, lexicon(), hits) if Task.INJECTING in chosen else None
        by_task = {task: _Places([s for s in found if s.source in ("shared", LISTS[task])]) for task in chosen}
        for passage in passages(text, words, whole=where in _WHOLE or bool(reading.disguises)):
            for task, seen in by_task.items():
                for part in windows(passage, words) if task is Task.INJECTING else (passage,):
                    given = orders if task is Task.INJECTING else None
                    weighed = _weighed(reading, task, words, part, seen, given, chat=where in _REQUESTS)
                    if where not in _REQUESTS and _SHOWN_OPENLY.issuperset(reading.disguises):
                        weighed = weighed._replace(score=in_file(task, weighed.score, weighed.behaviours))
                    yield task, weighed


def _weigh_code(reading: Reading, where: Surface) -> Iterator[tuple[Task, _Weighed]]:
    """What code in the text can do. Code in a document is shown rather than asked for, as is code to be explained."""
    for ability in abilities(reading.text):
        around = lexicon().find(split(reading.text[: ability.start] + "\n\n" + reading.text[ability.end :]))
        ways = {s.name for s in around if s.way != "negates"}
        score = ability.score if where in _WHOLE else ability.score - _SHOWN_ONLY
        reworked = _REWORK.search(reading.text[max(0, ability.start - 2000) : ability.start])
        if ways & {"head-teach", "head-defend", "defender"} and not reworked:
            score = min(score, _EXPLAINED)
        place = (ability.start, ability.end)
        yield Task.MALICIOUS, _Weighed(score, reading, *place, *place, (f"code-{ability.name}",))


def _weighed(
    reading: Reading,
    task: Task,
    words: Words,
    part: Passage,
    found: _Places,
    orders: Orders | None,
    *,
    chat: bool,
) -> _Weighed:
    seen = found.within(part.first, part.last)
    own = words.part(part.first, part.last)
    if task is Task.INJECTING:
        seen += [
            s._replace(first=s.first + part.first, last=s.last + part.first)
            for s in structures(reading.text[part.start : part.end], own)
        ]
    stems = features.of_words(own)
    scored = model.score(task, features.of_behaviours(seen, features.sentences(own)), stems)
    value = scored.value
    ordered: tuple[str, ...] = ()
    if orders is not None:
        parts = orders.features(part.first, part.last)
        acted = {s.name for s in seen if s.name in _ACTS and s.way == "asks"}
        ordered = named(parts, chat=chat, acted=acted)
        of_orders = model.score_orders(parts, stems)
        value = max(value, of_orders if ordered else min(of_orders, _NO_ORDER))
    if _SPELT.intersection(reading.disguises) and task is Task.INJECTING:
        # Nobody writes a sentence in characters that cannot be seen but to get it past a reader.
        value = max(value, 0.99)
    asked = [s for s in seen if s.way == "asks" and scored.parts.get(f"{s.name}:asks", 0.0) > 0]
    asked.sort(key=lambda s: -scored.parts[f"{s.name}:asks"])
    names = tuple(dict.fromkeys(s.name for s in asked))
    start, end = part.start, part.end
    if asked:
        near = [s for s in asked if s.name in names[:_SHOWN]]
        start, end = words.starts[min(s.first for s in near)], words.ends[max(s.last for s in near)]
    if ordered and orders is not None:
        names = tuple(dict.fromkeys((*names, *ordered)))
        first, last = orders.extent(part.first, part.last)
        of_parts = (words.starts[first], words.ends[last - 1])
        start, end = (min(start, of_parts[0]), max(end, of_parts[1])) if asked else of_parts
    return _Weighed(value, reading, part.start, part.end, start, end, names)


def _opinion(task: Task, weighed: _Weighed | None, limits: Thresholds, only_certain: bool) -> Opinion:
    if weighed is None:
        return Opinion(task=task, score=0.0, band=Band.CLEAR)
    band = limits.band(weighed.score, only_certain=only_certain)
    most = limits.unnamed or _UNNAMED[task]
    if not weighed.behaviours and not weighed.reading.disguises and band.rank > most.rank:
        band = most
    spans: tuple[Span, ...] = ()
    reason = constitution = ""
    if band is not Band.CLEAR:
        spans = (weighed.reading.span(weighed.start, weighed.end),)
        reason = reasons.sentence(task, weighed.behaviours[:_SHOWN], spans[0].disguises)
        constitution = principles.constitution(task, weighed.behaviours, spans[0].said, spans[0].disguises)
    return Opinion(
        task=task,
        score=round(weighed.score, 4),
        band=band,
        spans=spans,
        behaviours=weighed.behaviours,
        reason=reason,
        constitution=constitution,
    )
