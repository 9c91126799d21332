"""The reader of texts: asked where the local judge is in doubt, in the light of the constitutions that speak of it.

Its word goes no further than on code. *Unsafe* shows what the judge was unsure of as possible, and makes possible
likely when the last reader, who looked for an objection, agrees. *Safe* makes likely possible when a second look at the
passage by itself agrees, and never where the text gives orders to models, since the word may be theirs.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import msgspec

from bluehook.cache import Cache, key
from bluehook.check import Settings, prompts, structured, unanswered, wording
from bluehook.check.judge import SURE, Ruling
from bluehook.check.memory import Remembering, request_id
from bluehook.check.model import STAGE, Asker, Judgement, Request
from bluehook.check.model import Reading as Answered
from bluehook.check.redact import Redactor
from bluehook.findings import Evidence, Problem, Says, Spend, StageRun
from bluehook.knowledge import Constitution, Library, Span
from bluehook.text.judge import judge
from bluehook.text.judgement import Band, Doubt, Surface, Task
from bluehook.weaknesses import TABLE

PROMPTS = {Task.MALICIOUS: "instruction", Task.BIASED: "biased-instruction", Task.INJECTING: "injection"}
LAST = "text-judge"
BEST = 3

_PLACES = {
    Surface.PROSE: "a document that people read, and coding agents may",
    Surface.INSTRUCTION_FILE: "a file that coding agents read and follow; it is meant to instruct them",
    Surface.PROMPT: "a request to a model",
    Surface.COMMIT_MESSAGE: "the message of a commit",
    Surface.COMMENT: "a comment in code",
}
_DEAR = {Band.BLOCK: 1.0, Band.WARN: 0.75, Band.UNSURE: 0.5}
_CHARS = 3
"""Characters of a token, at least."""
_LONGEST_PASSAGE = 6000


class Readings(msgspec.Struct, kw_only=True):
    """What came of it: evidence by doubt, what was not done, how the stage ended, and what it took."""

    evidence: dict[Doubt, Evidence] = {}
    problems: list[Problem] = []
    stage: StageRun = StageRun(STAGE, "done")
    spend: Spend = Spend()


class Shown(NamedTuple):
    """What is sent of a text, without secrets: the passage, what it says once disguises are off ("" without any), and
    what stands around it.
    """

    passage: str
    said: str = ""
    around: str = ""
    surface: Surface | None = None


class _Read(NamedTuple):
    answer: Answered | None
    problem: str = ""
    model: str = ""
    constitutions: tuple[Constitution, ...] = ()


def asks_about(doubt: Doubt) -> bool:
    """Whether an answer could change anything."""
    band = doubt.opinion.band
    return band in (Band.UNSURE, Band.WARN) or (band is Band.BLOCK and doubt.opinion.task is not Task.INJECTING)


def read(
    doubts: Sequence[Doubt],
    settings: Settings,
    *,
    library: Library,
    cache: Cache | None = None,
    asker: Asker | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Readings:
    """Ask about each doubt, dearest first. Never raises: what fails is counted and told."""
    from bluehook.check.budget import Budget
    from bluehook.check.client import Client

    started = time.monotonic()
    budget = Budget(settings.limits)
    client = Client(settings.endpoint, budget, timeout=settings.timeout) if asker is None else None
    done = Readings(problems=list(library.problems))
    reasons: Counter[str] = Counter()
    try:
        if client is not None and settings.endpoint.embeddings:
            library = library.with_embeddings(client.embedded)
        speaking = asker or client
        assert speaking is not None
        memory = Remembering(speaking, cache, settings.endpoint.models)
        reader = _Reader(memory, library, cache, settings.context_tokens)
        ordered = sorted(dict.fromkeys(doubts), key=_dear)
        with ThreadPoolExecutor(settings.concurrency, thread_name_prefix="check") as pool:
            for doubt, (ruling, unknown) in zip(ordered, pool.map(reader.rule, ordered), strict=True):
                rule = doubt.opinion.task.value
                done.evidence[doubt] = Evidence(STAGE, rule, ruling.says, ruling.message, details=ruling.details)
                reasons.update([unknown] if unknown else [])
                if progress is not None:
                    progress(len(done.evidence), len(ordered))
        done.spend = msgspec.structs.replace(
            budget.spend(), questions=memory.asked, cached=memory.cached, unknown=sum(reasons.values())
        )
    finally:
        if client is not None:
            client.close()
    done.problems += unanswered(reasons, settings)
    done.stage = StageRun(STAGE, "done", time.monotonic() - started)
    return done


def request(task: Task, shown: Shown, found: Sequence[Constitution]) -> Request:
    """The question about a text as it goes out."""
    marker = prompts.marker(*shown[:3])
    sections = [prompts.head(marker), *wording.constitutions(found, marker), *_material(shown, marker)]
    name = PROMPTS[task]
    place = shown.surface.value if shown.surface is not None else ""
    return Request(
        id=request_id(name, prompts.version(name), *shown[:3], place, *(each.digest for each in found)),
        system=prompts.text(name),
        user="\n\n".join(sections),
        form="reading",
        longest=900,
    )


class _Reader:
    """Reads for one run; ``limit`` is in tokens of text."""

    def __init__(self, asker: Asker, library: Library, cache: Cache | None, limit: int) -> None:
        self._asker = asker
        self._library = library
        self._cache = cache
        self._limit = limit
        self._redact = Redactor()
        self._lock = threading.Lock()
        self._lines: dict[str, list[str]] = {}
        self._tempting: dict[str, bool] = {}

    def rule(self, doubt: Doubt) -> tuple[Ruling, str]:
        """What follows from the answer, and why there is none to go by (``""``: there is)."""
        try:
            return self._rule(doubt)
        except Exception as error:
            reason = f"the check failed: {type(error).__name__}: {error}"
            return Ruling(says=Says.NOTES, message=f"unknown: {reason}"), reason

    def _rule(self, doubt: Doubt) -> tuple[Ruling, str]:
        shown = self._shown(doubt)
        kept = self._kept(doubt, shown)
        if kept is not None:
            return kept, ""
        first = self._read(doubt.opinion.task, shown, self._library)
        if first.answer is None:
            return Ruling(says=Says.NOTES, message=f"unknown: {first.problem}"), first.problem
        if first.answer.verdict == "unsure":
            return _note(first, f"unsure: {first.answer.reason}"), ""
        ruling = (
            self._unsafe(doubt, shown, first) if first.answer.verdict == "unsafe" else self._safe(doubt, shown, first)
        )
        if ruling.says is Says.RAISES and self._cache is not None:
            self._cache.put_many({_name(doubt, shown): msgspec.json.encode(ruling)})
        return ruling, ""

    def _unsafe(self, doubt: Doubt, shown: Shown, first: _Read) -> Ruling:
        answer, band = first.answer, doubt.opinion.band
        assert answer is not None
        if band is Band.BLOCK:
            return _note(first, f"read as unsafe too: {answer.reason}")
        why = ""
        if answer.constitution not in {each.id for each in first.constitutions}:
            why = "no constitution stands behind it"
        elif answer.confidence < SURE:
            why = "it is not sure"
        elif band is Band.WARN and doubt.certain:
            why = "only what is certain blocks"
        elif band is Band.WARN:
            why = self._objection(shown, first)
        if why:
            return _note(first, f"read as unsafe, which changes nothing: {why}")
        return Ruling(says=Says.RAISES, message=answer.reason or answer.asks, details=_details(first))

    def _objection(self, shown: Shown, first: _Read) -> str:
        """Why the last reader does not follow, or ``""`` where he does."""
        answer = self._asker.ask(_last(shown, first), Judgement)
        if answer.problem:
            return f"the last reader gave no answer: {answer.problem}"
        said = structured.read(answer.text, Judgement)
        if said.quote.strip() and not _stands(said.quote, shown):
            return "the last reader quotes words that do not exist"
        if said.verdict == "unsafe" and said.confidence >= SURE:
            return ""
        return f"the last reader does not follow: {said.objection or said.reason or said.verdict}"

    def _safe(self, doubt: Doubt, shown: Shown, first: _Read) -> Ruling:
        answer, task = first.answer, doubt.opinion.task
        assert answer is not None
        if doubt.opinion.band is not Band.BLOCK:
            return _note(first, f"read as safe: {answer.reason}")
        if task is Task.INJECTING or self._tempts(doubt.text):
            return _note(first, "read as safe, which changes nothing: the text gives orders to models")
        second = self._read(task, Shown(shown.said or shown.passage), self._library.shipped)
        if second.answer is None:
            why = f"the second look gave no answer: {second.problem}"
        elif second.answer.verdict != "safe":
            why = "a second look at the passage by itself does not agree"
        elif min(answer.confidence, second.answer.confidence) < SURE:
            why = "it is not sure"
        else:
            return Ruling(says=Says.LOWERS, message=answer.innocent or answer.reason, details=_details(first))
        return _note(first, f"read as safe, which changes nothing: {why}")

    def _read(self, task: Task, shown: Shown, library: Library) -> _Read:
        with self._lock:  # the index is made with the first question
            span = Span(f"{shown.passage}\n{shown.said}", task=task.value)
            found = tuple(match.constitution for match in library.retrieve(span, BEST))
        answer = self._asker.ask(request(task, shown, found), Answered)
        if answer.problem:
            return _Read(None, answer.problem, answer.model, found)
        said = structured.read(answer.text, Answered)
        if said.verdict == "unsafe" and not said.quote.strip():
            return _Read(None, "the answer quotes nothing", answer.model, found)
        if said.verdict != "unsure" and said.quote.strip() and not _stands(said.quote, shown):
            return _Read(None, "the answer quotes words that do not exist", answer.model, found)
        return _Read(said, "", answer.model, found)

    def _shown(self, doubt: Doubt) -> Shown:
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

    def _tempts(self, text: str) -> bool:
        """Whether anything in a text may talk to its reader, at the least that counts anywhere."""
        with self._lock:
            if text not in self._tempting:
                opinion = judge(text, surface=Surface.PROMPT, tasks={Task.INJECTING}).of(Task.INJECTING)
                self._tempting[text] = opinion is not None and opinion.band is not Band.CLEAR
            return self._tempting[text]

    def _kept(self, doubt: Doubt, shown: Shown) -> Ruling | None:
        """What was raised before stays so until its passage changes, whatever another run would say."""
        if self._cache is None:
            return None
        name = _name(doubt, shown)
        value = self._cache.get_many([name]).get(name)
        try:
            return msgspec.json.decode(value, type=Ruling) if value is not None else None
        except msgspec.MsgspecError:
            return None


def _clipped(text: str, said: str, longest: int) -> str:
    """At most so many characters of a text, with what is said in their midst where it can be found."""
    if len(text) <= longest:
        return text
    start = max(0, text.find(said[:60]) - longest // 4)
    return text[start : start + longest]


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


def _last(shown: Shown, first: _Read) -> Request:
    assert first.answer is not None
    told = "\n".join(
        f"{name}: {' '.join(getattr(first.answer, name).split())[:400]}"
        for name in ("asks", "category", "quote", "reason")
    )
    marker = prompts.marker(*shown[:3], told)
    sections = [
        prompts.head(marker),
        *wording.constitutions(first.constitutions, marker),
        *_material(shown, marker),
        prompts.fenced(marker, "What the first reader says", told),
    ]
    place = shown.surface.value if shown.surface is not None else ""
    digests = (each.digest for each in first.constitutions)
    return Request(
        id=request_id(LAST, prompts.version(LAST), *shown[:3], place, told, *digests),
        system=prompts.text(LAST),
        user="\n\n".join(sections),
        form="judge",
        longest=500,
    )


def _stands(quote: str, shown: Shown) -> bool:
    """Whether words stand in what was shown, white space and marks of quotation aside."""
    wanted = " ".join(quote.strip().strip("`\"'").split())
    return bool(wanted) and any(wanted in " ".join(text.split()) for text in shown[:3])


def _note(read: _Read, message: str) -> Ruling:
    return Ruling(says=Says.NOTES, message=message, details=_details(read))


def _details(read: _Read) -> dict[str, str]:
    answer = read.answer
    assert answer is not None
    ids = [each.id for each in read.constitutions]
    found = {
        "model": read.model,
        "constitution": answer.constitution if answer.constitution in ids else "",
        "constitutions": ", ".join(ids),
        "asks": answer.asks,
        "innocent": answer.innocent,
        "quote": answer.quote.strip(),
        "confidence": f"{answer.confidence:g}",
    }
    return {name: text[:2000] for name, text in found.items() if text}


def _name(doubt: Doubt, shown: Shown) -> bytes:
    opinion = doubt.opinion
    words = " ".join(shown.passage.split())
    return key(
        "raised in a text", opinion.task.value, opinion.band.value, doubt.surface.value, str(doubt.certain), words
    )


def _dear(doubt: Doubt) -> tuple[float, str, int]:
    opinion = doubt.opinion
    return -TABLE[opinion.task.value].severity * _DEAR[opinion.band], doubt.text, opinion.spans[0].start
