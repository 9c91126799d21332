"""The tester: writes an attack as a test, gets it back with the error when it is broken, twice at most.

Where and how a test runs is not decided here; what it can claim is in :mod:`bluehook.check.judge`.
"""

from __future__ import annotations

from collections.abc import Callable

from bluehook.check import prompts, structured, wording
from bluehook.check.context import Material, Question
from bluehook.check.memory import request_id
from bluehook.check.model import Analysis, Asker, Attack, Request, Trial
from bluehook.check.redact import Redactor
from bluehook.check.source import normalised

PROMPT = "tester"
TURNS = 3
"""The first test, and two repairs."""

Run = Callable[[str], Trial]


class Tester:
    """Writes tests for one run."""

    def __init__(self, asker: Asker, redact: Redactor) -> None:
        self._asker = asker
        self._redact = redact

    def attack(
        self, question: Question, material: Material, analysis: Analysis, statement: str, run: Run
    ) -> Trial | None:
        """The last trial of a test that it wrote; ``None`` when it wrote none.

        :param statement: the import of the function under test.
        :param run: runs a test.
        """
        trial: Trial | None = None
        for _ in range(TURNS):
            answer = self._asker.ask(self._request(question, material, analysis, statement, trial), Attack)
            if answer.problem:
                return trial
            test = structured.read(answer.text, Attack).test
            if not test.strip():
                return trial
            trial = run(test)
            if trial.ending != "failed":
                return trial
        return trial

    def _request(
        self, question: Question, material: Material, analysis: Analysis, statement: str, broken: Trial | None
    ) -> Request:
        told = "\n".join(
            f"{name}: {' '.join(getattr(analysis, name).split())[:400]}"
            for name in ("source", "sink", "path", "reason")
        )
        before = ""
        if broken is not None:
            before = self._redact(f"{broken.test}\n\nwhat came of it: {broken.words[:1500]}")
        marker = prompts.marker(material.code, told, before, *(each.text for each in material.around))
        sections = [
            prompts.head(marker),
            f"## Import statement\n{statement}\nfunction under test: {question.symbol}",
            wording.suspicion(question, self._redact),
            *wording.material(material, question, marker),
            prompts.fenced(marker, "What the analyst says", told),
        ]
        if before:
            sections.append(prompts.fenced(marker, "Your last test, which shows nothing; mend it", before))
        name = request_id(
            PROMPT, prompts.version(PROMPT), question.weakness, statement, question.symbol, normalised(material.code),
            told, before,
        )  # fmt: skip
        return Request(id=name, system=prompts.text(PROMPT), user="\n\n".join(sections), form=PROMPT, longest=1500)
