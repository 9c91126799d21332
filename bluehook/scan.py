"""The road: from collected files to a judged result, stage after stage."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bluehook.config import Configs
from bluehook.ending import Ending, Known
from bluehook.findings import Finding, Problem, Result, SourceFile, StageRun

if TYPE_CHECKING:
    from bluehook import check, verify
    from bluehook.cache import Cache
    from bluehook.check.model import Asker
    from bluehook.confirm import Confirmer
    from bluehook.consult import Consulter
    from bluehook.examine import Examined, Examiner


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
    then (``None``: not at all), ``foremost`` names files that are attacked before all others. The files may be a lazy
    iterable: no more than a batch of them is held at a time, besides those that wait for an attack or an answer.
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
        foremost: Callable[[], Collection[str]] | None = None,
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
        self._foremost = foremost
        self._whole: set[str] = set()
        self._interrupted = False

    def run(self, files: Iterable[SourceFile], problems: list[Problem]) -> Scanned:
        """Look at the files. ``problems`` is what collecting them left out; it may grow while ``files`` is read.

        Ctrl-C ends it early: what is known by then is told, and what is missing counts as not looked at.
        """
        ending = Ending(str(self._root), self._configs)
        result = ending.result
        first = next(iterator := iter(files), None)
        if first is not None:
            with self._examiner() as examiner:
                confirmer, consulter = self._confirmer(), self._consulter()
                examined = self._examined(examiner, confirmer, itertools.chain([first], iterator))
                self._look(examiner, self._consulted(consulter, examined), ending, [confirmer, consulter])
                result.stages = examiner.stages()
                result.cached = examiner.cached
            result.problems += _engine_problems(result)
            for stage in (confirmer, consulter):
                if stage is not None:
                    result.stages.append(stage.stage)
                    result.problems += stage.problems
            if consulter is not None:
                result.spend = consulter.spend
            else:
                result.problems += self._own_constitutions()
                if self._checks is not None:
                    result.stages.append(StageRun("check", "skipped", reason=self._checks.unavailable))
        interrupted = self._interrupted or (first is not None and confirmer is not None and confirmer.interrupted)
        ending.close(problems, self._settled if self._with_baseline else None, interrupted=interrupted)
        return Scanned(result, ending.texts)

    def _examiner(self) -> Examiner:
        from bluehook.crew import default_jobs
        from bluehook.detect import Settings, names
        from bluehook.examine import Examiner

        run = self._configs.run
        engines = run.settings.engines
        settings = Settings(
            cache=self._cache.directory if self._cache is not None else None,
            root=self._root,
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
            foremost=self._foremost,
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
        ending: Ending,
        stages: Sequence[Confirmer | Consulter | None],
    ) -> None:
        """Judge each file as it comes. After Ctrl-C those that still wait in a stage are judged as they are."""
        untouched: list[tuple[SourceFile, list[Finding]]] = []
        try:
            for source, examined in files:
                self._take(source, examined, ending, untouched)
            if untouched:
                ending.result.findings += self._new_ones(examiner, untouched)
        except KeyboardInterrupt:
            self._interrupted = True
            ending.result.problems.append(Problem("scan", "interrupted: what was not looked at by then is missing"))
            for stage in stages:
                for source, examined in stage.waiting.left() if stage is not None else ():
                    self._take(source, examined, ending, untouched)

    def _take(
        self,
        source: SourceFile,
        examined: Examined,
        ending: Ending,
        untouched: list[tuple[SourceFile, list[Finding]]],
    ) -> None:
        result = ending.result
        result.files += 1
        result.problems += examined.problems
        result.notes += examined.notes
        ending.weigh(source.path, examined.findings)
        everything = ending.everything(source)
        old: list[Finding] = []
        for finding in examined.findings:
            reported = everything or source.touches(finding.scope.first, finding.scope.last)
            (result.findings if reported else old).append(finding)
        if old:
            untouched.append((source, old))
        if everything and not any(p.incomplete for p in examined.problems):
            self._whole.add(source.path)
        if examined.findings:
            ending.texts[source.path] = source.data
        if self._progress is not None:
            self._progress(result.files)

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

    def _new_ones(self, examiner: Examiner, untouched: list[tuple[SourceFile, list[Finding]]]) -> list[Finding]:
        """Of the findings in untouched functions, those that the version before the change did not have."""
        blobs = [source.before for source, _ in untouched if source.before is not None]
        texts = self._read_blobs(blobs) if self._read_blobs is not None and blobs else {}
        before = [
            SourceFile(path=source.path, data=texts[source.before])
            for source, _ in untouched
            if source.before is not None and source.before in texts
        ]
        known = Known(finding for _, examined in examiner.examine(before) for finding in examined.findings)
        return known.without(finding for _, findings in untouched for finding in findings)

    def _settled(self, path: str) -> bool:
        """Whether all findings of a file are at hand: it was looked at whole, or is no more."""
        return path in self._whole or not (self._root / path).exists()


def _engine_problems(result: Result) -> list[Problem]:
    """An engine that did not run or did not finish: its silence means nothing."""
    return [Problem(stage.name, stage.reason) for stage in result.stages if stage.state != "done"]
