"""Requests that are written down instead of sent."""

from __future__ import annotations

import threading

from bluehook.check.budget import estimate
from bluehook.check.model import Answer, Endpoint, Form, Request

NOWHERE = Endpoint(url="nowhere", models=("",))
"""Where a question goes that is only written down."""


class Recorder:
    """An asker that keeps each request once, with the form of its answer, and answers none."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Request, type]] = {}
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

    def form(self, name: str) -> type:
        """The form that the answer to a request shall have."""
        return self._kept[name][1]

    def summary(self) -> str:
        """How many requests, and about how many tokens they are."""
        reads = sum(estimate(request.system, request.user) for request in self.requests)
        writes = sum(request.longest for request in self.requests)
        return f"{len(self._kept)} requests of about {reads} tokens, and at most {writes} to be answered"
