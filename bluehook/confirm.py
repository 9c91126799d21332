"""Hand what the detectors found to ``verify``, and bring what came of it back to the findings.

A file waits here until the whole run is known, since attacks are made in order of suspicion over all files, and since
the attack on a handler may end in the sink of another file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

from bluehook import verify
from bluehook.cache import Cache
from bluehook.decide import decide
from bluehook.examine import Examined, Waiting, widened
from bluehook.findings import (
    Detection,
    Evidence,
    Finding,
    Location,
    Problem,
    Says,
    SourceFile,
    StageRun,
    Step,
    Verdict,
)
from bluehook.join import late
from bluehook.parse import ParsedFile, parse
from bluehook.verify import outcome, plan
from bluehook.verify.outcome import Seen
from bluehook.weaknesses import kindred

_HARMFUL = (Says.PROVES, Says.SHOWS)


class Confirmer:
    """The files of one run that hold something worth an attack.

    ``stage`` tells how verification ended, ``problems`` what it left out, ``interrupted`` whether the user stopped it;
    all are complete after :meth:`settle`. The files that ``foremost`` names are attacked first.
    """

    def __init__(
        self,
        root: Path,
        settings: verify.Settings,
        *,
        cache: Cache | None = None,
        require_reason: bool = False,
        progress: Callable[[int, int], None] | None = None,
        foremost: Callable[[], Collection[str]] | None = None,
    ) -> None:
        self._root = root
        self._settings = settings
        self._cache = cache
        self._require_reason = require_reason
        self._progress = progress
        self._foremost = foremost
        self._targets: list[verify.Target] = []
        self.waiting = Waiting()
        self.interrupted = False
        self.stage = StageRun(verify.STAGE, "done")
        self.problems: list[Problem] = []

    def take(self, source: SourceFile, examined: Examined) -> bool:
        """Keep a file for :meth:`settle` if anything in it is worth an attack; else nothing happens to it."""
        found = plan.targets(source, [*examined.findings, *examined.hints], examined.entries)
        if found:
            self._targets += found
            self.waiting.take(source, examined)
        return bool(found)

    def settle(self) -> Iterator[tuple[SourceFile, Examined]]:
        """Attack, then give back every file that was taken, with what was learned of it."""
        if not self.waiting:
            return
        done = self._attacked()
        self.stage, self.problems = done.stage, done.problems
        by_path: dict[str, list[Seen]] = defaultdict(list)
        for attempt in done.attempts:
            for seen in outcome.seen(attempt):
                if seen.path in self.waiting:
                    by_path[seen.path].append(seen)
                elif seen.evidence.says in _HARMFUL:
                    by_path[attempt.target.path].append(_at_caller(seen, attempt.target))
        for source, examined in self.waiting.left():
            told = by_path[source.path]
            yield source, _with(source, examined, told, self._require_reason) if told else examined

    def _attacked(self) -> verify.Verification:
        """What came of the attacks; after Ctrl-C, of those that had ended by then."""
        first = self._foremost() if self._foremost is not None else ()
        try:
            return verify.attack(
                self._root,
                plan.ordered(self._targets, first),
                self._settings,
                contents=self.waiting.contents(),
                cache=self._cache,
                progress=self._progress,
            )
        except verify.Interrupted as stop:
            self.interrupted = True
            return stop.done


def _at_caller(seen: Seen, target: verify.Target) -> Seen:
    """An effect in a file that nobody scans, told at the function that was attacked."""
    first, _ = target.lines
    steps = (
        Step(Location(target.path, first), target.function),
        Step(Location(seen.path, max(1, seen.line)), "the effect"),
    )
    evidence = seen.evidence
    told = Evidence(evidence.engine, evidence.rule, evidence.says, evidence.message, steps, evidence.details)
    return Seen(seen.weakness, target.path, first, True, told)


def _with(source: SourceFile, examined: Examined, seen: Iterable[Seen], require_reason: bool) -> Examined:
    """What is known of a file, with the evidence of attacks at the findings that it belongs to."""
    file = parse(source)
    findings, hints = examined.findings, list(examined.hints)
    for one in sorted(seen, key=lambda one: (one.line, one.weakness, one.evidence.rule, one.evidence.message)):
        known = _about(file, one, [*findings, *hints])
        for finding in known:
            finding.evidence = [*finding.evidence, one.evidence]
        if not known and one.line and one.evidence.says in _HARMFUL:
            hints.append(_new(file, one, [*findings, *hints]))
    raised = [hint for hint in hints if _judge(hint) not in (None, Verdict.REFUTED)]
    for finding in findings:
        _judge(finding)
    return widened(file, examined, raised, require_reason=require_reason)


def _judge(finding: Finding) -> Verdict | None:
    verdict = decide(finding.weakness, finding.evidence).verdict
    if verdict is not None:
        finding.verdict = verdict
    return verdict


def _about(file: ParsedFile, seen: Seen, findings: Sequence[Finding]) -> list[Finding]:
    """The findings that a piece of evidence speaks of.

    What was reached is told at its statement; where that is the head of the function (a page that is returned, a
    header that is sent), at the likeliest that the function has of that kind. What was not reached is told to all of
    its kind.
    """
    kin = [f for f in findings if f.weakness == seen.weakness or kindred(f.weakness, seen.weakness)]
    if seen.evidence.says in (Says.REFUTES, Says.INSENSITIVE):
        kin = [finding for finding in kin if finding.weakness == seen.weakness]
    if not seen.line:
        function = seen.evidence.details.get("function", "")
        return [finding for finding in kin if f"{finding.location.path}::{finding.symbol}" == function]
    place = file.statement_at(seen.line)
    there = [f for f in kin if file.statement_at(f.location.line, f.location.column)[:2] == place[:2]]
    around = file.function_at(seen.line)
    if there or around is None or not _is_head(file, seen.line):
        return there[:1]
    inside = [f for f in kin if f.symbol == around.qualname]
    if len(inside) > 1 and seen.evidence.says in _HARMFUL:
        return [_most_likely_meant(inside, seen.evidence)]
    return inside if len(inside) == 1 else []


def _most_likely_meant(findings: Sequence[Finding], evidence: Evidence) -> Finding:
    """Of several findings in a function the one that an effect is of: one effect is one flaw, not all of a kind.

    A statement that names what the effect names (a cookie, a header) comes first, then what static evidence shows.
    """
    named = re.findall(r"'([^']+)'", evidence.details.get("effect", ""))

    def unlikely(finding: Finding) -> tuple[bool, int]:
        says = any(f'"{name}"' in finding.snippet or f"'{name}'" in finding.snippet for name in named)
        return not says, -finding.verdict.rank

    return min(findings, key=unlikely)


def _is_head(file: ParsedFile, line: int) -> bool:
    return file.statement_at(line).text.lstrip().startswith(("def ", "async def ", "@", "class "))


def _new(file: ParsedFile, seen: Seen, others: Iterable[Finding]) -> Finding:
    """A finding for an effect where no detector saw anything."""
    return late(file, Detection(seen.weakness, _place(file, seen.line), seen.evidence), others)


def _place(file: ParsedFile, line: int) -> Location:
    """The first call on a line, or the line itself."""
    call = next((call.location for call in file.calls if call.location.line == line), None)
    if call is not None:
        return call
    return file.line_at(line)
