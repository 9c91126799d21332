"""The detectors at work: side by side, over worker processes where there are enough files, each failure its own."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from bluehook import detect, processes
from bluehook.findings import Detection, Problem, SourceFile, StageRun

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing.context import BaseContext

    from bluehook.parse import ParsedFile

_WORTH_A_POOL = 48
"""Files from which worker processes pay for their start."""

_SAFE_PATH = "PYTHONSAFEPATH"

_CHUNK = 16
"""Files that one worker takes at a time: small enough that the processes end together."""

_CLEAN_STARTS = sys.version_info >= (3, 11)
"""Whether a new Python can be kept from the current folder (``PYTHONSAFEPATH``); else one process does all."""


class Answers(msgspec.Struct):
    """What the detectors said, by path, and what that leans on in other files; ``failed`` when one did not answer."""

    detections: defaultdict[str, list[Detection]]
    problems: defaultdict[str, list[Problem]]
    leans: dict[str, dict[str, str]]
    failed: bool = False


class _Answer(NamedTuple):
    report: detect.Report
    seconds: float


class Crew:
    """The detectors of one run, with their settings; ``close`` ends the worker processes."""

    def __init__(self, detectors: Sequence[detect.Detector], settings: detect.Settings) -> None:
        self._settings = settings
        self._missing = {d.name: reason for d in detectors if (reason := d.unavailable()) is not None}
        self._detectors = [d for d in detectors if d.name not in self._missing]
        self._seconds: dict[str, float] = defaultdict(float)
        self._failed: dict[str, str] = {}
        self._pool: ProcessPoolExecutor | None = None

    def versions(self) -> list[str]:
        """All that the answers depend on besides the files."""
        return [f"{d.name} {d.version(self._settings)}" for d in self._detectors] + sorted(self._missing)

    def stages(self) -> list[StageRun]:
        """How each detector ended, by name."""
        runs = [StageRun(name, "skipped", reason=reason) for name, reason in self._missing.items()]
        for detector in self._detectors:
            reason = self._failed.get(detector.name, "")
            runs.append(StageRun(detector.name, "failed" if reason else "done", self._seconds[detector.name], reason))
        return sorted(runs, key=lambda run: run.name)

    def run(self, files: Sequence[ParsedFile]) -> Answers:
        """Ask every detector about the files that it wants. Never raises for a detector's failure."""
        from concurrent.futures import ThreadPoolExecutor

        answers = Answers(defaultdict(list), defaultdict(list), {})
        outside = [d for d in self._detectors if d.own_process]
        inside = [d for d in self._detectors if not d.own_process]
        with ThreadPoolExecutor(max_workers=max(1, len(outside))) as threads:
            try:
                waiting = [threads.submit(_asked, [detector], files, self._settings) for detector in outside]
                # In one thread: two that ask the same file at once would only parse it twice.
                said = [
                    self._spread(inside, files) if self._worth_a_pool(files) else _asked(inside, files, self._settings)
                ]
                said += [future.result() for future in waiting]
            except BaseException:
                processes.stop_all()
                raise
        for name, answer in (item for part in said for item in part.items()):
            self._seconds[name] += answer.seconds
            self._sort(name, answer.report, answers)
        return answers

    def close(self) -> None:
        """End the worker processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def _sort(self, name: str, report: detect.Report, answers: Answers) -> None:
        answers.leans.update(report.leans)
        for detection in report.detections:
            answers.detections[detection.location.path].append(detection)
        for problem in report.problems:
            if problem.path is None:
                answers.failed = True
                self._failed[name] = problem.reason
            else:
                answers.problems[problem.path].append(problem)

    def _worth_a_pool(self, files: Sequence[ParsedFile]) -> bool:
        return _CLEAN_STARTS and len(files) >= _WORTH_A_POOL and self._settings.jobs > 1

    def _spread(self, detectors: Sequence[detect.Detector], files: Sequence[ParsedFile]) -> dict[str, _Answer]:
        """As :func:`_asked`, over worker processes; each file is parsed in one of them."""
        from concurrent.futures import ProcessPoolExecutor

        names = [detector.name for detector in detectors]
        sources = [file.source for file in files]
        chunks = [sources[i : i + _CHUNK] for i in range(0, len(sources), _CHUNK)]
        whole = {name: _Answer(detect.Report(), 0.0) for name in names}
        try:
            with _nothing_from_here(), _deaf_to_interrupts():
                if self._pool is None:
                    self._pool = ProcessPoolExecutor(
                        self._settings.jobs, _clean_start(), signal.signal, (signal.SIGINT, signal.SIG_IGN)
                    )
                parts = self._pool.map(partial(_in_worker, names, self._settings), chunks)
            for part in parts:
                whole = {name: _sum(whole[name], part[name]) for name in names}
        except (OSError, RuntimeError) as error:
            for name in names:
                whole[name].report.problems.append(Problem(name, f"its worker processes failed: {error}"))
        return whole


def default_jobs() -> int:
    """Processes to use: the processors that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextlib.contextmanager
def _nothing_from_here() -> Iterator[None]:
    """While it holds, a Python that is started imports nothing from the current folder, which nobody has read yet.

    multiprocessing starts its helpers, already when its locks are made, with ``python -c``, which looks there first:
    a ``multiprocessing.py`` in the repository would run.
    """
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE_PATH]
        else:
            os.environ[_SAFE_PATH] = before


@contextlib.contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """While it holds, a process that is started never hears Ctrl-C, not even before it can say so itself.

    Ctrl-C reaches every process of the terminal, and it is this one's to answer, which it does when this ends. A worker
    that died of it while it started would leave the pool waiting for ever.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    # It lets interrupts through again once it has started, so that has to be behind us.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _clean_start() -> BaseContext:
    """A way to start workers that does not fork this process, whose threads may hold locks."""
    import multiprocessing

    methods = multiprocessing.get_all_start_methods()
    return multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")


def _asked(
    detectors: Sequence[detect.Detector], files: Sequence[ParsedFile], settings: detect.Settings
) -> dict[str, _Answer]:
    """What each detector says of the files that it wants, by its name."""
    answers = {}
    for detector in detectors:
        started = time.perf_counter()
        report = _guarded(detector, [file for file in files if detector.wants(file)], settings)
        answers[detector.name] = _Answer(report, time.perf_counter() - started)
    return answers


def _sum(one: _Answer, other: _Answer) -> _Answer:
    one.report.detections += other.report.detections
    one.report.problems += other.report.problems
    one.report.leans.update(other.report.leans)
    return _Answer(one.report, one.seconds + other.seconds)


def _in_worker(names: Sequence[str], settings: detect.Settings, sources: Sequence[SourceFile]) -> dict[str, _Answer]:
    from bluehook.parse import parse

    return _asked([detect.load(name) for name in names], [parse(source) for source in sources], settings)


def _guarded(detector: detect.Detector, files: Sequence[ParsedFile], settings: detect.Settings) -> detect.Report:
    """A detector promises not to raise; one that breaks the promise must not take the others with it."""
    if not files:
        return detect.Report()
    try:
        return detector.run(files, settings)
    except Exception as error:  # whatever an engine throws is its failure, told in the report
        return detect.Report(problems=[Problem(detector.name, f"failed: {type(error).__name__}: {error}")])
