"""Orders to a model, by their parts: whom a sentence calls, what gives it force, and what it wants done.

Words differ from one attacker to the next, the act does not: somebody who is not the user calls the machine that reads,
claims that its rules or its user allow it, and has it send, run, change, say or hide something. The parts are lists in
``lexicon/orders.txt``, put together here, a sentence at a time, into names that a model weighs.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from bluehook.text.behaviours import Hits, Lexicon
from bluehook.text.order_parts import ACTS, CALLS, CAUTIONS, GRAVE, GRAVE_BEHAVIOURS, IN_CHAT, MARKS, STRONG
from bluehook.text.words import Words


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TO_ADDRESS = frozenset({"sends-to-address", "sends-stuff-away"})
_BESIDE_GRAVE = frozenset({"names-machine", "rank-claimed"})
_OBJECT = 12
_FAR = 22
_BEFORE_VERB = 6
_NEAR = 7
_MOST = 4
_BACK = 4
_GREETS = _words(
    "note notes notice dear hey hello hi attention whichever whoever memo message hint reminder heads instruction"
    " instructions ps postscript liebe lieber liebes cher chère querido querida estimado caro cara uwaga внимание 致"
)
_TO = _words(
    "to for an für pour à para per a al all any every each only just для всем voor aan do dla untuk إلى إلي 给 給"
)
_INSIDE = _words("user or and in the an this that of with by from on your our its their as into than is are")
_DUTY = _words(
    "must shall should ought needs need asked required agrees soll sollen muss müssen doit doivent debe deben deve"
    " devono devem должен должны 必 須 يجب harus"
)
_BEFORE_ORDER = _words(
    "please kindly and then must should shall to also just simply first now will or instead next always never not"
    " dont go so bitte und dann puis et y e luego"
)
_NEGATIONS = _words("never dont not no without avoid cannot neither nor nunca niemals jamais nicht kein")
_HUMAN = _words("i we you they he she it who which that users people customers")
_ADDRESS = re.compile(
    r"https?://(?!(?:localhost|127\.0\.0\.1)\b)[\w.-]{1,80}|\bwww\.[\w-]{1,60}\.\w{2,10}"
    r"|\b[\w.+-]{1,60}@[\w-]{1,60}\.[\w.]{2,20}\b|\b\d{1,3}(?:\.\d{1,3}){3}\b"
    r"|\b[a-z0-9-]{2,40}\.(?:sh|io|gg|li|pw|top|biz|xyz|club|site|online|rest|buzz|info|cc|ru|cn|tk|ly)/"
)
_BREAK = re.compile(r"[,;:()\[\]\"“”'’—–>*`{|]|^-| -|--")
_INSIDE_WORD = ("-", "'", "’")
_SPOKEN_TO = re.compile(r"[^.\n]{0,40}?(?:[:：,，、!)\]]|\s[-–—]\s)")
_DIRECTLY = re.compile(r"\s?[:：,，、!](?!\*)|\s[-–—]\s")
_WIDE = re.compile(r"[\u0600-\u06ff\u0900-\u0dff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

Place = tuple[int, int]
Parts = Mapping[str, Sequence[Place]]


class Sentence(NamedTuple):
    """What one sentence shows: acts with the way they are spoken of, marks, and cautions."""

    acts: frozenset[str]
    marks: frozenset[str]
    cautions: frozenset[str]


class Orders:
    """The parts of orders in a text, by the number of its sentence."""

    def __init__(self, text: str, words: Words, lexicon: Lexicon, hits: Hits) -> None:
        self._text = text
        self._words = words
        parts: dict[int, dict[str, list[Place]]] = {}
        for name, number in lexicon.slots.items():
            for place in hits.get(number, ()):
                parts.setdefault(words.sentences[place[0]], {}).setdefault(name, []).append(place)
        for found in _ADDRESS.finditer(text):
            at = bisect_right(words.starts, found.start()) - 1
            if at >= 0:
                parts.setdefault(words.sentences[at], {}).setdefault("address", []).append((at, at))
        self.sentences = {number: self._sentence(here) for number, here in parts.items()}

    def features(self, first: int, last: int) -> list[str]:
        """Names for the words ``first`` to ``last`` (excluded)."""
        if first >= last:
            return []
        numbers = range(self._words.sentences[first], self._words.sentences[last - 1] + 1)
        return features([self.sentences[n] for n in numbers if n in self.sentences])

    def extent(self, first: int, last: int) -> tuple[int, int]:
        """The words of ``first`` to ``last`` (excluded) from the first sentence with an act or a mark to the last."""
        numbers = self._words.sentences
        here = [n for n in range(first, last) if (s := self.sentences.get(numbers[n])) and (s.acts or s.marks & STRONG)]
        return (here[0], here[-1] + 1) if here else (first, last)

    def _sentence(self, parts: Parts) -> Sentence:
        acts: set[str] = set()
        for name, groups in ACTS.items():
            if all(any(part in parts for part in group) for group in groups):
                verbs = [verb for verb in parts[groups[0][0]] if self._reaches(verb, groups[1:], parts)]
                if verbs:
                    acts.add(name)
                    acts.update(self._ways(name, verbs))
        marks = {name for name, groups in MARKS.items() if _beside(parts, groups)}
        for place in parts.get("machine", ()):
            marks.update(self._spoken_to(*place))
        return Sentence(frozenset(acts), frozenset(marks), frozenset(c for c in CAUTIONS if c in parts))

    def _reaches(self, verb: Place, groups: tuple[tuple[str, ...], ...], parts: Parts) -> bool:
        """Whether one part of each group follows the verb closely; in some languages the verb comes last."""
        words = self._words.words
        at = verb[1]
        last = not words[verb[0]].isascii() or any(not w.isascii() for w in words[max(0, at - _BEFORE_VERB) : at])
        low = verb[0] - (_OBJECT if last else 0)
        reach = (_OBJECT, _FAR)
        return all(
            any(
                at < place[0] <= at + reach[number] or low <= place[0] < verb[0]
                for part in group
                for place in parts.get(part, ())
            )
            for number, group in enumerate(groups)
        )

    def _ways(self, name: str, verbs: Iterable[Place]) -> Iterator[str]:
        """``NAME:order`` where one of its verbs stands as an order, ``NAME:not`` where each of them is negated."""
        denied = True
        for at, _ in verbs:
            before = self._before(at)
            if _NEGATIONS.intersection(before):
                continue
            denied = False
            if not before or _WIDE.match(self._words.words[at]) or _asks(before):
                yield f"{name}:order"
        if denied:
            yield f"{name}:not"

    def _before(self, at: int) -> list[str]:
        """The words of the same clause before one, the nearest first."""
        words = self._words
        before: list[str] = []
        for other in range(at - 1, max(-1, at - 1 - _BACK), -1):
            gap = self._text[words.ends[other] : words.starts[other + 1]]
            if words.sentences[other] != words.sentences[at] or (gap not in _INSIDE_WORD and _BREAK.search(gap)):
                break
            before.append(words.words[other])
        return before

    def _spoken_to(self, first: int, last: int) -> Iterator[str]:
        """How a machine is spoken to: *note to the agent*, *Assistant, ...*, *to the bot:*; or *bots must ...*."""
        words = self._words
        before = self._before(first)
        begins = len(before) < _BACK
        end = words.ends[last]
        after = self._text[end : end + 60]
        if _GREETS.intersection(before) or (begins and before and before[-1] in _TO and _SPOKEN_TO.match(after)):
            yield "calls-machine"
        elif begins and not _INSIDE.intersection(before) and _DIRECTLY.match(after):
            yield "turns-to-machine"
        sentence = words.sentences[first]
        if begins and any(
            words.words[n] in _DUTY and words.sentences[n] == sentence
            for n in range(last + 1, min(len(words.words), last + 2 + _NEAR))
        ):
            yield "names-machine"


def features(sentences: Collection[Sentence]) -> list[str]:
    """What the sentences show together: acts, marks, each act beside each mark, and how many there are."""
    acts: set[str] = set()
    marks: set[str] = set()
    found: set[str] = set()
    for one in sentences:
        acts |= one.acts
        marks |= one.marks
        found.update(one.cautions)
        if one.acts:
            found.update(f"act&{caution}" for caution in one.cautions)
            if one.marks & STRONG:
                found.add("in-one-sentence")
    plain = {act for act in acts if ":" not in act and f"{act}:not" not in acts}
    ordered = {act for act in plain if f"{act}:order" in acts}
    strong = marks & STRONG
    found.update(f"act:{act}" for act in acts)
    found.update(f"mark:{mark}" for mark in marks)
    found.update(f"{act}*{mark}" for act in ordered for mark in marks)
    found.update(f"order*{mark}" for mark in marks if ordered)
    found.update(f"{act}*strong{min(len(strong), 2)}" for act in plain if strong)
    found.update(f"{one}+{other}" for one in strong for other in strong if one < other)
    found.add(f"acts:{min(len(plain), _MOST)}")
    found.add(f"ordered:{min(len(ordered), _MOST)}")
    found.add(f"strong:{min(len(strong), _MOST)}")
    if ordered and strong:
        found.add(f"ordered*strong:{min(len(strong), 3)}")
    return sorted(found)


def named(names: Collection[str], *, chat: bool, acted: Collection[str] = ()) -> tuple[str, ...]:
    """The acts and marks among features, where they come to an order; ``acted`` are behaviours that are acts as well.

    In a ``chat`` that is an act with a mark, or what asks a model for its secrets; in a document an act put as an
    order, a grave one with a strong mark, another with more; without an act a machine that is spoken to with force.
    """
    acts = [name[4:] for name in names if name.startswith("act:") and name.count(":") == 1]
    acts = [act for act in acts if f"act:{act}:not" not in names]
    marks = {name[5:] for name in names if name.startswith("mark:")}
    strong = marks & STRONG
    ordered = [act for act in acts if f"act:{act}:order" in names]
    grave = GRAVE.intersection(ordered) | GRAVE_BEHAVIOURS.intersection(acted)
    # People ask people to send a thing to an address; a machine that is called is another matter.
    grave |= _TO_ADDRESS if strong & CALLS and _TO_ADDRESS.issubset(ordered) else frozenset()
    if chat:
        enough = bool((acts or acted) and strong) or bool(IN_CHAT.intersection(acts))
    else:
        more = len(strong) > 1 or bool(strong and (grave or marks - STRONG)) or bool(grave and marks & _BESIDE_GRAVE)
        enough = bool(ordered or acted) and more
    if not enough and not (strong & CALLS and len(strong - CALLS) > (0 if chat else 1)):
        return ()
    order = {act: number for number, act in enumerate(ACTS)}
    acts.sort(key=lambda act: (act not in ordered, order[act]))
    return (*acts, *sorted(strong or marks))


def _asks(before: Sequence[str]) -> bool:
    """Whether the words before a verb, the nearest first, make an order of it: *must send*, not *they also send*."""
    return before[0] in _BEFORE_ORDER and (before[0] == "must" or len(before) < 2 or before[1] not in _HUMAN)


def _beside(parts: Parts, groups: tuple[tuple[str, ...], ...]) -> bool:
    """Whether there is a part of each group, the second close to the first and not the same words."""
    firsts = [place for part in groups[0] for place in parts.get(part, ())]
    if len(groups) == 1:
        return bool(firsts)
    others = [place for part in groups[1] for place in parts.get(part, ())]
    return any(
        one[0] - _NEAR <= other[0] <= one[1] + _NEAR and (other[0] > one[1] or other[1] < one[0])
        for one in firsts
        for other in others
    )
