"""Sandboxed workers, side by side: each takes a target, and one that died or hung is replaced by a fresh one."""

from __future__ import annotations

import json
import queue
import re
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from bluehook.findings import BluehookError
from bluehook.verify.model import TARGET_SECONDS, Attempt, Ready, Reply, Target, ready_from, reply_from
from bluehook.verify.sandbox import Backend, Limits, Process, Reason, Spec

WORKER = Path(__file__).parent / "worker"
LIMITS = Limits(wall_seconds=3600.0, cpu_seconds=120, output_bytes=256 * 1024 * 1024)
"""For one worker and all of its targets; each target has its own time limit besides."""

_LEAST_SECONDS = 0.5
"""With less left of the budget an attempt would only be cut off."""

_PATIENCE = 20.0
"""Seconds for a worker to start and to import what all targets share."""

_CLOCK = 3.0
"""How many times its processor seconds a target may take by the clock, where no budget is shared: a machine with other
work to do must not change a verdict."""

_GRACE = 6.0
"""Seconds beyond its limit after which a target has taken its worker with it; the worker itself allows half of it."""

_MOST_TARGETS = 256
"""Targets that one worker serves. What they leave behind in the private directory goes with it."""

_MODULE = re.compile(r"[A-Za-z_]\w*(\.\w+)*")

_HIDDEN = (".git", ".hg", ".svn", ".env", ".envrc", ".netrc", ".pypirc", ".aws", ".ssh")
"""Beside the code, but none of it: repositories and files that hold credentials."""


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """What the workers of a run have in common.

    ``root`` is the project as they see it, ``shown`` are further folders that it links to, ``modules`` are imported
    once before the first target, ``seconds`` is what one target is given.
    """

    root: Path
    python: Path
    shown: tuple[Path, ...] = ()
    modules: tuple[str, ...] = ()
    seconds: float = TARGET_SECONDS


def hidden(root: Path) -> tuple[Path, ...]:
    """What stands below the project's folder and is not shown to its code."""
    return tuple(path for name in _HIDDEN if (path := root / name).exists())


class Pool:
    """Workers of one run, a thread each; a context manager that ends them.

    ``ready`` is what the first worker said of itself, ``failure`` why no worker could be started.
    """

    def __init__(self, backend: Backend, work: Work, workers: int) -> None:
        self._lines = [_Line(backend, work) for _ in range(max(1, workers))]
        self._seconds = work.seconds
        self._lock = threading.Lock()
        self._over = threading.Event()
        self.ready: Ready | None = None
        self.failure = ""

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End the workers for good; what they were at is not told."""
        # After Ctrl-C the threads still run: none of them may start a worker that nobody would end.
        self._over.set()
        for line in self._lines:
            line.end()

    def run(
        self, targets: Sequence[Target], deadline: float | None, done: Callable[[Attempt], None] | None = None
    ) -> list[Attempt]:
        """Attack the targets in their order; those that the deadline or a dead sandbox leaves out are not returned.

        :param deadline: on the monotonic clock; ``None`` for no limit.
        :param done: told each attempt as it ends, one at a time.
        """
        waiting: queue.SimpleQueue[Target] = queue.SimpleQueue()
        for target in targets:
            waiting.put(target)
        attempts: list[Attempt] = []

        def serve(line: _Line) -> None:
            while (clock := self._left(deadline)) >= _LEAST_SECONDS and not self.failure and not self._over.is_set():
                try:
                    target = waiting.get_nowait()
                except queue.Empty:
                    return
                attempt = self._attempt(line, target, clock)
                if attempt is not None and not self._over.is_set():
                    with self._lock:
                        attempts.append(attempt)
                        if done is not None:
                            done(attempt)

        threads = [threading.Thread(target=serve, args=(line,), daemon=True) for line in self._lines[: len(targets)]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return attempts

    def _left(self, deadline: float | None) -> float:
        """Seconds of the clock that the next attempt may take: no more than its own where a budget is shared."""
        return self._seconds * _CLOCK if deadline is None else min(self._seconds, deadline - time.monotonic())

    def _attempt(self, line: _Line, target: Target, clock: float) -> Attempt | None:
        seconds = min(self._seconds, clock)
        try:
            reply = line.ask(target, seconds, clock)
        except BluehookError as error:
            self.failure = str(error)
            return None
        self.ready = self.ready or line.ready
        return Attempt(target=target, reply=reply, seconds=seconds)


class _Line:
    """One worker, started when it is first needed and again after it was lost."""

    def __init__(self, backend: Backend, work: Work) -> None:
        self._backend = backend
        self._work = work
        self._modules = work.modules
        self._shared: tuple[str, ...] = ()
        self._lost_one = False
        self._process: Process | None = None
        self._served = 0
        self.ready: Ready | None = None

    def ask(self, target: Target, seconds: float, clock: float) -> Reply:
        """The worker's reply within so many seconds of the processor and of the clock; a worker that is lost on the
        way is a reply with a problem.

        Raises ``BluehookError`` when none can be started.
        """
        process = self._running()
        self._served += 1
        try:
            self._share(process, self._shared)
            self._say(process, self._request(target, seconds, clock))
            patience = _PATIENCE if self._served == 1 or self._shared else 0.0
            reply = reply_from(process.receive(clock + _GRACE + patience))
        except (OSError, EOFError, ValueError) as error:
            return self._lost(process, target, error)
        self._shared = ()
        if reply.problem or self._served >= _MOST_TARGETS:
            self.end()
        elif not self._lost_one:
            self._shared = tuple(name for name in reply.modules if _MODULE.fullmatch(name))
        return reply

    def end(self) -> None:
        """End the worker, if there is one."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def _running(self) -> Process:
        if self._process is None:
            work = self._work
            self._process = self._backend.start(
                Spec(
                    argv=(str(work.python), "-I", "-B", str(WORKER)),
                    readable=(work.root, WORKER, *work.shown),
                    hidden=hidden(work.root),
                    env={"LANG": "C.UTF-8", "PYTHONHASHSEED": "0"},
                    limits=LIMITS,
                )
            )
            self._served = 0
            self._greet(self._process)
        return self._process

    def _greet(self, process: Process) -> None:
        try:
            self.ready = ready_from(process.receive(_PATIENCE))
            self._share(process, self._modules)
        except (OSError, EOFError, ValueError) as error:
            said = process.kill().stderr.decode("utf-8", "replace").strip().splitlines()
            self._process = None
            reason = said[-1] if said else str(error)
            raise BluehookError(f"{self._work.python} does not run the attacks: {reason}") from None

    def _lost(self, process: Process, target: Target, error: Exception) -> Reply:
        ended = process.kill()
        self._process = None
        # What took the worker down may be the import of what targets share.
        self._modules = () if self._served == 1 else self._modules
        self._shared, self._lost_one = (), True
        why = "" if ended.reason is Reason.KILLED else f" ({ended.reason.value})"
        return Reply(id=target.name, problem=f"the worker was lost: {error}{why}")

    def _request(self, target: Target, seconds: float, clock: float) -> dict[str, Any]:
        """The request as ``worker/protocol.py`` describes it."""
        families = self.ready.families if self.ready is not None else list(target.weaknesses)
        return {
            "op": "run",
            "id": target.name,
            "root": str(self._work.root),
            "file": target.path,
            "function": target.function,
            "entry": target.entry,
            "weaknesses": sorted(target.only or families) or None,
            "sinks": [{"line": sink.line, "name": sink.name} for sink in target.sinks],
            "budget": round(seconds, 3),
            "clock": round(clock, 3),
        }

    def _share(self, process: Process, modules: Sequence[str]) -> None:
        """Let the worker import what its targets have in common."""
        if modules:
            self._say(process, {"op": "preload", "modules": modules, "paths": []})

    def _say(self, process: Process, message: dict[str, Any]) -> None:
        process.send(json.dumps(message).encode("ascii") + b"\n", _GRACE)
