"""A place where untrusted code runs and cannot hurt: private, bounded, offline, and killed as a tree.

>>> backend = choose()                                           # doctest: +SKIP
>>> with backend.start(Spec(argv=(python, "worker.py"))) as process:   # doctest: +SKIP
...     process.send(b'{"hello": 1}\\n')
...     answer = process.receive(timeout=5)

A backend is one module of this package with a ``backend`` object (:class:`Backend`); it is found by being there.
What each guarantees, and by which layer, is told in ``docs/sandbox.md`` and attacked by :mod:`.conformance`.
"""

from __future__ import annotations

import importlib

from bluehook.findings import BluehookError
from bluehook.verify.sandbox.model import Backend, Ended, Limits, Reason, Spec, Status
from bluehook.verify.sandbox.process import Process

__all__ = ["Backend", "Ended", "Limits", "Process", "Reason", "Spec", "Status", "backends", "choose", "load"]

BACKENDS = ("linux", "bubblewrap", "container", "seatbelt")
"""Modules with a ``backend``; a test compares the list with the folder."""


def load(name: str) -> Backend:
    """The backend of module ``name``. Raises ``BluehookError`` for an unknown name."""
    if name not in BACKENDS:
        raise BluehookError(f"unknown sandbox {name!r}: expected one of {', '.join(BACKENDS)}")
    backend: Backend = importlib.import_module(f"{__name__}.{name}").backend
    return backend


def backends() -> list[Backend]:
    """All backends, best first, whether usable here or not."""
    return sorted(map(load, BACKENDS), key=lambda backend: backend.rank)


def choose(name: str | None = None) -> Backend:
    """The best usable backend, or the one called ``name``.

    Raises ``BluehookError`` with each backend's reason when none is usable: then nothing may be executed.
    """
    reasons = []
    for backend in [load(name)] if name else backends():
        status = backend.available()
        if status.usable:
            return backend
        reasons.append(f"{backend.name}: {status.reason}")
    raise BluehookError("no sandbox can be used here, so nothing is executed. " + "; ".join(reasons))
