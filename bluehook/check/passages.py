"""A text as it is shown to whoever reads it, and the questions about it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import NamedTuple

from bluehook.check import prompts, wording
from bluehook.check.memory import request_id
from bluehook.check.model import Reading, Request
from bluehook.check.redact import Redactor
from bluehook.knowledge import Constitution
from bluehook.text.judgement import Doubt, Surface, Task

PROMPTS = {Task.MALICIOUS: "instruction", Task.BIASED: "biased-instruction", Task.INJECTING: "injection"}
LAST = "text-judge"
"""The prompt of the last reader."""

_PLACES = {
    Surface.PROSE: "a document that people read, and coding agents may",
    Surface.INSTRUCTION_FILE: "a file that coding agents read and follow; it is meant to instruct them",
    Surface.PROMPT: "a request to a model",
    Surface.COMMIT_MESSAGE: "the message of a commit",
    Surface.COMMENT: "a comment in code",
}
_CHARS = 3
"""Characters of a token, at least."""
_LONGEST_PASSAGE = 6000
"""Characters of what is judged; what is longer is no single instruction."""


class Shown(NamedTuple):
    """What is sent of a text, without secrets: the passage, what it says once disguises are off ("" without any), and
    what stands around it.
    """

    passage: str
    said: str = ""
    around: str = ""
    surface: Surface | None = None

    @property
    def texts(self) -> tuple[str, str, str]:
        """All words that are shown."""
        return self.passage, self.said, self.around

    @property
    def place(self) -> str:
        """The name of the surface that the text stands on, empty where it is not told."""
        return self.surface.value if self.surface is not None else ""

    def holds(self, quote: str) -> bool:
        """Whether words stand in what is shown, white space and marks of quotation aside."""
        wanted = " ".join(quote.strip().strip("`\"'").split())
        return bool(wanted) and any(wanted in " ".join(text.split()) for text in self.texts)


class Cutter:
    """Cuts the passages of one run out of their texts; ``limit`` is in tokens."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._redact = Redactor()
        self._lock = threading.Lock()
        self._lines: dict[str, list[str]] = {}

    def shown(self, doubt: Doubt) -> Shown:
        """The paragraphs that hold the place, and as much around them as the limit takes.

        Secrets are taken out of the whole text, which keeps its lines, so that none is cut and sent in part.
        """
        text, span = doubt.text, doubt.opinion.spans[0]
        with self._lock:
            if text not in self._lines:
                self._lines[text] = self._redact(text).split("\n")
            lines, said = self._lines[text], self._redact(span.said)
        first, last = text.count("\n", 0, span.start), text.count("\n", 0, max(span.start, span.end - 1))
        while first > 0 and lines[first - 1].strip():
            first -= 1
        while last + 1 < len(lines) and lines[last + 1].strip():
            last += 1
        most = self._limit * _CHARS
        passage = _clipped("\n".join(lines[first : last + 1]), said, min(most, _LONGEST_PASSAGE))
        left = max(0, most - len(passage)) // 2
        before, after = "\n".join(lines[:first]), "\n".join(lines[last + 1 :])
        near = [part for part in (before[max(0, len(before) - left) :].strip(), after[:left].strip()) if part]
        return Shown(passage, said[:_LONGEST_PASSAGE] if span.disguises else "", "\n[...]\n".join(near), doubt.surface)


def request(task: Task, shown: Shown, found: Sequence[Constitution]) -> Request:
    """The question about a text as it goes out."""
    marker = prompts.marker(*shown.texts)
    sections = [prompts.head(marker), *wording.constitutions(found, marker), *_material(shown, marker)]
    name = PROMPTS[task]
    return Request(
        id=request_id(name, prompts.version(name), *shown.texts, shown.place, *(each.digest for each in found)),
        system=prompts.text(name),
        user="\n\n".join(sections),
        form="reading",
        longest=900,
    )


def last_request(shown: Shown, first: Reading, found: Sequence[Constitution]) -> Request:
    """The question whether the first reader, who found a text unsafe, is wrong."""
    told = "\n".join(
        f"{name}: {' '.join(getattr(first, name).split())[:400]}" for name in ("asks", "category", "quote", "reason")
    )
    marker = prompts.marker(*shown.texts, told)
    sections = [
        prompts.head(marker),
        *wording.constitutions(found, marker),
        *_material(shown, marker),
        prompts.fenced(marker, "What the first reader says", told),
    ]
    return Request(
        id=request_id(LAST, prompts.version(LAST), *shown.texts, shown.place, told, *(each.digest for each in found)),
        system=prompts.text(LAST),
        user="\n\n".join(sections),
        form="judge",
        longest=500,
    )


def _material(shown: Shown, marker: str) -> list[str]:
    sections = []
    if shown.surface is not None:
        sections.append(f"## Where it stands\nIn {_PLACES[shown.surface]}.")
    sections.append(prompts.fenced(marker, "Text to judge", shown.passage))
    if shown.said:
        sections.append(prompts.fenced(marker, "What a part of it says without its disguise", shown.said))
    if shown.around:
        sections.append(prompts.fenced(marker, "Around it, for understanding only", shown.around))
    return sections


def _clipped(text: str, said: str, longest: int) -> str:
    """At most so many characters of a text, with what is said in their midst where it can be found."""
    if len(text) <= longest:
        return text
    start = max(0, text.find(said[:60]) - longest // 4)
    return text[start : start + longest]
