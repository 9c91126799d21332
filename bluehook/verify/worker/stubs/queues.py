"""Tasks that the code hands to a queue: they run at once, as a worker would run them, whatever broker is not there.

What goes wrong in a task is none of the sender's business, who only gets a ticket. Celery's own tasks, signatures,
chains and groups are seen to; a function that a library which is not there made a task of has the names by which it is
sent.
"""

from __future__ import annotations

import functools
import inspect
import re
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..observe.patch import later
from ..observe.record import RECORDER

if TYPE_CHECKING:
    from ..inputs.slots import Inputs

_DEEPEST = 4
"""Tasks that send tasks: one that sends itself would never come to an end."""
_MAKES_TASKS = re.compile(r"(^|\.)(task|shared_task|periodic_task|actor|db_task|db_periodic_task)(\(\))?$")


class _Depth:
    """How many tasks are under way, one inside another."""

    now = 0


def install() -> None:
    """Let Celery's tasks run at once while a run is on."""
    later("celery.app.task", _tasks)
    later("celery.app.base", _names)
    later("celery.canvas", _canvas)


def _at_once(run: Callable[[], Any], otherwise: Callable[[], Any]) -> Any:
    """The result of a task that is run now; inside of too many others, of none."""
    if _Depth.now >= _DEEPEST:
        return otherwise()
    _Depth.now += 1
    try:
        return run()
    finally:
        _Depth.now -= 1


def _ticket() -> Any:
    result: Any = sys.modules["celery.result"]
    return result.EagerResult("harness", None, "SUCCESS")


def _tasks() -> None:
    kind: Any = sys.modules["celery.app.task"].Task
    original = kind.apply_async

    @functools.wraps(original)
    def apply_async(self: Any, args: Any = None, kwargs: Any = None, *rest: Any, **options: Any) -> Any:
        if not RECORDER.on:
            return original(self, args, kwargs, *rest, **options)
        return _at_once(lambda: self.apply(args=args, kwargs=kwargs), _ticket)

    kind.apply_async = apply_async


def _names() -> None:
    kind: Any = sys.modules["celery.app.base"].Celery
    original = kind.send_task

    @functools.wraps(original)
    def send_task(self: Any, name: Any, args: Any = None, kwargs: Any = None, *rest: Any, **options: Any) -> Any:
        if not RECORDER.on:
            return original(self, name, args, kwargs, *rest, **options)
        task = self.tasks.get(name)
        return _ticket() if task is None else _at_once(lambda: task.apply(args=args, kwargs=kwargs), _ticket)

    kind.send_task = send_task


def _canvas() -> None:
    canvas: Any = sys.modules["celery.canvas"]
    for name in ("Signature", "_chain", "group", "_chord"):
        kind = getattr(canvas, name, None)
        if kind is not None and "apply_async" in vars(kind):
            kind.apply_async = _applied(kind.apply_async)


def _applied(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def apply_async(self: Any, args: Any = None, kwargs: Any = None, *rest: Any, **options: Any) -> Any:
        if not RECORDER.on:
            return original(self, args, kwargs, *rest, **options)
        return _at_once(lambda: self.apply(args or (), kwargs or {}), _ticket)

    return apply_async


def lent(inputs: Inputs, decorator: str, function: Any) -> Any:
    """The function that an unknown decorator was given, with the names by which a task is sent if it makes tasks."""
    if not inspect.isfunction(function) or not _MAKES_TASKS.search(decorator):
        return function
    from ..inputs.standin import standin

    first = next(iter(inspect.signature(function).parameters), "")

    def run(args: Any, kwargs: Any) -> Any:
        own = [standin(inputs, "task", "assumed")] if first == "self" else []
        ticket = standin(inputs, "ticket of a task", "assumed")

        def call() -> Any:
            try:
                function(*own, *(args or ()), **(kwargs or {}))
            except Exception:  # it would be raised in a worker, far away
                pass
            return ticket

        return _at_once(call, lambda: ticket)

    def delay(*args: Any, **kwargs: Any) -> Any:
        return run(args, kwargs)

    def apply_async(args: Any = None, kwargs: Any = None, *rest: Any, **options: Any) -> Any:
        return run(args, kwargs)

    for name, sends in (("delay", delay), ("send", delay), ("apply_async", apply_async)):
        function.__dict__.setdefault(name, sends)
    return function
