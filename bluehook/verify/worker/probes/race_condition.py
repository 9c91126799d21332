"""Check and use: a name is looked at first and opened, written or deleted later, when it may be another file.

Seen in benign runs. Only where others can change the name in between: for ``os.access``, which is asked on behalf of
somebody else who wants to read or write, and in directories that everyone may write to. A file that is moved onto its
name is the safe way, and one that is deleted after ``access`` was only asked whether it is there. What ``tempfile``
made is its owner's alone.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator

from ..drive.run import Run
from ..observe.files import MADE
from ..observe.record import Event
from .base import UseProbe

_DRAWN = re.compile(r".*[0-9a-f]{16}.*|.*[0-9a-f]{8}-[0-9a-f]{4}-.*")
"""A folder whose name nobody else can know."""
_SHARED = ("/tmp/", "/var/tmp/", "/dev/shm/")
_ANONYMOUS = getattr(os, "O_TMPFILE", 0) & ~getattr(os, "O_DIRECTORY", 0)
UNLESS = getattr(os, "O_NOFOLLOW", 0) | os.O_EXCL | _ANONYMOUS
_USES = {"write": "written", "read": "read", "delete": "deleted"}


def is_shared(path: str) -> bool:
    """Whether the file lies in a directory in which everyone may make names."""
    here = tempfile.gettempdir() + "/"  # the harness's own, in which the working directory of a run lies
    if any(_DRAWN.fullmatch(part) for part in path.split("/")[:-1]):
        return False
    if (path + "/").startswith(here):
        # ``tempfile`` opens the directory, and the new file in it through an opener that asks for it to be new.
        return "/" not in path[len(here) :] and path + "/" != here
    return path.startswith(_SHARED)


class CheckThenUse(UseProbe):
    """A path that a check and a later use have in common."""

    weakness = "race-condition"
    kinds = frozenset({"check", "file"})

    def over(self, events: list[tuple[Event, Run]]) -> Iterator[tuple[Event, str]]:
        """The first use after a check of the same path, within one run."""
        checked: dict[tuple[int, str], Event] = {}
        for event, run in events:
            key = (id(run), event.text)
            if event.kind == "check":
                checked.setdefault(key, event)
                continue
            check = checked.get(key)
            used = _USES.get(str(event.details.get("action")))
            if check is None or used is None or event.text in MADE or (event.details.get("flags") or 0) & UNLESS:
                continue
            by_access = check.details["call"] == "access" and used != "deleted"
            if by_access or (used != "read" and is_shared(event.text)):
                yield (
                    event,
                    f"{event.text} was {used} after {check.details['call']} had looked at it in line {check.line}",
                )


PROBES = [CheckThenUse()]
