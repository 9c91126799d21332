"""The analyst: reads one suspicion in its surroundings, in the light of the constitutions that speak of it.

Its word is checked before it counts: a line that it quotes must exist in what it was shown. It may ask for functions
of the project, a few at a time and not often.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import msgspec

from bluehook.check import prompts, structured, wording
from bluehook.check.context import Material, Question
from bluehook.check.memory import request_id
from bluehook.check.model import Analysis, Asker, Request
from bluehook.check.project import Project
from bluehook.check.redact import Redactor
from bluehook.check.source import bare, normalised
from bluehook.knowledge import Constitution, Library, Span, Task

PROMPT = "analyst"
BEST = 3
"""Constitutions that an answer is given in the light of."""

ROUNDS = 2
"""How often it may ask for more, and how many functions at a time."""
_AT_ONCE = 3
_SHORTEST_QUOTE = 4


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one reading: an analysis that holds, or a problem. ``model`` is whose word it is."""

    analysis: Analysis | None = None
    problem: str = ""
    model: str = ""
    constitutions: tuple[str, ...] = ()


class Analyst:
    """Reads for one run; ``limit`` is in tokens of code."""

    def __init__(self, asker: Asker, library: Library, project: Project, redact: Redactor, limit: int) -> None:
        self._asker = asker
        self._library = library
        self._project = project
        self._redact = redact
        self._limit = limit
        self._lock = threading.Lock()

    def read(self, question: Question, material: Material) -> Read:
        """The analysis of a question."""
        found = self._constitutions(self._library, question, material)
        for turn in range(ROUNDS + 1):
            read = self._ask(question, material, found, last=turn == ROUNDS)
            wanted = read.analysis.functions[:_AT_ONCE] if read.analysis is not None else []
            if read.analysis is None or read.analysis.verdict != "unsure" or not wanted:
                return read
            more = self._more(wanted, question, material)
            if more == material:
                return read
            material = more
        return read

    def read_bare(self, question: Question, material: Material) -> Read:
        """A second look: no comments, docstrings, prose or telling names, no surroundings in which they could stand,
        and no constitution but the shipped ones.
        """
        stripped = msgspec.structs.replace(
            material,
            code=self._redact(bare(material.raw)),
            around=tuple(msgspec.structs.replace(each, text=bare(each.text)) for each in material.around),
        )
        renamed = msgspec.structs.replace(question, path="code.py", symbol="", claims=())
        return self._ask(renamed, stripped, self._constitutions(self._library.shipped, question, material), last=True)

    def request(self, question: Question, material: Material, found: Sequence[Constitution]) -> Request:
        """The question as it goes out."""
        asked_of = [question.weakness, *(slug for each in found for slug in each.weakness)]
        texts = [material.code, *(each.text for each in material.around)]
        marker = prompts.marker(*texts)
        sections = [
            prompts.head(marker),
            *wording.constitutions(found, marker),
            wording.weaknesses(dict.fromkeys(asked_of)),
            wording.suspicion(question, self._redact),
            *wording.material(material, question, marker),
        ]
        name = request_id(
            PROMPT,
            prompts.version(PROMPT),
            question.weakness,
            normalised(material.code),
            *(f"{each.title}\n{normalised(each.text)}" for each in material.around),
            *(each.digest for each in found),
            wording.suspicion(question, self._redact),
        )
        return Request(id=name, system=prompts.text(PROMPT), user="\n\n".join(sections), form=PROMPT, longest=900)

    def _constitutions(self, library: Library, question: Question, material: Material) -> list[Constitution]:
        task: Task = "bias-code" if question.weakness.startswith("bias") else "vuln-code"
        span = Span(material.raw, (question.weakness,), material.apis, material.names, task)
        with self._lock:  # the index is made with the first question
            return [match.constitution for match in library.retrieve(span, BEST)]

    def _ask(self, question: Question, material: Material, found: Sequence[Constitution], *, last: bool) -> Read:
        answer = self._asker.ask(self.request(question, material, found), Analysis)
        names = tuple(each.id for each in found)
        if answer.problem:
            return Read(problem=answer.problem, constitutions=names)
        analysis = structured.read(answer.text, Analysis)
        fault = wrong(analysis, material)
        if fault and not (analysis.verdict == "unsure" and not last):
            return Read(problem=fault, model=answer.model, constitutions=names)
        return Read(analysis=analysis, model=answer.model, constitutions=names)

    def _more(self, wanted: Sequence[str], question: Question, material: Material) -> Material:
        from bluehook.check.budget import tokens

        left = self._limit
        more = list(material.around)
        for name in wanted:
            shown = self._project.function(name, question.path)
            if shown is None or any(each.text == self._redact(shown.text) for each in more):
                continue
            left -= tokens(shown.text)
            if left > 0:
                more.append(msgspec.structs.replace(shown, text=self._redact(shown.text)))
        return msgspec.structs.replace(material, around=tuple(more))


def wrong(analysis: Analysis, material: Material) -> str:
    """Why an analysis cannot be believed, or ``""``."""
    lines = material.lines()
    quotes = [analysis.source, analysis.sink]
    if not analysis.guard.lower().startswith(("missing", "none", "no ")):
        quotes.append(analysis.guard)
    for quote in filter(None, map(str.strip, quotes)):
        if not exists(quote, lines):
            return "the answer quotes a line that does not exist"
    if analysis.verdict == "unsafe" and not analysis.sink.strip():
        return "the answer names no place"
    return ""


def exists(quote: str, lines: Sequence[str]) -> bool:
    """Whether each line of a quote stands in the material, white space aside."""
    wanted = [folded for line in quote.strip().strip("`").splitlines() if (folded := " ".join(line.split()))]
    return bool(wanted) and all(len(part) >= _SHORTEST_QUOTE and any(part in line for line in lines) for part in wanted)
