"""Requests that are written down instead of sent."""

from __future__ import annotations

import threading

import msgspec

from bluehook.check import batch
from bluehook.check.budget import estimate
from bluehook.check.model import Answer, Endpoint, Form, Request

NOWHERE = Endpoint(url="nowhere", models=("",))
"""Where a question goes that is only written down."""


class Recorder:
    """An asker that keeps each request once, with the form of its answer, and answers none."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Request, type[msgspec.Struct]]] = {}
        self._lock = threading.Lock()

    def ask(self, request: Request, form: type[Form]) -> Answer:
        """As :class:`Asker`: always a problem."""
        with self._lock:
            self._kept.setdefault(request.id, (request, form))
        return Answer(problem="not sent")

    @property
    def requests(self) -> list[Request]:
        """What would have been asked, in the order of the identities, which is the same in every run."""
        return [self._kept[name][0] for name in sorted(self._kept)]

    def lines(self, model: str) -> list[str]:
        """The requests as lines for a batch run."""
        return [batch.line(*self._kept[name], model) for name in sorted(self._kept)]

    def summary(self) -> str:
        """How many requests, and about how many tokens they are."""
        reads = sum(estimate(request.system, request.user) for request in self.requests)
        writes = sum(request.longest for request in self.requests)
        return f"{len(self._kept)} requests of about {reads} tokens, and at most {writes} to be answered"


class Turns:
    """An asker for batch runs: answers from a file of results, and writes down what has none there.

    One answer leads to another question (the judge, the second look), so a scan takes a few turns; each turn's results
    are remembered, and a turn that writes nothing down is the last.
    """

    def __init__(self, results: batch.Results | None, recorder: Recorder | None) -> None:
        self._results = results
        self._recorder = recorder

    def ask(self, request: Request, form: type[Form]) -> Answer:
        """As :class:`Asker`."""
        if self._results is not None and (self._recorder is None or request.id in self._results):
            return self._results.ask(request, form)
        assert self._recorder is not None
        return self._recorder.ask(request, form)
