"""One run over texts: judge each, leave out what the change did not bring and what is known, say what blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bluehook.config import Config, Configs
from bluehook.ending import Ending, Known
from bluehook.findings import Evidence, Finding, LineRange, Problem, Result, SourceFile, StageRun
from bluehook.instructions import ENGINE, Asked, Judged, examine
from bluehook.instructions.surfaces import surface_of
from bluehook.messages import STRIP, Cleanup
from bluehook.scan import Checks, Scanned
from bluehook.text.judgement import Doubt, Surface

if TYPE_CHECKING:
    from bluehook.cache import Cache


class Texts:
    """``configs`` answers for each file and for the run, ``surface`` (where given) says what all texts are, with
    ``by_shape`` a file that holds a bare request is judged as one, ``field`` says which field of JSON holds the texts,
    ``read_blobs`` gives what was there before a change, ``checks`` says how a language model is asked where the local
    judge is in doubt (``None``: not at all), with ``cache`` as its memory. ``cleanup`` says what git takes out of a
    commit message.
    """

    def __init__(
        self,
        root: Path,
        configs: Configs,
        *,
        surface: Surface | None = None,
        by_shape: bool = False,
        field: str | None = None,
        read_blobs: Callable[[list[str]], Mapping[str, bytes]] | None = None,
        with_baseline: bool = True,
        checks: Checks | None = None,
        cache: Cache | None = None,
        cleanup: Cleanup = STRIP,
    ) -> None:
        self._root = root
        self._configs = configs
        self._surface = surface
        self._by_shape = by_shape
        self._field = field
        self._read_blobs = read_blobs
        self._with_baseline = with_baseline
        self._checks = checks
        self._cache = cache
        self._cleanup = cleanup

    def run(self, files: Iterable[SourceFile], problems: list[Problem]) -> Scanned:
        """Judge the files; ``problems`` is what collecting them left out and may grow while they are read."""
        ending = Ending(str(self._root), self._configs)
        waiting: list[SourceFile] = []
        doubts: list[Doubt] = []
        for source in files:
            ending.result.files += 1
            open_here = self._doubts(source, ending)
            if open_here:
                doubts += open_here
                waiting.append(source)
            else:
                self._add(source, ending)
        ending.result.stages = [StageRun(ENGINE, "done", ending.elapsed())]
        said = self._asked(doubts, ending.result)
        for source in waiting:
            self._add(source, ending, lambda doubt, lines: said.get(doubt))
        # Entries of code are none of this run's business: nothing is said of those that are not used.
        ending.close(problems, (lambda path: False) if self._with_baseline else None)
        return Scanned(ending.result, ending.texts)

    def _doubts(self, source: SourceFile, ending: Ending) -> list[Doubt]:
        """What is worth a question in a file: where an answer can change something that counts."""
        if self._checks is None or self._checks.settings is None:
            return []
        from bluehook.check.texts import asks_about

        config = self._configs.of(source.path)
        profile = config.for_path(source.path)
        everything = ending.everything(source)
        found: list[tuple[Doubt, LineRange]] = []

        def note(doubt: Doubt, lines: LineRange) -> None:
            ignored = not profile.may_block or profile.ignores(doubt.opinion.task.value)
            if asks_about(doubt) and not ignored and (everything or source.touches(lines.first, lines.last)):
                found.append((doubt, lines))

        judged = self._examined(source, config, note)
        silenced = {(f.weakness, f.scope) for f in judged.findings if f.suppressed is not None}
        return [doubt for doubt, lines in found if (doubt.opinion.task.value, lines) not in silenced]

    def _asked(self, doubts: list[Doubt], result: Result) -> Mapping[Doubt, Evidence]:
        """The words of a language model, if one is asked at all; how that went is noted in the result."""
        checks = self._checks
        if checks is None:
            return {}
        if checks.settings is None:
            result.stages.append(StageRun("check", "skipped", reason=checks.unavailable))
            return {}
        if not doubts:
            result.stages.append(StageRun("check", "done"))
            return {}
        from bluehook import knowledge
        from bluehook.check import texts

        run = self._configs.run
        library = knowledge.load(run.directory, run.settings.constitutions)
        done = texts.read(
            doubts, checks.settings, library=library, cache=self._cache, asker=checks.asker, progress=checks.progress
        )
        result.stages.append(done.stage)
        result.problems += done.problems
        result.spend = done.spend
        return done.evidence

    def _add(self, source: SourceFile, ending: Ending, ask: Asked | None = None) -> None:
        judged = self._examined(source, self._configs.of(source.path), ask)
        ending.result.problems += judged.problems
        ending.result.notes += judged.notes
        ending.weigh(source.path, judged.findings)
        findings = judged.findings if ending.everything(source) else self._new(source, judged.findings)
        if findings:
            ending.texts[source.path] = source.data
        ending.result.findings += findings

    def _examined(self, source: SourceFile, config: Config, ask: Asked | None) -> Judged:
        return examine(
            source,
            self._surface_of(source, config),
            config.settings.instructions,
            field=self._field,
            require_reason=self._configs.run.settings.require_reason,
            ask=ask,
            cleanup=self._cleanup,
        )

    def _surface_of(self, source: SourceFile, config: Config) -> Surface:
        text = source.data.decode("utf-8", "replace") if self._by_shape else None
        return self._surface or surface_of(source.path, config, text)

    def _new(self, source: SourceFile, findings: list[Finding]) -> list[Finding]:
        """Those that the change touched or brought."""
        touched = [f for f in findings if source.touches(f.scope.first, f.scope.last)]
        rest = [f for f in findings if f not in touched]
        if not rest or source.before is None or self._read_blobs is None:
            return touched
        blobs = self._read_blobs([source.before])
        if source.before not in blobs:
            return findings
        config = self._configs.of(source.path)
        before = SourceFile(path=source.path, data=blobs[source.before])
        old = examine(
            before, self._surface_of(source, config), config.settings.instructions, field=self._field
        ).findings
        return [*touched, *Known(old).without(rest)]
