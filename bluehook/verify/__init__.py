"""Verify: attack what was flagged inside a sandbox, and say what the attack did.

``plan`` chooses the functions, ``pool`` attacks them in sandboxed workers, ``outcome`` turns endings into evidence,
``memory`` keeps answers, ``reproduce`` writes a proof down as a test. Nothing here runs scanned code itself.
"""

from __future__ import annotations

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

__all__ = ["Attempt", "Settings", "Target", "Verification", "attack"]

STAGE = "verify"
_MOST_WORKERS = 4
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
    """What came of it: the attempts that were made or remembered, what was not done, and how the stage ended."""

    attempts: list[Attempt] = []
    problems: list[Problem] = []
    stage: StageRun = StageRun(STAGE, "done")
    cached: int = 0


def attack(
    root: Path,
    targets: Sequence[Target],
    settings: Settings,
    *,
    contents: Mapping[str, bytes] | None = None,
    cache: Cache | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Verification:
    """Attack functions of the project below ``root``, in the order given. Never raises: what fails is a problem.

    :param contents: the text of files as it was scanned, by path; where it differs from what stands below ``root``,
        it is what is attacked.
    :param progress: told how many targets are done, and of how many.
    """
    started = time.monotonic()
    done = Verification()
    try:
        _attack(root, targets, settings, contents or {}, cache, progress, done)
    except (BluehookError, OSError) as error:
        done.problems.append(Problem(STAGE, f"not verified: {error}", incomplete=False))
        done.stage = StageRun(STAGE, "skipped", reason=str(error))
    done.stage = msgspec.structs.replace(done.stage, seconds=time.monotonic() - started)
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
    from bluehook.verify import interpreter
    from bluehook.verify.memory import Memory
    from bluehook.verify.mirror import as_scanned

    deadline = time.monotonic() + settings.budget if settings.budget else None
    python = interpreter.find(root, settings.python, os.environ).executable
    with as_scanned(root, contents) as place:
        memory = Memory(cache, place, python)
        known = memory.recall(targets)
        done.attempts += known.values()
        done.cached = len(known)
        fresh = [target for target in targets if target.name not in known]
        if fresh:
            made = _run(fresh, _Ground(root, place, python, contents), settings, deadline, progress, done)
            memory.keep(made)


class _Ground(msgspec.Struct, frozen=True):
    """Where attacks take place: the project, the folder that shows it as it was scanned, and the interpreter."""

    root: Path
    place: Path
    python: Path
    contents: Mapping[str, bytes]


def _run(
    targets: Sequence[Target],
    ground: _Ground,
    settings: Settings,
    deadline: float | None,
    progress: Callable[[int, int], None] | None,
    done: Verification,
) -> list[Attempt]:
    from bluehook.verify import sandbox
    from bluehook.verify.pool import Pool, Work

    work = Work(
        root=ground.place,
        python=ground.python,
        shown=() if ground.place == ground.root else (ground.root,),
        modules=tuple(_shared(ground, targets)),
        seconds=settings.seconds,
    )
    made: list[Attempt] = []

    def told(attempt: Attempt) -> None:
        made.append(attempt)
        if progress is not None:
            progress(len(made), len(targets))

    with Pool(sandbox.choose(settings.sandbox), work, settings.workers or _workers()) as pool:
        pool.run(targets, deadline, told)
    done.attempts += made
    left = len(targets) - len(made)
    if pool.failure:
        raise BluehookError(pool.failure)
    if left:
        what = "1 candidate was" if left == 1 else f"{left} candidates were"
        reason = f"the budget of {settings.budget:g} s is spent: {what} not attacked (verify.budget sets it)"
        done.problems.append(Problem(STAGE, reason, incomplete=False))
    return made


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
