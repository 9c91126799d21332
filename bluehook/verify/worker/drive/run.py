"""One run of a target: values in, events and ending out, within a time limit."""

from __future__ import annotations

import dataclasses
import dis
import signal
import sys
import time
import traceback
from collections.abc import Callable
from types import FrameType
from typing import Any

from ..inputs.errors import Finished
from ..observe import files
from ..observe.record import RECORDER, Event

RUN_SECONDS = 0.6
"""Of the processor, for one run."""
FIRST_SECONDS = 2.5
_CLOCK = 2.0
"""How many times as long a run may take by the clock: it waits then, or the machine has other work."""
_SIGNALS = (signal.SIGPROF, signal.SIGALRM)
_MOST_LINES = 40_000


@dataclasses.dataclass
class Run:
    """What one run showed: the events, what was returned or raised and where, the project lines that ran.

    ``seconds`` is its wall time, ``steps`` counts the lines that ran where they are watched; ``cut`` is true when the
    harness had to end it; ``gave_up`` that the project's own code raised, or left; ``assigned`` are the values that the
    run set.
    """

    events: list[Event]
    returned: Any = None
    error: str = ""
    error_line: int = 0
    gave_up: bool = False
    lines: frozenset[tuple[str, int]] = frozenset()
    seconds: float = 0.0
    cut: bool = False
    steps: int = 0
    assigned: dict[str, Any] = dataclasses.field(default_factory=dict)


class Guard:
    """Runs one call under two timers, of the processor and of the clock; the lines of the target's own file are
    counted when that is wanted, for one run or, by ``counting``, for all of them.
    """

    def __init__(self, file: str, seconds: float = RUN_SECONDS, first: float = 0.0) -> None:
        """``first`` is the time of the first run, in which frameworks import and compile what all others find ready."""
        self.file = file
        self.seconds = seconds
        self._next = max(first, seconds)
        self.counting = False
        self._lines: set[tuple[str, int]] = set()
        self._count = 0
        self._running = False

    def run(self, call: Callable[[], Any], watch_lines: bool = False) -> Run:
        """Call it, without the files that the last call made; whatever it raises is part of the result."""
        files.tidy()
        self._lines, self._count = set(), 0
        result = Run([])
        started = time.perf_counter()
        RECORDER.boundary = self._called.__func__.__code__  # type: ignore[attr-defined]
        previous = [signal.signal(number, self._expired) for number in _SIGNALS]
        signal.setitimer(signal.ITIMER_PROF, self._next, 0.05)
        signal.setitimer(signal.ITIMER_REAL, self._next * _CLOCK, 0.05)
        self._next = self.seconds
        try:
            self._called(call, watch_lines, result)
        except Finished as error:
            result.cut, result.error = True, str(error)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.settrace(None)
        result.events = RECORDER.end()
        for number, handler in zip(_SIGNALS, previous):  # noqa: B905 (3.9 knows no strict)
            signal.signal(number, handler)
        result.seconds = time.perf_counter() - started
        result.lines, result.steps = frozenset(self._lines), self._count
        return result

    def _called(self, call: Callable[[], Any], watch_lines: bool, result: Run) -> None:
        RECORDER.begin()
        self._running = True
        try:
            if watch_lines or self.counting:
                sys.settrace(self._trace)
            result.returned = call()
        except Finished:
            raise
        except BaseException as error:
            sys.settrace(None)
            result.error, result.error_line = _described(error)
            result.gave_up = _gave_up(error)
        finally:
            self._running = False
            sys.settrace(None)

    def _expired(self, number: int, frame: FrameType | None) -> None:
        if self._running:
            raise Finished("the run took too long")

    def _trace(self, frame: FrameType, event: str, argument: Any) -> Any:
        return self._trace_line if frame.f_code.co_filename == self.file else None

    def _trace_line(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event == "line":
            self._lines.add((frame.f_code.co_filename, frame.f_lineno))
            self._count += 1
            if self._count > _MOST_LINES:
                raise Finished("the run looped too long")
        return self._trace_line


def _described(error: BaseException) -> tuple[str, int]:
    """The exception in a line, and the innermost project line that it passed."""
    line = 0
    for frame, number in traceback.walk_tb(error.__traceback__):
        if RECORDER.is_project(frame.f_code.co_filename):
            line = number
    try:
        text = str(error)
    except Exception:
        text = ""
    return f"{type(error).__name__}: {text}"[:300], line


def _gave_up(error: BaseException) -> bool:
    """Whether the project's own code says that it does not go on, by a ``raise`` or by leaving."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None or not RECORDER.is_project(last.tb_frame.f_code.co_filename):
        return False
    raised = dis.opname[last.tb_frame.f_code.co_code[last.tb_lasti]] == "RAISE_VARARGS"
    return raised or isinstance(error, SystemExit)
