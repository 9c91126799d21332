"""The judge: tries to find the analyst wrong, and says what may follow from an answer.

No single answer changes a verdict. *Possible* becomes *likely* when the analyst, in the light of a constitution, and
the judge, who looked for an objection, agree, or when an attack that the tester wrote had its effect. *Likely* becomes
*possible* when the analyst and a second look at the bare code agree that it is safe, and nobody in the code tried to
talk a reviewer into it. Whatever else was answered is noted and changes nothing.
"""

from __future__ import annotations

from bluehook.check import prompts, structured, wording
from bluehook.check.analyst import Read, exists
from bluehook.check.context import Material, Question
from bluehook.check.memory import request_id
from bluehook.check.model import Analysis, Asker, Judgement, Request, Ruling, Trial
from bluehook.check.redact import Redactor
from bluehook.check.source import normalised
from bluehook.findings import Says, Verdict
from bluehook.knowledge import Constitution

PROMPT = "judge"
SURE = 0.6
"""Least confidence that moves a verdict."""


class Judge:
    """Weighs for one run."""

    def __init__(self, asker: Asker, redact: Redactor) -> None:
        self._asker = asker
        self._redact = redact

    def objects(
        self,
        question: Question,
        material: Material,
        analysis: Analysis,
        found: list[Constitution],
        trial: Trial | None = None,
    ) -> tuple[Judgement | None, str]:
        """The judgement on an analysis that would stop a commit, or the problem."""
        answer = self._asker.ask(self._request(question, material, analysis, found, trial), Judgement)
        if answer.problem:
            return None, answer.problem
        judgement = structured.read(answer.text, Judgement)
        if judgement.quote.strip() and not exists(judgement.quote, material.lines()):
            return None, "the judge quotes a line that does not exist"
        return judgement, ""

    def _request(
        self,
        question: Question,
        material: Material,
        analysis: Analysis,
        found: list[Constitution],
        trial: Trial | None,
    ) -> Request:
        told = "\n".join(
            f"{name}: {' '.join(getattr(analysis, name).split())[:400]}"
            for name in ("weakness", "source", "sink", "guard", "path", "reason")
        )
        ran = f"{trial.ending}: {trial.words}" if trial is not None else "no attack was run"
        marker = prompts.marker(material.code, told, ran, *(each.text for each in material.around))
        sections = [
            prompts.head(marker),
            *wording.constitutions(found, marker),
            wording.suspicion(question, self._redact),
            *wording.material(material, question, marker),
            prompts.fenced(marker, "What the analyst says", told),
            prompts.fenced(marker, "Attacks in the sandbox", ran),
        ]
        name = request_id(
            PROMPT, prompts.version(PROMPT), question.weakness, normalised(material.code), told, ran,
            *(f"{each.title}\n{normalised(each.text)}" for each in material.around), *(each.digest for each in found),
        )  # fmt: skip
        return Request(id=name, system=prompts.text(PROMPT), user="\n\n".join(sections), form=PROMPT, longest=500)


def rule_unsafe(
    question: Question, read: Read, judgement: Judgement | None, problem: str, trial: Trial | None
) -> Ruling:
    """What follows when the analyst says unsafe."""
    analysis = read.analysis
    assert analysis is not None
    details = _details(read, judgement, trial)
    words = f"{analysis.reason or analysis.path} (sink: {analysis.sink.strip()})"
    agreed = judgement is not None and judgement.verdict == "unsafe" and judgement.confidence >= SURE
    backed = analysis.constitution in read.constitutions and analysis.confidence >= SURE
    ran = trial is not None and trial.ending == "effect"
    if ran and not (judgement is not None and judgement.verdict == "safe"):
        return Ruling(says=Says.RAISES, message=f"{words}; an attack written for it had its effect", details=details)
    if agreed and backed:
        return Ruling(says=Says.RAISES, message=words, details=details)
    if problem:
        why = f"the judge gave no answer: {problem}"
    elif judgement is not None and not agreed:
        why = f"the judge does not follow: {judgement.objection or judgement.reason or judgement.verdict}"
    else:
        why = (
            "no constitution stands behind it" if analysis.constitution not in read.constitutions else "it is not sure"
        )
    return Ruling(says=Says.NOTES, message=f"read as unsafe, which changes nothing: {why}", details=details)


def rule_safe(question: Question, read: Read, second: Read | None, tempted: bool) -> Ruling:
    """What follows when the analyst says safe; ``tempted`` that the code speaks to its reviewer."""
    analysis = read.analysis
    assert analysis is not None
    details = _details(read)
    words = analysis.reason or analysis.guard
    if question.verdict is not Verdict.LIKELY:
        return Ruling(says=Says.NOTES, message=f"read as safe: {words}", details=details)
    agreed = second is not None and second.analysis is not None and second.analysis.verdict == "safe"
    sure = analysis.confidence >= SURE and second is not None and second.analysis is not None
    if tempted:
        why = "the code tells its reviewer what to conclude"
    elif not agreed:
        why = "a second look without comments does not agree"
        if second is not None and second.problem:
            why = f"the second look gave no answer: {second.problem}"
    elif not (sure and second is not None and second.analysis is not None and second.analysis.confidence >= SURE):
        why = "it is not sure"
    else:
        return Ruling(says=Says.LOWERS, message=words, details=details)
    return Ruling(says=Says.NOTES, message=f"read as safe, which changes nothing: {why}", details=details)


def rule_agreed(read: Read) -> Ruling:
    """What follows when the analyst says unsafe of what is likely already: nothing but a reader's word for it."""
    analysis = read.analysis
    assert analysis is not None
    return Ruling(says=Says.NOTES, message=f"read as unsafe too: {analysis.reason}", details=_details(read))


def rule_unsure(read: Read) -> Ruling:
    """What follows when there is no answer to go by."""
    if read.analysis is None:
        return Ruling(
            says=Says.NOTES, message=f"unknown: {read.problem}", details={"model": read.model} if read.model else {}
        )
    return Ruling(says=Says.NOTES, message=f"unsure: {read.analysis.reason}", details=_details(read))


def _details(read: Read, judgement: Judgement | None = None, trial: Trial | None = None) -> dict[str, str]:
    analysis = read.analysis
    assert analysis is not None
    found = {
        "model": read.model,
        "prompt": prompts.version("analyst"),
        "constitution": analysis.constitution if analysis.constitution in read.constitutions else "",
        "constitutions": ", ".join(read.constitutions),
        "source": analysis.source.strip(),
        "sink": analysis.sink.strip(),
        "guard": analysis.guard.strip(),
        "path": analysis.path,
        "confidence": f"{analysis.confidence:g}",
        "objection": judgement.objection if judgement is not None else "",
        "attack": trial.words if trial is not None else "",
        "test": trial.test if trial is not None else "",
    }
    return {name: text[:2000] for name, text in found.items() if text}
