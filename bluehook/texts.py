"""One run over texts: judge each, leave out what the change did not bring and what is known, say what blocks."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from bluehook import __version__
from bluehook.config import Config, Configs
from bluehook.findings import Finding, Problem, Result, SourceFile, StageRun, Verdict, likeness, sort_key
from bluehook.instructions import ENGINE, Asked, examine, surface_of
from bluehook.scan import Scanned, exit_code
from bluehook.text.judgement import Surface


class Texts:
    """``configs`` answers for each file and for the run, ``surface`` (where given) says what all texts are, with
    ``by_shape`` a file that holds a bare request is judged as one, ``field`` says which field of JSON holds the texts,
    ``read_blobs`` gives what was there before a change, ``ask`` is asked where the local model is unsure.
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
        ask: Asked | None = None,
    ) -> None:
        self._root = root
        self._configs = configs
        self._surface = surface
        self._by_shape = by_shape
        self._field = field
        self._read_blobs = read_blobs
        self._with_baseline = with_baseline
        self._ask = ask

    def run(self, files: Iterable[SourceFile], problems: list[Problem]) -> Scanned:
        """Judge the files; ``problems`` is what collecting them left out and may grow while they are read."""
        started = time.perf_counter()
        settings = self._configs.run.settings
        result = Result(root=str(self._root), version=__version__, fail_on=settings.fail_on)
        texts: dict[str, bytes] = {}
        for source in files:
            result.files += 1
            findings = self._of(source, result)
            if findings:
                texts[source.path] = source.data
            result.findings += findings
        result.stages = [StageRun(ENGINE, "done", time.perf_counter() - started)]
        result.problems = [*problems, *result.problems]
        result.notes += self._configs.notes()
        self._apply_baseline(result)
        result.findings.sort(key=sort_key)
        result.exit_code = exit_code(result, self._configs.run)
        result.seconds = time.perf_counter() - started
        return Scanned(result, texts)

    def _of(self, source: SourceFile, result: Result) -> list[Finding]:
        config = self._configs.of(source.path)
        judged = examine(
            source,
            self._surface_of(source, config),
            config.settings.instructions,
            field=self._field,
            require_reason=self._configs.run.settings.require_reason,
            ask=self._ask,
        )
        result.problems += judged.problems
        result.notes += judged.notes
        profile = config.for_path(source.path)
        least = Verdict(config.settings.fail_on).rank if config.settings.fail_on != "never" else len(Verdict)
        for finding in judged.findings:
            if finding.suppressed is None and profile.ignores(finding.weakness):
                finding.suppressed = "left out by the configuration"
            finding.blocks = finding.suppressed is None and profile.may_block and finding.verdict.rank >= least
        if source.changed is None or self._configs.run.settings.all_findings:
            return judged.findings
        return self._new(source, judged.findings)

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
        known = Counter(_twin(finding) for finding in old)
        return [*touched, *(f for f in rest if f.ordinal >= known[_twin(f)])]

    def _apply_baseline(self, result: Result) -> None:
        run = self._configs.run
        if run.settings.baseline is None or not self._with_baseline:
            return
        from bluehook import baseline

        # Entries of code are none of this run's business: nothing is said of those that are not used.
        baseline.apply(result.findings, baseline.read(run.resolve(run.settings.baseline)), lambda path: False)
        for finding in result.findings:
            finding.blocks = finding.blocks and finding.suppressed is None


def _twin(finding: Finding) -> str:
    return likeness(finding.weakness, finding.symbol, finding.snippet)
