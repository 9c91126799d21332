"""Check: ask a language model about what is suspected and still open, and take its word for no more than it is worth.

``endpoint`` says who may decide where code goes, ``client`` asks there within a ``budget``, ``context`` gathers what
is shown, with secrets taken out (``redact``); ``analyst``, ``tester`` and ``judge`` read, attack and weigh, ``memory``
keeps answers, ``injection`` finds who tries to talk to them. What comes out is evidence; verdicts are made elsewhere.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from bluehook.check.model import STAGE, Analysis, Asker, Endpoint, Limits, Trial
from bluehook.findings import Evidence, Problem, Says, Spend, StageRun, Verdict

if TYPE_CHECKING:
    from bluehook.cache import Cache
    from bluehook.check.analyst import Read
    from bluehook.check.context import Material, Question
    from bluehook.check.judge import Ruling
    from bluehook.knowledge import Library

__all__ = ["STAGE", "Checked", "Opinion", "Range", "Settings", "check", "unanswered"]


class Range(Protocol):
    """A place where a test can be run against a function of the project, confined."""

    def statement(self, question: Question) -> str:
        """How a test imports the function of a question; ``""`` where no statement can."""
        ...

    def run(self, question: Question, test: str) -> Trial:
        """What came of a test; never raises."""
        ...


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How questions are asked. ``required`` says that one without an answer is something not looked at."""

    endpoint: Endpoint
    limits: Limits = Limits()
    concurrency: int = 4
    timeout: float = 60.0
    context_tokens: int = 4000
    tester: bool = True
    required: bool = False


class Opinion(msgspec.Struct, frozen=True, kw_only=True):
    """What was made of one question: its evidence, and whether there was no answer to go by."""

    question: Question
    evidence: Evidence
    unknown: str = ""


class Checked(msgspec.Struct, kw_only=True):
    """What came of it: an opinion a question, what was not done, how the stage ended, and what it took."""

    opinions: list[Opinion] = []
    problems: list[Problem] = []
    stage: StageRun = StageRun(STAGE, "done")
    spend: Spend = Spend()


def check(
    root: Path,
    questions: Sequence[Question],
    settings: Settings,
    *,
    library: Library,
    contents: Mapping[str, bytes],
    cache: Cache | None = None,
    asker: Asker | None = None,
    ground: Range | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Checked:
    """Ask about each question, dearest first. Never raises: what fails is counted and told.

    :param contents: the files as they are scanned, by path.
    :param asker: who answers, instead of the endpoint.
    :param ground: where what the tester writes is run; ``None`` where nothing may run.
    """
    from bluehook.check.budget import Budget
    from bluehook.check.client import Client

    started = time.monotonic()
    budget = Budget(settings.limits)
    client = Client(settings.endpoint, budget, timeout=settings.timeout) if asker is None else None
    done = Checked()
    try:
        if client is not None and settings.endpoint.embeddings:
            library = library.with_embeddings(client.embedded)
        run = _Run(root, settings, library, contents, cache, asker or client, ground)
        ordered = sorted(questions, key=lambda q: (-q.rank, q.path, q.scope, q.weakness))
        with ThreadPoolExecutor(settings.concurrency, thread_name_prefix="check") as pool:
            for opinion in pool.map(run.opinion, ordered):
                done.opinions.append(opinion)
                if progress is not None:
                    progress(len(done.opinions), len(ordered))
        done.spend = msgspec.structs.replace(budget.spend(), questions=run.memory.asked, cached=run.memory.cached)
    finally:
        if client is not None:
            client.close()
    _tell(done, settings)
    done.stage = msgspec.structs.replace(done.stage, seconds=time.monotonic() - started)
    return done


class _Run:
    """The agents of one run, and what they share."""

    def __init__(
        self,
        root: Path,
        settings: Settings,
        library: Library,
        contents: Mapping[str, bytes],
        cache: Cache | None,
        asker: Asker | None,
        ground: Range | None,
    ) -> None:
        from bluehook.check.analyst import Analyst
        from bluehook.check.judge import Judge
        from bluehook.check.memory import Remembering
        from bluehook.check.project import Project
        from bluehook.check.redact import Redactor
        from bluehook.check.tester import Tester

        assert asker is not None
        self._settings = settings
        self._cache = cache
        self._library = library
        self._ground = ground if settings.tester else None
        self.memory = Remembering(asker, cache, settings.endpoint.models)
        self._project = Project(root, contents)
        self._redact = Redactor()
        self._analyst = Analyst(self.memory, library, self._project, self._redact, settings.context_tokens)
        self._tester = Tester(self.memory, self._redact)
        self._judge = Judge(self.memory, self._redact)

    def opinion(self, question: Question) -> Opinion:
        """What is made of one question; a failure of ours is one of the ways not to know."""
        try:
            return self._opinion(question)
        except Exception as error:
            reason = f"the check failed: {type(error).__name__}: {error}"
            return _opinion(question, _unread(reason), reason)

    def _opinion(self, question: Question) -> Opinion:
        from bluehook.check.context import gather
        from bluehook.check.injection import tempts

        material = gather(question, self._project, self._redact, self._settings.context_tokens)
        if material is None:
            return _opinion(question, _unread("its file cannot be read"), "a file cannot be read")
        kept = self._kept(question, material)
        if kept is not None:
            return _opinion(question, kept)
        tempted = tempts(material.raw, question.path) or any(tempts(each.text) for each in material.around)
        read = self._analyst.read(question, material)
        ruling = self._rule(question, material, read, tempted=tempted)
        if ruling.says is Says.RAISES:
            self._keep(question, material, ruling)
        return _opinion(question, ruling, read.problem)

    def _rule(self, question: Question, material: Material, read: Read, *, tempted: bool) -> Ruling:
        from bluehook.check import judge
        from bluehook.decide import KEPT_HIGH

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

    def _kept(self, question: Question, material: Material) -> Ruling | None:
        from bluehook.check.judge import Ruling
        from bluehook.check.memory import slice_name

        if self._cache is None:
            return None
        name = slice_name(question.path, question.symbol, question.weakness, material.raw)
        value = self._cache.get_many([name]).get(name)
        try:
            return msgspec.json.decode(value, type=Ruling) if value is not None else None
        except msgspec.MsgspecError:
            return None

    def _keep(self, question: Question, material: Material, ruling: Ruling) -> None:
        from bluehook.check.memory import slice_name

        if self._cache is not None:
            name = slice_name(question.path, question.symbol, question.weakness, material.raw)
            self._cache.put_many({name: msgspec.json.encode(ruling)})


def _unread(reason: str) -> Ruling:
    from bluehook.check.judge import Ruling

    return Ruling(says=Says.NOTES, message=f"unknown: {reason}")


def _opinion(question: Question, ruling: Ruling, unknown: str = "") -> Opinion:
    evidence = Evidence(STAGE, question.weakness, ruling.says, ruling.message, details=ruling.details)
    return Opinion(question=question, evidence=evidence, unknown=unknown)


def _tell(done: Checked, settings: Settings) -> None:
    reasons = Counter(opinion.unknown for opinion in done.opinions if opinion.unknown)
    done.spend = msgspec.structs.replace(done.spend, unknown=sum(reasons.values()))
    done.problems += unanswered(reasons, settings)


def unanswered(reasons: Counter[str], settings: Settings) -> list[Problem]:
    """One line about the questions that have no answer, commonest reason first; nothing where there are none."""
    unknown = sum(reasons.values())
    if not unknown:
        return []
    told = "; ".join(reason if len(reasons) == 1 else f"{count} x {reason}" for reason, count in reasons.most_common(3))
    what = "1 question has" if unknown == 1 else f"{unknown} questions have"
    from bluehook.check.record import NOWHERE

    whose = "yet" if settings.endpoint is NOWHERE else f"of {settings.endpoint.url}"
    reason = f"{what} no answer {whose} ({told}); what was found stands"
    return [Problem(STAGE, reason, incomplete=settings.required)]
