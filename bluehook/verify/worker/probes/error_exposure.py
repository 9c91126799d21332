"""Error details in an answer: what an exception says, or where it was raised, is sent to whoever asked."""

from __future__ import annotations

from ..drive.run import Run
from ..inputs.errors import FAILURE
from ..observe.record import Event
from .base import UseProbe


class Traceback(UseProbe):
    """A response with the text of an exception in it."""

    weakness = "error-exposure"
    kinds = frozenset({"html"})

    def used(self, event: Event, run: Run) -> str:
        """A traceback, or what the harness let an unknown call say when it failed."""
        if "Traceback (most recent call last)" in event.text:
            return "the answer shows a traceback"
        return "the answer shows what an exception says" if FAILURE in event.text else ""


PROBES = [Traceback()]
