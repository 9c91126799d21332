"""Verify: attack what was flagged inside a sandbox, and say what the attack did.

``plan`` chooses the functions, ``pool`` attacks them in sandboxed workers, ``outcome`` turns endings into evidence,
``memory`` keeps answers, ``reproduce`` writes a proof down as a test. Nothing here runs scanned code itself.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bluehook.findings import BluehookError, Problem, StageRun
from bluehook.verify.model import TARGET_SECONDS, Attempt, Target

if TYPE_CHECKING:
    from bluehook.cache import Cache
    from bluehook.verify.callers import Project
    from bluehook.verify.memory import Memory
    from bluehook.verify.pool import Pool

__all__ = ["Attempt", "Interrupted", "Settings", "Target", "Verification", "attack"]

STAGE = "verify"
_MOST_WORKERS = 4
_HURRY = 5.0
"""Seconds for what has to be known of attempts already made, once the budget is spent or the user has stopped them."""
_IMPORT = re.compile(rb"^[ \t]*(?:from|import)[ \t]+([A-Za-z_]\w*)", re.MULTILINE)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How attacks are run.

    ``budget`` is in seconds for all of them (0: no limit), ``workers`` are processes at a time (0: one a processor,
    four at most), ``seconds`` are given to one target. ``python`` is the interpreter to attack on (``None``: it is
    looked for), ``sandbox`` names a backend (``None``: the best).
    """

    budget: float = 0.0
    workers: int = 0
    seconds: float = TARGET_SECONDS
    python: Path | None = None
    sandbox: str | None = None


class Verification(msgspec.Struct, kw_only=True):
    """What came of it: the attempts that were made or remembered, what was not done, and how the stage ended.

    ``families`` are the weaknesses that there are probes for, as far as a worker was started; ``missing`` are the
    modules that each attacked file imports and that the interpreter does not have. ``interrupted`` says that the user
    stopped it.
    """

    attempts: list[Attempt] = []
    problems: list[Problem] = []
    families: list[str] = []
    missing: dict[str, list[str]] = {}
    interrupted: bool = False
    stage: StageRun = StageRun(STAGE, "done")
    cached: int = 0


class Interrupted(KeyboardInterrupt):
    """The user stopped the attacks; ``done`` is what came of those that had ended by then."""

    def __init__(self, done: Verification) -> None:
        super().__init__()
        self.done = done


def attack(
    root: Path,
    targets: Sequence[Target],
    settings: Settings,
    *,
    contents: Mapping[str, bytes] | None = None,
    cache: Cache | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Verification:
    """Attack functions of the project below ``root``, in the order given; what fails is a problem.

    :param contents: the text of files as it was scanned, by path; where it differs from what stands below ``root``,
        it is what is attacked.
    :param progress: told how many targets are done, and of how many.
    :raises Interrupted: after Ctrl-C, with what was done until then.
    """
    started = time.monotonic()
    done = Verification()
    try:
        _attack(root, targets, settings, contents or {}, cache, progress, done)
    except (BluehookError, OSError) as error:
        done.problems.append(Problem(STAGE, f"not verified: {error}", incomplete=False))
        done.stage = StageRun(STAGE, "skipped", reason=str(error))
    done.stage = msgspec.structs.replace(done.stage, seconds=time.monotonic() - started)
    if done.interrupted:
        raise Interrupted(done)
    return done


def _attack(
    root: Path,
    targets: Sequence[Target],
    settings: Settings,
    contents: Mapping[str, bytes],
    cache: Cache | None,
    progress: Callable[[int, int], None] | None,
    done: Verification,
) -> None:
    from bluehook.verify import callers, installed, interpreter
    from bluehook.verify.memory import Memory
    from bluehook.verify.mirror import as_scanned

    deadline = time.monotonic() + settings.budget if settings.budget else None
    found = interpreter.find(root, settings.python, os.environ)
    python = found.executable
    done.missing = installed.missing(root, python, {target.path: contents.get(target.path, b"") for target in targets})
    with as_scanned(root, contents) as place, contextlib.ExitStack() as stack:
        ground = _Ground(root, place, python, contents, Memory(cache, place, python), stack)
        wave = _Wave(ground, settings, deadline, progress, done)
        project = callers.Project(root, contents)
        try:
            _run_with_callers(wave, targets, project, deadline, done)
        except KeyboardInterrupt:
            done.interrupted = True
            wave.stop()
            done.attempts = callers.fed(done.attempts, project, _at_least(time.monotonic()))
    lacking = [name for path in sorted(_left_open(done.attempts)) for name in done.missing.get(path, [])]
    if lacking:
        done.problems.append(Problem(STAGE, installed.sentence(found, lacking), incomplete=False))
    if wave.left or done.interrupted:
        done.problems.append(_not_attacked(wave.left, settings, interrupted=done.interrupted))


def _run_with_callers(
    wave: _Wave, targets: Sequence[Target], project: Project, deadline: float | None, done: Verification
) -> None:
    """Attack the targets, then those callers of theirs that can tell what the first attacks left open."""
    from bluehook.verify import callers

    wave.run(targets)
    # Also when the budget is spent: what its callers fix nobody can attack, and no proof may say otherwise.
    done.attempts = callers.fed(done.attempts, project, _at_least(deadline))
    if deadline is not None and time.monotonic() >= deadline:
        return
    more = {each.name: each for each in callers.of(callers.unsettled(done.attempts), project, deadline)}
    done.attempts = [callers.leading(each, more.pop(each.target.name, None)) for each in done.attempts]
    own, done.attempts = done.attempts, []
    try:
        wave.run(list(more.values()))
    finally:  # a caller may be one whose own callers leave nothing to choose
        done.attempts = own + callers.fed(done.attempts, project, _at_least(deadline))
        done.attempts = callers.checked(done.attempts, project, _at_least(deadline))


def _not_attacked(left: int, settings: Settings, *, interrupted: bool) -> Problem:
    what = "1 candidate was" if left == 1 else f"{left} candidates were"
    if interrupted:
        return Problem(STAGE, f"interrupted: {what} not attacked")
    reason = f"the budget of {settings.budget:g} s is spent: {what} not attacked (verify.budget sets it)"
    return Problem(STAGE, reason, incomplete=False)


def _at_least(deadline: float | None) -> float | None:
    """The deadline, moved away where hardly anything is left until it."""
    return None if deadline is None else max(deadline, time.monotonic() + _HURRY)


def _left_open(attempts: Iterable[Attempt]) -> set[str]:
    """The files in which an attack left something open."""
    from bluehook.verify.outcome import left_open

    return {attempt.target.path for attempt in attempts if left_open(attempt)}


class _Ground(msgspec.Struct, frozen=True):
    """Where attacks take place: the project, the folder that shows it as it was scanned, the interpreter, what is
    known already, and what has to be ended afterwards.
    """

    root: Path
    place: Path
    python: Path
    contents: Mapping[str, bytes]
    memory: Memory
    stack: contextlib.ExitStack


class _Wave:
    """Targets after targets on the same workers, which are started when the first is not known already."""

    def __init__(
        self,
        ground: _Ground,
        settings: Settings,
        deadline: float | None,
        progress: Callable[[int, int], None] | None,
        done: Verification,
    ) -> None:
        self._ground = ground
        self._settings = settings
        self._deadline = deadline
        self._progress = progress
        self._done = done
        self._pool: Pool | None = None
        self.left = 0

    def run(self, targets: Sequence[Target]) -> None:
        """Attack those whose answer is not known; raises ``BluehookError`` when no worker can be started."""
        known = self._ground.memory.recall(targets)
        self._done.attempts += known.values()
        self._done.cached += len(known)
        fresh = [target for target in targets if target.name not in known]
        if not fresh:
            return
        made: list[Attempt] = []

        def told(attempt: Attempt) -> None:
            made.append(attempt)
            if self._progress is not None:
                self._progress(len(made), len(fresh))

        pool = self._pool or self._start(fresh)
        try:
            pool.run(fresh, self._deadline, told)
        finally:  # also after Ctrl-C: what has ended is not lost
            ended = list(made)
            self._done.attempts += ended
            self._ground.memory.keep(ended)
            self.left += len(fresh) - len(ended)
        self._done.families = pool.ready.families if pool.ready is not None else []
        if pool.failure:
            raise BluehookError(pool.failure)

    def stop(self) -> None:
        """Let no worker begin anything more."""
        if self._pool is not None:
            self._pool.stop()

    def _start(self, targets: Sequence[Target]) -> Pool:
        from bluehook.verify import sandbox
        from bluehook.verify.pool import Pool, Work

        ground, settings = self._ground, self._settings
        work = Work(
            root=ground.place,
            python=ground.python,
            shown=() if ground.place == ground.root else (ground.root,),
            modules=tuple(_shared(ground, targets)),
            seconds=settings.seconds,
        )
        pool = Pool(sandbox.choose(settings.sandbox), work, settings.workers or _workers())
        self._pool = ground.stack.enter_context(pool)
        return pool


def _workers() -> int:
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(processors, _MOST_WORKERS)


def _shared(ground: _Ground, targets: Iterable[Target]) -> list[str]:
    """Installed packages that the targets' files import: worth importing once, before the first target."""
    found: set[str] = set()
    for path in {target.path for target in targets}:
        data = ground.contents.get(path) or b""
        here = Path(path).parts[:-1]
        found |= {name for name in map(bytes.decode, _IMPORT.findall(data)) if name not in here}
    return sorted(name for name in found - sys.stdlib_module_names if not _is_own(ground.root, name))


def _is_own(root: Path, name: str) -> bool:
    return any((root / folder / each).exists() for folder in ("", "src") for each in (name, f"{name}.py"))
