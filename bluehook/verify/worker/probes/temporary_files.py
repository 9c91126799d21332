"""Temporary files whose names others can know: the same in every run, in a directory that everyone may write to."""

from __future__ import annotations

from collections.abc import Iterator

from ..drive.run import Run
from ..observe.record import Event
from .base import UseProbe
from .race_condition import UNLESS, is_shared


class KnownName(UseProbe):
    """A file that is made under a fixed name where anyone may have made a link of that name before."""

    weakness = "insecure-temp-file"
    kinds = frozenset({"file"})

    def over(self, events: list[tuple[Event, Run]]) -> Iterator[tuple[Event, str]]:
        """Each such file that is written without asking for it to be new, under a name with nothing random in it."""
        names: dict[tuple[int, str], Run] = {}
        for event, run in events:
            writes = event.kind == "file" and event.details.get("action") == "write"
            if not writes or not is_shared(event.text) or (event.details.get("flags") or 0) & UNLESS:
                continue
            if "zq" in event.text:
                continue
            first = names.setdefault((event.line, event.text), run)
            if first is not run:
                yield (
                    event,
                    f"{event.text} was written in two runs: whoever makes a link of that name first chooses what",
                )


PROBES = [KnownName()]
