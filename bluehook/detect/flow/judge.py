"""What a flow into a sink amounts to: by whose hand the value comes, where in the text it stands, what was checked."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from tree_sitter import Node

from bluehook.detect.flow.site import Site
from bluehook.detect.flow.state import State
from bluehook.detect.flow.values import ANY, BETWEEN_TAGS, Form, Taint, Trust, Value
from bluehook.findings import Detection, Evidence, Says, Step
from bluehook.parse import ParsedFile
from bluehook.weaknesses import TABLE

if TYPE_CHECKING:
    from bluehook.detect.flow.program import Program

SHOWS, SUSPECTS, HINTS = Says.SHOWS, Says.SUSPECTS, Says.HINTS
_RANK = {SHOWS: 3, SUSPECTS: 2, HINTS: 1, None: 0}
_LOWER: dict[Says | None, Says | None] = {SHOWS: SUSPECTS, SUSPECTS: HINTS, HINTS: None, None: None}
_LONGEST_STEP = 160


class Grades(NamedTuple):
    """What a flow into one position claims, by trust."""

    outside: Says | None
    weak: Says | None = None
    parameter: Says | None = None
    assumed: Says | None = None

    def of(self, trust: Trust) -> Says | None:
        """The claim for a trust."""
        return (self.assumed, self.parameter, self.weak, self.outside)[trust]


WHOLE = Grades(SHOWS, SUSPECTS, HINTS)
"""A value handed over as it came: a function whose purpose that is is no flaw."""
COMPOSED = Grades(SHOWS, SUSPECTS, SHOWS)
"""A value put into a text of the code's own: the code claims to confine it, whoever calls."""
UNSURE = Grades(SHOWS, SUSPECTS, HINTS)
"""As :data:`WHOLE`, for a composition that a caller may well be meant to fill."""
WEAKER = Grades(SUSPECTS, HINTS)
"""Even a value from outside does harm in some surroundings only."""

_ATTRIBUTE = re.compile(r"""<[a-zA-Z][^<>]*=\s*(?:"[^"<>]*|'[^'<>]*)$""")

Where = Callable[[Form, int], "Grades | None"]


def anywhere(grades: Grades) -> Where:
    """The same claim for every position."""
    return lambda form, index: grades


class Hit(NamedTuple):
    """One flow into one sink."""

    at: Node
    weakness: str
    says: Says
    taint: Taint
    sink: str
    words: str
    way: tuple[Node, ...] = ()
    """Where it goes on in other files, the end last."""


class Hits:
    """What was found in one file, the strongest claim for each place and weakness."""

    def __init__(self, file: ParsedFile, program: Program) -> None:
        self.file = file
        self.program = program
        self.muted = False
        self._found: dict[tuple[int, int, str], Hit] = {}

    def add(self, hit: Hit) -> None:
        """Keep a hit unless a stronger one is known."""
        if self.muted:
            return
        key = (*hit.at.byte_range, hit.weakness)
        known = self._found.get(key)
        if known is None or (_RANK[hit.says], hit.taint.trust) > (_RANK[known.says], known.taint.trust):
            self._found[key] = hit

    def detections(self) -> list[Detection]:
        """All of them in the order of the text."""
        return [self._detection(hit) for _, hit in sorted(self._found.items(), key=lambda item: item[0])]

    def _detection(self, hit: Hit) -> Detection:
        location = self.file.location(hit.at)
        source = hit.taint.source
        attack = TABLE[hit.weakness].attack
        message = f"{source[:1].upper()}{source[1:]} {hit.words}. {attack}"
        details = {
            "sink": hit.sink,
            "source": source,
            "trust": hit.taint.trust.name.lower(),
            "slot": hit.taint.slot,
        }
        trace = self._trace(hit)
        return Detection(
            hit.weakness, location, Evidence("flow", f"{hit.weakness}:{hit.sink}", hit.says, message, trace, details)
        )

    def _trace(self, hit: Hit) -> tuple[Step, ...]:
        steps = []
        trail = hit.taint.trail
        while trail is not None:
            steps.append(self._step(trail.at))
            trail = trail.before
        steps.reverse()
        return (*steps, *(self._step(node) for node in hit.way or (hit.at,)))

    def _step(self, node: Node) -> Step:
        file = self.program.file_of(node)
        return Step(file.location(node), _shown(file, node))


def _shown(file: ParsedFile, node: Node) -> str:
    start, end = node.byte_range
    if node.type == "function_definition":
        end = node.start_byte + max(0, file.utf8.find(b":\n", start, end) - start)
    text = " ".join(file.utf8[start : min(end, start + _LONGEST_STEP * 4)].decode("utf-8", "replace").split())
    return text if len(text) <= _LONGEST_STEP else text[: _LONGEST_STEP - 3] + "..."


def flow(site: Site, weakness: str, value: Value | None, where: Where, words: str) -> None:
    """Report what of a value reaches a sink's argument; ``words`` continue "the query parameter `x` ..."."""
    if value is None or value.kind == "number" or value.kind.startswith("match:"):
        return
    name = site.name.lstrip(".")
    report(site.machine.hits, site.state, site.call.at, weakness, value, where, name, words)
    if value.box:
        inside = site.state.everything(value) - value.hole()
        if inside:
            loose = Value(forms=((inside,),))
            report(site.machine.hits, site.state, site.call.at, weakness, loose, where, name, words)


def report(
    hits: Hits, state: State, at: Node, weakness: str, value: Value, where: Where, sink: str, words: str
) -> None:
    """Report the strongest flow of a value into a sink at a place, if there is one."""
    best: tuple[Says, Taint] | None = None
    for form in value.forms:
        for index, piece in enumerate(form):
            if isinstance(piece, str) or not piece:
                continue
            grades = where(form, index)
            if grades is None:
                continue
            quoted = weakness != "cross-site-scripting" or _in_attribute(form, index)
            for taint in piece:
                if not quoted and state.is_clean(taint, BETWEEN_TAGS):
                    continue
                says = _claim(state, taint, weakness, grades)
                if says is not None and (best is None or _stronger(says, taint, best)):
                    best = says, taint
    if best is not None:
        hits.add(Hit(at, weakness, best[0], best[1], sink, words))


def _in_attribute(form: Form, index: int) -> bool:
    """Whether a position is inside the quotes of a tag's attribute."""
    return _ATTRIBUTE.search("".join(piece if isinstance(piece, str) else "\0" for piece in form[:index])) is not None


def _stronger(says: Says, taint: Taint, best: tuple[Says, Taint]) -> bool:
    return (_RANK[says], taint.trust, taint.slot) > (_RANK[best[0]], best[1].trust, best[1].slot)


def _claim(state: State, taint: Taint, weakness: str, grades: Grades) -> Says | None:
    says = grades.of(taint.trust)
    if says is None or state.is_clean(taint, weakness):
        return None
    return _LOWER[says] if state.is_doubted(taint, weakness) else says


def marked(state: State, value: Value, mark: str) -> bool:
    """Whether every taint of a value has a mark of its own, such as the absence of ``..``."""
    return all(state.is_clean(taint, mark) or ANY in taint.clean for taint in value.taints())
