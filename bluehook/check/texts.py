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
from typing import NamedTuple

import msgspec

from bluehook.cache import Cache, key
from bluehook.check import Settings, memory, structured, unanswered
from bluehook.check.judge import SURE
from bluehook.check.model import STAGE, Asker, Judgement, Reading, Ruling
from bluehook.check.passages import Cutter, Shown, last_request, request
from bluehook.check.session import Session, opened
from bluehook.findings import Evidence, Problem, Says, Spend, StageRun
from bluehook.knowledge import Constitution, Library, Span
from bluehook.text.judge import judge
from bluehook.text.judgement import Band, Doubt, Surface, Task
from bluehook.weaknesses import TABLE

BEST = 3

_DEAR = {Band.BLOCK: 1.0, Band.WARN: 0.75, Band.UNSURE: 0.5}


class Readings(msgspec.Struct, kw_only=True):
    """What came of it: evidence by doubt, what was not done, how the stage ended, and what it took."""

    evidence: dict[Doubt, Evidence] = {}
    problems: list[Problem] = []
    stage: StageRun = StageRun(STAGE, "done")
    spend: Spend = Spend()


class _Read(NamedTuple):
    answer: Reading | None
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
    started = time.monotonic()
    done = Readings(problems=list(library.problems))
    reasons: Counter[str] = Counter()
    with opened(settings, library, cache, asker) as session:
        reader = _Reader(session, cache, settings.context_tokens)
        ordered = sorted(dict.fromkeys(doubts), key=_dear)
        for doubt, (ruling, unknown) in session.each(reader.rule, ordered, progress):
            rule = doubt.opinion.task.value
            done.evidence[doubt] = Evidence(STAGE, rule, ruling.says, ruling.message, details=ruling.details)
            reasons.update([unknown] if unknown else [])
        done.spend = session.spend(unknown=sum(reasons.values()))
    done.problems += unanswered(reasons, settings)
    done.stage = StageRun(STAGE, "done", time.monotonic() - started)
    return done


class _Reader:
    """Reads for one run; ``limit`` is in tokens of text."""

    def __init__(self, session: Session, cache: Cache | None, limit: int) -> None:
        self._asker = session.asker
        self._library = session.library
        self._cache = cache
        self._cutter = Cutter(limit)
        self._lock = threading.Lock()
        self._tempting: dict[str, bool] = {}

    def rule(self, doubt: Doubt) -> tuple[Ruling, str]:
        """What follows from the answer, and why there is none to go by (``""``: there is)."""
        try:
            return self._rule(doubt)
        except Exception as error:
            reason = f"the check failed: {type(error).__name__}: {error}"
            return Ruling(says=Says.NOTES, message=f"unknown: {reason}"), reason

    def _rule(self, doubt: Doubt) -> tuple[Ruling, str]:
        shown = self._cutter.shown(doubt)
        name = _name(doubt, shown)
        kept = memory.raised(self._cache, name)
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
        memory.keep_raised(self._cache, name, ruling)
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
        assert first.answer is not None
        answer = self._asker.ask(last_request(shown, first.answer, first.constitutions), Judgement)
        if answer.problem:
            return f"the last reader gave no answer: {answer.problem}"
        said = structured.read(answer.text, Judgement)
        if said.quote.strip() and not shown.holds(said.quote):
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
        answer = self._asker.ask(request(task, shown, found), Reading)
        if answer.problem:
            return _Read(None, answer.problem, answer.model, found)
        said = structured.read(answer.text, Reading)
        if said.verdict == "unsafe" and not said.quote.strip():
            return _Read(None, "the answer quotes nothing", answer.model, found)
        if said.verdict != "unsure" and said.quote.strip() and not shown.holds(said.quote):
            return _Read(None, "the answer quotes words that do not exist", answer.model, found)
        return _Read(said, "", answer.model, found)

    def _tempts(self, text: str) -> bool:
        """Whether anything in a text may talk to its reader, at the least that counts anywhere."""
        with self._lock:
            if text not in self._tempting:
                opinion = judge(text, surface=Surface.PROMPT, tasks={Task.INJECTING}).of(Task.INJECTING)
                self._tempting[text] = opinion is not None and opinion.band is not Band.CLEAR
            return self._tempting[text]


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
