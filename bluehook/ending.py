"""How a run over code or over texts ends: what is left out, what blocks, what was known, the exit status."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable

from bluehook import __version__
from bluehook.config import Config, Configs
from bluehook.findings import Finding, Problem, Result, SourceFile, Verdict, blocking, likeness, sort_key

FINISHED, BLOCKED, USAGE, INCOMPLETE, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit statuses: nothing blocks and all was looked at; something blocks; a mistake of the user's; not all looked at;
stopped by the user, whatever was found until then.
"""


class Ending:
    """Begun with the run: ``result`` is filled on the way, and :meth:`close` judges it.

    ``texts`` are the bytes of the files that it has findings in (what reports quote lines from).
    """

    def __init__(self, root: str, configs: Configs) -> None:
        self._configs = configs
        self._started = time.perf_counter()
        self.result = Result(root=root, version=__version__, fail_on=configs.run.settings.fail_on)
        self.texts: dict[str, bytes] = {}

    def elapsed(self) -> float:
        """Seconds since the run began."""
        return time.perf_counter() - self._started

    def weigh(self, path: str, findings: Iterable[Finding]) -> None:
        """Say of the findings of one file which are left out and which block, as the file's configuration has it."""
        config = self._configs.of(path)
        profile = config.for_path(path)
        least = Verdict(config.settings.fail_on).rank if config.settings.fail_on != "never" else len(Verdict)
        for finding in findings:
            if finding.suppressed is None and profile.ignores(finding.weakness):
                finding.suppressed = "left out by the configuration" + (" for test code" if profile.test else "")
            finding.blocks = finding.suppressed is None and profile.may_block and finding.verdict.rank >= least

    def everything(self, source: SourceFile) -> bool:
        """Whether all findings of a file count, not only those that a change touched or brought."""
        return source.changed is None or self._configs.run.settings.all_findings

    def close(
        self, problems: Iterable[Problem], settled: Callable[[str], bool] | None, *, interrupted: bool = False
    ) -> Result:
        """The result, with all that holds for the whole run.

        :param problems: what collecting the files left out.
        :param settled: whether all findings of a path are at hand, so that an unused entry of the baseline is one;
            ``None`` where no baseline holds.
        """
        run, result = self._configs.run, self.result
        result.problems = [*problems, *result.problems]
        result.notes += self._configs.notes()
        if run.settings.baseline is not None and settled is not None:
            from bluehook import baseline

            entries = baseline.read(run.resolve(run.settings.baseline))
            result.notes += baseline.apply(result.findings, entries, settled)
            for finding in result.findings:
                finding.blocks = finding.blocks and finding.suppressed is None
        result.findings.sort(key=sort_key)
        result.exit_code = INTERRUPTED if interrupted else _exit_code(result, run)
        result.seconds = self.elapsed()
        return result


def _exit_code(result: Result, config: Config) -> int:
    if blocking(result.findings):
        return BLOCKED
    if config.settings.on_incomplete == "fail" and any(p.incomplete for p in result.problems):
        return INCOMPLETE
    return FINISHED


class Known:
    """What was there before a change, counted: of twins so many are old as there were."""

    def __init__(self, before: Iterable[Finding]) -> None:
        self._counts = Counter(_twin(finding) for finding in before)

    def without(self, findings: Iterable[Finding]) -> list[Finding]:
        """Those that the change brought."""
        return [finding for finding in findings if finding.ordinal >= self._counts[_twin(finding)]]


def _twin(finding: Finding) -> tuple[str, str]:
    return finding.location.path, likeness(finding.weakness, finding.symbol, finding.snippet)
