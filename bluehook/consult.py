"""Hand what is still open to ``check``, and bring its opinions back to the findings.

A file waits here until the whole run is known, since a budget is spent on the dearest questions of all files first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bluehook import check, verify
from bluehook.check.context import Question, question
from bluehook.check.injection import WEAKNESS, Attempt, attempts
from bluehook.check.model import Trial
from bluehook.decide import decide
from bluehook.examine import Examined, Waiting, widened
from bluehook.findings import (
    Detection,
    Evidence,
    Finding,
    Problem,
    Says,
    SourceFile,
    Spend,
    StageRun,
    Verdict,
)
from bluehook.join import late
from bluehook.parse import ParsedFile, parse
from bluehook.weaknesses import INSTRUCTIONS, TABLE

if TYPE_CHECKING:
    from bluehook.cache import Cache
    from bluehook.check.model import Asker
    from bluehook.knowledge import Library

_SUSPICION = {Verdict.LIKELY: 1.0, Verdict.POSSIBLE: 0.5}


class Consulter:
    """The files of one run that hold something worth a question.

    ``asker`` answers instead of the endpoint; ``attacks`` says how the tester's attacks are run (``None``: not at all).
    ``stage``, ``problems`` and ``spend`` are complete after :meth:`settle`.
    """

    def __init__(
        self,
        root: Path,
        settings: check.Settings,
        library: Callable[[], Library],
        *,
        cache: Cache | None = None,
        asker: Asker | None = None,
        attacks: verify.Settings | None = None,
        require_reason: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self._root = root
        self._settings = settings
        self._library = library
        self._cache = cache
        self._asker = asker
        self._attacks = attacks
        self._require_reason = require_reason
        self._progress = progress
        self.waiting = Waiting()
        self._questions: list[Question] = []
        self.stage = StageRun(check.STAGE, "done")
        self.problems: list[Problem] = []
        self.spend: Spend | None = None

    def take(self, source: SourceFile, examined: Examined, ignored: Callable[[str], bool]) -> bool:
        """Keep a file for :meth:`settle` if anything in it is open; else nothing happens to it.

        :param ignored: whether the configuration leaves a weakness out.
        """
        found = _questions(source, examined.findings, ignored)
        if found:
            self._questions += found
            self.waiting.take(source, examined)
        return bool(found)

    def settle(self) -> Iterator[tuple[SourceFile, Examined]]:
        """Ask, then give back every file that was taken, with what was said of it."""
        if not self.waiting:
            return
        library = self._library()
        contents = self.waiting.contents()
        done = check.check(
            self._root,
            self._questions,
            self._settings,
            library=library,
            contents=contents,
            cache=self._cache,
            asker=self._asker,
            ground=_Ground(self._root, contents, self._attacks) if self._attacks is not None else None,
            progress=self._progress,
        )
        self.stage, self.problems, self.spend = done.stage, [*library.problems, *done.problems], done.spend
        said = {name: opinion.evidence for opinion in done.opinions for name in opinion.question.findings}
        for source, examined in self.waiting.left():
            scopes = [each.scope for each in self._questions if each.path == source.path]
            yield source, self._with(source, examined, said, scopes)

    def _with(
        self, source: SourceFile, examined: Examined, said: dict[str, Evidence], scopes: list[tuple[int, int]]
    ) -> Examined:
        """What is known of a file, with the evidence of opinions, and of attempts to speak to who gives them."""
        findings = examined.findings
        for finding in findings:
            if finding.id in said:
                finding.evidence = [*finding.evidence, said[finding.id]]
                finding.verdict = decide(finding.weakness, finding.evidence).verdict or finding.verdict
        file = parse(source)
        added: list[Finding] = []
        for each in attempts(file.text, source.path):
            if each.line == 0 or any(first <= each.line <= last for first, last in scopes):
                made = _attempt(file, each, [*findings, *added])
                added += [made] if made is not None else []
        return widened(file, examined, added, require_reason=self._require_reason)


class _Ground:
    """The sandbox of ``verify`` as a place where the tester's tests are run."""

    def __init__(self, root: Path, contents: Mapping[str, bytes], settings: verify.Settings) -> None:
        self._root = root
        self._contents = contents
        self._settings = settings

    def statement(self, question: Question) -> str:
        """As ``check.Range``."""
        from bluehook.verify import trial

        found = trial.place(self._root, question.path, question.symbol)
        return found.statement if found is not None else ""

    def run(self, question: Question, test: str) -> Trial:
        """As ``check.Range``."""
        from bluehook.verify import trial

        ended = trial.run(self._root, self._contents, question.path, question.symbol, test, self._settings)
        return Trial(ending=ended.ending, words=ended.words, test=test)


def _questions(source: SourceFile, findings: list[Finding], ignored: Callable[[str], bool]) -> list[Question]:
    """The open suspicions of a file that the change touched, those of one weakness in one function as one."""
    grouped: dict[tuple[str, str, int], list[Finding]] = {}
    for finding in findings:
        still_open = finding.suppressed is None and finding.verdict in _SUSPICION
        touched = source.touches(finding.scope.first, finding.scope.last)
        if still_open and touched and finding.weakness not in INSTRUCTIONS and not ignored(finding.weakness):
            grouped.setdefault((finding.symbol, finding.weakness, finding.scope.first), []).append(finding)
    return [
        question(weakness, group, TABLE[weakness].severity * max(_SUSPICION[f.verdict] for f in group))
        for (_, weakness, _), group in grouped.items()
    ]


def _attempt(file: ParsedFile, attempt: Attempt, findings: list[Finding]) -> Finding | None:
    """The finding of an attempt; none where a detector has the same one already."""
    line = max(1, attempt.line)
    if any(
        f.weakness == WEAKNESS and f.location.line <= line <= max(f.location.line, f.location.end_line)
        for f in findings
    ):
        return None
    words = " ".join(attempt.text.split())[:200]
    evidence = Evidence(
        check.STAGE,
        f"reviewer-addressed:{attempt.kind.replace(' ', '-')}",
        Says.SHOWS,
        f"A {attempt.kind} tells whoever reviews the code what to conclude: {words}",
    )
    finding = late(file, Detection(WEAKNESS, file.line_at(line), evidence), findings)
    finding.verdict = decide(WEAKNESS, finding.evidence).verdict or Verdict.POSSIBLE
    return finding
