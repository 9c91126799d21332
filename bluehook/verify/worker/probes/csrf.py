"""Forged requests: a view that was taken out of the protection changes something, and asks for nothing but the cookie.

What comes from another program signs its requests, and the view then reads a header: that is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..drive.run import Run
from ..observe.record import Event
from .base import UseProbe

_CHANGES = re.compile(r"\s*(insert|update|delete|replace)\b", re.I)


class Unprotected(UseProbe):
    """A change of state in a run whose request no token protects."""

    weakness = "csrf"
    kinds = frozenset({"unprotected", "sql", "file"})

    def over(self, events: list[tuple[Event, Run]]) -> Iterator[tuple[Event, str]]:
        """The first change of each such run."""
        unprotected = {id(run): event for event, run in events if event.kind == "unprotected"}
        for event, run in events:
            if id(run) in unprotected and _changes(event):
                yield (
                    event,
                    f"a {unprotected[id(run)].text} that any page can send changed something: {event.text[:120]}",
                )


def _changes(event: Event) -> bool:
    if event.kind == "sql":
        return _CHANGES.match(event.text) is not None
    return event.kind == "file" and event.details["action"] in ("write", "delete", "move")


PROBES = [Unprotected()]
