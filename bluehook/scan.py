"""The road: from collected files to a judged result, stage after stage."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bluehook import __version__
from bluehook.config import Config, Configs
from bluehook.findings import Finding, Problem, Result, SourceFile, StageRun, Verdict, blocking, likeness, sort_key

if TYPE_CHECKING:
    from bluehook import check, verify
    from bluehook.cache import Cache
    from bluehook.check.model import Asker
    from bluehook.confirm import Confirmer
    from bluehook.consult import Consulter
    from bluehook.examine import Examined, Examiner

FINISHED, BLOCKED, USAGE, INCOMPLETE = 0, 1, 2, 3
"""Exit statuses: nothing blocks and all was looked at; something blocks; a mistake of the user's; not all looked at."""


class Scanned(NamedTuple):
    """The result, and the bytes of the files that it has findings in (what reports quote lines from)."""

    result: Result
    texts: dict[str, bytes]


class Checks(NamedTuple):
    """How a language model is asked: ``settings``, or why it is not (``unavailable``), and who answers in its place
    (``asker``). ``progress`` is told how many questions are answered, and of how many.
    """

    settings: check.Settings | None
    unavailable: str = ""
    asker: Asker | None = None
    progress: Callable[[int, int], None] | None = None


class Scan:
    """One run over files.

    ``configs`` answers for each file and for the run, ``read_blob`` gives the bytes of git objects by their ids (for
    what was there before a change), ``progress`` is told the number of files done, ``with_baseline`` says whether the
    configured baseline holds. ``attacks`` says how findings are verified (``None``: not at all), ``attacked`` is told
    how many functions were attacked, and of how many. ``checks`` says how a language model is asked about what is open
    then (``None``: not at all). The files may be a lazy iterable: no more than a batch of them is held at a time,
    besides those that wait for an attack or an answer.
    """

    def __init__(
        self,
        root: Path,
        configs: Configs,
        *,
        cache: Cache | None = None,
        read_blobs: Callable[[list[str]], Mapping[str, bytes]] | None = None,
        progress: Callable[[int], None] | None = None,
        with_baseline: bool = True,
        attacks: verify.Settings | None = None,
        attacked: Callable[[int, int], None] | None = None,
        checks: Checks | None = None,
    ) -> None:
        self._root = root
        self._configs = configs
        self._cache = cache
        self._read_blobs = read_blobs
        self._progress = progress
        self._with_baseline = with_baseline
        self._attacks = attacks
        self._attacked = attacked
        self._checks = checks
        self._whole: set[str] = set()

    def run(self, files: Iterable[SourceFile], problems: list[Problem]) -> Scanned:
        """Look at the files. ``problems`` is what collecting them left out; it may grow while ``files`` is read."""
        started = time.perf_counter()
        settings = self._configs.run.settings
        result = Result(root=str(self._root), version=__version__, fail_on=settings.fail_on)
        texts: dict[str, bytes] = {}
        first = next(iterator := iter(files), None)
        if first is not None:
            with self._examiner() as examiner:
                confirmer, consulter = self._confirmer(), self._consulter()
                examined = self._examined(examiner, confirmer, itertools.chain([first], iterator))
                self._look(examiner, self._consulted(consulter, examined), result, texts)
                result.stages = examiner.stages()
                result.cached = examiner.cached
            result.problems += _engine_problems(result)
            if confirmer is not None:
                result.stages.append(confirmer.stage)
                result.problems += confirmer.problems
            if consulter is not None:
                result.stages.append(consulter.stage)
                result.problems += consulter.problems
                result.spend = consulter.spend
            else:
                result.problems += self._own_constitutions()
                if self._checks is not None:
                    result.stages.append(StageRun("check", "skipped", reason=self._checks.unavailable))
        result.problems = [*problems, *result.problems]
        result.notes += self._configs.notes()
        self._apply_baseline(result)
        result.findings.sort(key=sort_key)
        result.exit_code = exit_code(result, self._configs.run)
        result.seconds = time.perf_counter() - started
        return Scanned(result, texts)

    def _examiner(self) -> Examiner:
        from bluehook.crew import default_jobs
        from bluehook.detect import Settings, names
        from bluehook.examine import Examiner

        run = self._configs.run
        engines = run.settings.engines
        settings = Settings(
            cache=self._cache.directory if self._cache is not None else None,
            rules=tuple(run.resolve(folder) for folder in run.settings.rules),
            sanitizers=run.settings.sanitizers,
            constitutions=run.resolve(run.settings.constitutions),
            timeout=engines.timeout,
            jobs=default_jobs(),
        )
        wanted = [name for name in names() if getattr(engines, name, True)]
        return Examiner(
            wanted,
            settings,
            cache=self._cache,
            require_reason=run.settings.require_reason,
            with_hints=self._attacks is not None,
        )

    def _confirmer(self) -> Confirmer | None:
        if self._attacks is None:
            return None
        from bluehook.confirm import Confirmer

        return Confirmer(
            self._root,
            self._attacks,
            cache=self._cache,
            require_reason=self._configs.run.settings.require_reason,
            progress=self._attacked,
        )

    def _consulter(self) -> Consulter | None:
        checks = self._checks
        if checks is None or checks.settings is None:
            return None
        from bluehook import knowledge
        from bluehook.consult import Consulter

        run = self._configs.run
        return Consulter(
            self._root,
            checks.settings,
            lambda: knowledge.load(run.directory, run.settings.constitutions),
            cache=self._cache,
            asker=checks.asker,
            attacks=self._attacks,
            require_reason=run.settings.require_reason,
            progress=checks.progress,
        )

    def _own_constitutions(self) -> list[Problem]:
        """The project's constitutions that are not in order: nobody shall think that they hold."""
        run = self._configs.run
        folder = run.resolve(run.settings.constitutions)
        if not folder.is_dir():
            return []
        from bluehook.knowledge.library import of_project

        return of_project(run.directory, folder)[1]

    def _look(
        self,
        examiner: Examiner,
        files: Iterable[tuple[SourceFile, Examined]],
        result: Result,
        texts: dict[str, bytes],
    ) -> None:
        untouched: list[tuple[SourceFile, list[Finding]]] = []
        for source, examined in files:
            result.files += 1
            result.problems += examined.problems
            result.notes += examined.notes
            old = self._judge(source, examined, result)
            if old:
                untouched.append((source, old))
            if self._everything(source) and not any(p.incomplete for p in examined.problems):
                self._whole.add(source.path)
            if examined.findings:
                texts[source.path] = source.data
            if self._progress is not None:
                self._progress(result.files)
        if untouched:
            result.findings += self._new_ones(examiner, untouched)

    def _examined(
        self, examiner: Examiner, confirmer: Confirmer | None, files: Iterator[SourceFile]
    ) -> Iterator[tuple[SourceFile, Examined]]:
        """Each file with all that is known of it; those with something to attack come last."""
        for source, examined in examiner.examine(files):
            # What cannot block is not worth a minute of anybody's.
            may_block = self._configs.of(source.path).for_path(source.path).may_block
            if confirmer is None or not may_block or not confirmer.take(source, examined):
                yield source, examined
        if confirmer is not None:
            yield from confirmer.settle()

    def _consulted(
        self, consulter: Consulter | None, files: Iterator[tuple[SourceFile, Examined]]
    ) -> Iterator[tuple[SourceFile, Examined]]:
        """Each file with what was said of it; those with something open come last."""
        for source, examined in files:
            profile = self._configs.of(source.path).for_path(source.path)
            if consulter is None or not profile.may_block or not consulter.take(source, examined, profile.ignores):
                yield source, examined
        if consulter is not None:
            yield from consulter.settle()

    def _judge(self, source: SourceFile, examined: Examined, result: Result) -> list[Finding]:
        """Set what blocks; findings in code that the change did not touch are returned instead of added."""
        config = self._configs.of(source.path)
        profile = config.for_path(source.path)
        least = Verdict(config.settings.fail_on).rank if config.settings.fail_on != "never" else len(Verdict)
        untouched: list[Finding] = []
        for finding in examined.findings:
            if finding.suppressed is None and profile.ignores(finding.weakness):
                finding.suppressed = "left out by the configuration" + (" for test code" if profile.test else "")
            finding.blocks = finding.suppressed is None and profile.may_block and finding.verdict.rank >= least
            reported = self._everything(source) or source.touches(finding.scope.first, finding.scope.last)
            (result.findings if reported else untouched).append(finding)
        return untouched

    def _everything(self, source: SourceFile) -> bool:
        return source.changed is None or self._configs.run.settings.all_findings

    def _new_ones(self, examiner: Examiner, untouched: list[tuple[SourceFile, list[Finding]]]) -> list[Finding]:
        """Of the findings in untouched functions, those that the version before the change did not have."""
        blobs = [source.before for source, _ in untouched if source.before is not None]
        texts = self._read_blobs(blobs) if self._read_blobs is not None and blobs else {}
        before = [
            SourceFile(path=source.path, data=texts[source.before])
            for source, _ in untouched
            if source.before is not None and source.before in texts
        ]
        known: Counter[tuple[str, str]] = Counter()
        for _, examined in examiner.examine(before):
            known.update(_twin(finding) for finding in examined.findings)
        return [f for _, findings in untouched for f in findings if f.ordinal >= known[_twin(f)]]

    def _apply_baseline(self, result: Result) -> None:
        run = self._configs.run
        if run.settings.baseline is None or not self._with_baseline:
            return
        from bluehook import baseline

        entries = baseline.read(run.resolve(run.settings.baseline))
        result.notes += baseline.apply(result.findings, entries, self._settled)
        for finding in result.findings:
            finding.blocks = finding.blocks and finding.suppressed is None

    def _settled(self, path: str) -> bool:
        """Whether all findings of a file are at hand: it was looked at whole, or is no more."""
        return path in self._whole or not (self._root / path).exists()


def _twin(finding: Finding) -> tuple[str, str]:
    return finding.location.path, likeness(finding.weakness, finding.symbol, finding.snippet)


def _engine_problems(result: Result) -> list[Problem]:
    """An engine that did not run or did not finish: its silence means nothing."""
    return [Problem(stage.name, stage.reason) for stage in result.stages if stage.state != "done"]


def exit_code(result: Result, config: Config) -> int:
    """The exit status that a result leads to."""
    if blocking(result.findings):
        return BLOCKED
    if config.settings.on_incomplete == "fail" and any(p.incomplete for p in result.problems):
        return INCOMPLETE
    return FINISHED
