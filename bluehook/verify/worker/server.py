"""The fork server: hooks first, then what all targets share, ``gc.freeze()``, and one process for each target.

A target that crashes, hangs or leaves state behind takes only its own process with it.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import sys
import time
from typing import Any

from . import drive, observe, probes, protocol, target
from .loaded import LOADED
from .stubs import engines, gadget, mail, queues

_GRACE = 4.0
"""Seconds on top of the budget: for loading the module and for an attempt that is under way at the end."""


def main() -> int:
    """Serve requests from standard input until it ends; the exit status is 0."""
    requests, replies = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        if number != 2 or not os.environ.get("BLUEHOOK_WORKER_STDERR"):
            os.dup2(nothing, number)
    sys.dont_write_bytecode = True
    LOADED.install()
    observe.install_all()
    for stub in (gadget, engines, mail, queues):
        stub.install()
    families = sorted({probe.weakness for group in probes.load_all() for probe in group})
    ready = {"ready": True, "python": sys.version.split()[0], "families": families}
    _write(replies, json.dumps(ready).encode("ascii") + b"\n")
    with os.fdopen(requests, "rb") as lines:
        for line in lines:
            message = json.loads(line)
            if message.get("op") == "preload":
                preload(message)
                continue
            _write(replies, served(message))
    return 0


def preload(message: dict[str, Any]) -> None:
    """Import modules once for all targets; those that fail are left to the targets."""
    sys.path[:0] = [path for path in message.get("paths", []) if path not in sys.path]
    packages = message.get("modules", [])
    for name in [*packages, *(more for package in packages for more in drive.preloads(package))]:
        try:
            importlib.import_module(name)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
    gc.collect()
    gc.freeze()


def served(message: dict[str, Any]) -> bytes:
    """The reply to one request, made by a child that is killed with its children when its time is up."""
    try:
        request = protocol.request_from(message)
    except TypeError as error:
        return protocol.encode(protocol.failure(str(message.get("id", "")), f"bad request: {error}"))
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _child(request, writing)
    os.close(writing)
    data, in_time = _read(reading, time.monotonic() + max(request.budget, request.clock) + _GRACE)
    _kill(child)
    if data.endswith(b"\n"):
        return data
    reason = "the process ended without an answer" if in_time else f"no answer in {request.budget:.1f} s"
    return protocol.encode(protocol.failure(request.id, reason, request.weaknesses))


def _child(request: protocol.Request, writing: int) -> None:
    """Answer in the child and leave without running anybody's exit handlers."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        reply = target.answer(request)
        reply.loaded = LOADED.below(request.root) or None
    except BaseException as error:
        reply = protocol.failure(request.id, f"harness: {type(error).__name__}: {error}", request.weaknesses)
        if os.environ.get("BLUEHOOK_WORKER_STDERR"):
            sys.excepthook(type(error), error, error.__traceback__)
    _write(writing, protocol.encode(reply))
    os._exit(0)


def _read(pipe: int, deadline: float) -> tuple[bytes, bool]:
    """All that the child writes, and whether it finished before the deadline."""
    parts: list[bytes] = []
    with os.fdopen(pipe, "rb", buffering=0) as stream:
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([stream], [], [], left)[0]:
                return b"".join(parts), False
            part = stream.read(1 << 16)
            if not part:
                return b"".join(parts), True
            parts.append(part)
            if part.endswith(b"\n"):
                return b"".join(parts), True


def _kill(child: int) -> None:
    """End the child's whole session and collect it."""
    for end in (os.killpg, os.kill):
        try:
            end(child, signal.SIGKILL)
        except OSError:
            continue
    os.waitpid(child, 0)


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
