"""The agents of one run on code: what is made of a question, from the first reading to what follows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bluehook.cache import Cache
from bluehook.check import Opinion, Range, Settings, judge, memory
from bluehook.check.analyst import Analyst, Read
from bluehook.check.context import Material, Question, gather
from bluehook.check.injection import tempts
from bluehook.check.judge import Judge
from bluehook.check.model import STAGE, Analysis, Ruling, Trial
from bluehook.check.project import Project
from bluehook.check.redact import Redactor
from bluehook.check.session import Session
from bluehook.check.tester import Tester
from bluehook.decide import KEPT_HIGH
from bluehook.findings import Evidence, Says, Verdict


class Agents:
    """The analyst, the tester and the judge of one run, and what they share.

    ``contents`` are the files as they are scanned, by path; ``ground`` is where the tester's tests run, if anywhere.
    """

    def __init__(
        self,
        session: Session,
        root: Path,
        contents: Mapping[str, bytes],
        settings: Settings,
        *,
        cache: Cache | None,
        ground: Range | None,
    ) -> None:
        self._settings = settings
        self._cache = cache
        self._library = session.library
        self._ground = ground if settings.tester else None
        self._project = Project(root, contents)
        self._redact = Redactor()
        self._analyst = Analyst(session.asker, session.library, self._project, self._redact, settings.context_tokens)
        self._tester = Tester(session.asker, self._redact)
        self._judge = Judge(session.asker, self._redact)

    def opinion(self, question: Question) -> Opinion:
        """What is made of one question; a failure of ours is one of the ways not to know."""
        try:
            return self._opinion(question)
        except Exception as error:
            reason = f"the check failed: {type(error).__name__}: {error}"
            return _opinion(question, _unread(reason), reason)

    def _opinion(self, question: Question) -> Opinion:
        material = gather(question, self._project, self._redact, self._settings.context_tokens)
        if material is None:
            return _opinion(question, _unread("its file cannot be read"), "a file cannot be read")
        slice_name = memory.slice_name(question.path, question.symbol, question.weakness, material.raw)
        kept = memory.raised(self._cache, slice_name)
        if kept is not None:
            return _opinion(question, kept)
        tempted = tempts(material.raw, question.path) or any(tempts(each.text) for each in material.around)
        read = self._analyst.read(question, material)
        ruling = self._rule(question, material, read, tempted=tempted)
        memory.keep_raised(self._cache, slice_name, ruling)
        return _opinion(question, ruling, read.problem)

    def _rule(self, question: Question, material: Material, read: Read, *, tempted: bool) -> Ruling:
        analysis = read.analysis
        if analysis is None or analysis.verdict == "unsure":
            return judge.rule_unsure(read)
        if analysis.verdict == "safe":
            second = None
            if question.verdict is Verdict.LIKELY and question.weakness not in KEPT_HIGH and not tempted:
                second = self._analyst.read_bare(question, material)
            return judge.rule_safe(question, read, second, tempted)
        if question.verdict is Verdict.LIKELY:
            return judge.rule_agreed(read)
        found = [each for name in read.constitutions for each in self._library.get(name)]
        trial = self._tried(question, material, analysis)
        judgement, problem = self._judge.objects(question, material, analysis, found, trial)
        return judge.rule_unsafe(question, read, judgement, problem, trial)

    def _tried(self, question: Question, material: Material, analysis: Analysis) -> Trial | None:
        ground = self._ground
        statement = ground.statement(question) if ground is not None else ""
        if ground is None or not statement:
            return None
        return self._tester.attack(question, material, analysis, statement, lambda test: ground.run(question, test))


def _unread(reason: str) -> Ruling:
    return Ruling(says=Says.NOTES, message=f"unknown: {reason}")


def _opinion(question: Question, ruling: Ruling, unknown: str = "") -> Opinion:
    evidence = Evidence(STAGE, question.weakness, ruling.says, ruling.message, details=ruling.details)
    return Opinion(question=question, evidence=evidence, unknown=unknown)
