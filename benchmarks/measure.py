"""Whole programs measured from the outside: the seconds that pass, processor seconds and peak memory of their trees."""

from __future__ import annotations

import contextlib
import ctypes
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, NamedTuple

_PR_SET_CHILD_SUBREAPER = 36
_BETWEEN_SAMPLES = 0.02
_BETWEEN_LOOKS = 0.001
_PATIENCE = 20.0


class Command(NamedTuple):
    """A program to run: its arguments, folder and environment, and the exit statuses with which it did its work."""

    arguments: list[str]
    cwd: Path
    env: dict[str, str]
    accepted: tuple[int, ...] = (0, 1)


class Cost(NamedTuple):
    """What a run took: ``wall`` and ``cpu`` in seconds, ``memory`` in bytes (0 unless it was asked for).

    ``cpu`` counts the processes that the program started as well, ``memory`` is the largest sum over all of them at one
    moment, memory that they share counted once (PSS in ``/proc``).
    """

    wall: float
    cpu: float
    memory: int = 0


def cost(command: Command, *, with_memory: bool = False) -> Cost:
    """Run a program to its end, its output thrown away. Sampling memory slows it a little, so time it without.

    Raises:
        RuntimeError: it ended with a status that is not accepted.
    """
    with tempfile.TemporaryFile() as said, _adopting_orphans():
        before, started = _children(), time.perf_counter()
        process = subprocess.Popen(
            command.arguments, cwd=command.cwd, env=command.env, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
        memory = _watch(process) if with_memory else 0
        status = process.wait()
        wall = time.perf_counter() - started
        _reap_orphans()
        if status not in command.accepted:
            raise RuntimeError(f"{' '.join(command.arguments)[:300]}: exit status {status}\n{_end_of(said)}")
    return Cost(wall, _children() - before, memory)


def rounds(contenders: Mapping[str, Callable[[], Command]], runs: int) -> dict[str, list[Cost]]:
    """The costs of each contender in so many rounds.

    In each round all run one after the other, every second round in reverse order, so that what else the machine does
    meets all of them alike. A contender prepares its run (an empty cache) and returns the command; preparing is not
    measured.
    """
    costs: dict[str, list[Cost]] = {name: [] for name in contenders}
    for number in range(runs):
        for name in list(contenders) if number % 2 == 0 else reversed(list(contenders)):
            costs[name].append(cost(contenders[name]()))
    return costs


def ratio(ours: list[Cost], theirs: list[Cost]) -> float:
    """The median over the rounds of our time divided by theirs in the same round."""
    return statistics.median(our.wall / their.wall for our, their in zip(ours, theirs, strict=True))


def _children() -> float:
    """Processor seconds of all children that have ended."""
    times = os.times()
    return times.children_user + times.children_system


@contextlib.contextmanager
def _adopting_orphans() -> Iterator[None]:
    """What a program leaves behind becomes our child, so that its processor time is counted too. Linux only."""
    prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else lambda *_: None
    prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def _reap_orphans() -> None:
    """Wait for what was left behind: the process from which workers were forked ends a moment after the program.

    Raises:
        RuntimeError: something stays.
    """
    deadline = time.perf_counter() + _PATIENCE
    while time.perf_counter() < deadline:
        try:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(_BETWEEN_LOOKS)
        except ChildProcessError:
            return
    raise RuntimeError(f"processes still run {_PATIENCE:.0f} s after the program ended: {_descendants(os.getpid())}")


def _watch(process: subprocess.Popen[bytes]) -> int:
    """The largest sum of memory of the program and its descendants until it ends, in bytes."""
    largest, next_sample = 0, 0.0
    while process.poll() is None:
        if time.perf_counter() >= next_sample:
            largest = max(largest, sum(_memory(pid) for pid in _descendants(os.getpid())))
            next_sample = time.perf_counter() + _BETWEEN_SAMPLES
        time.sleep(_BETWEEN_LOOKS)
    return largest


def _descendants(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            children.setdefault(_parent(entry), []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        new = children.get(waiting.pop(), [])
        found += new
        waiting += new
    return found


def _parent(entry: Path) -> int:
    try:
        # The name of the program stands in parentheses and may hold anything; state and parent come after it.
        return int((entry / "stat").read_bytes().rpartition(b")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return 0


def _memory(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_bytes().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(b"Pss:")), 0)


def _end_of(said: IO[bytes]) -> str:
    said.seek(0)
    return said.read().decode(errors="replace")[-2000:]
