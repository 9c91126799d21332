"""Path traversal: a file outside the directory that the code joins the value to is opened, listed or deleted.

Judged on the path that reached the operating system, component by component: ``/srv/apple`` is not inside
``/srv/app``, and ``....//`` is not ``..``.
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterator

from ..canary import Canaries
from ..drive.run import Run
from .base import Attack, Probe, Scene, Sighting

_UP = "../" * 12
_DIRECTORY = re.compile(r"(?i)dir|folder|root|base")
_NAME = re.compile(r"(?i)name|file")


def components(path: str) -> list[str]:
    """The parts of the path after ``..`` and ``.`` have been worked off, from the root."""
    full = os.path.normpath(os.path.join(os.getcwd(), path))
    return [part for part in full.split("/") if part]


def escapes(path: str, base: str) -> bool:
    """Whether the path leads outside the base directory."""
    inside = components(base)
    return components(path)[: len(inside)] != inside


class FilePath(Probe):
    """A value that becomes part of a path."""

    weakness = "path-traversal"
    kinds = frozenset({"file"})

    def relevant(self, sighting: Sighting) -> bool:
        """A value joined to something, or one from outside: a function that opens what its caller names is no flaw."""
        return bool(_base(sighting)) or sighting.slot.trust == "outside"

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """Upwards, absolute, and the spellings that half-hearted filters leave standing."""
        outside = scene.outside.lstrip("/")
        for template in (_UP + outside + "/{m}", "/" + outside + "/{m}", "../{m}", "../../{m}", "x/../../{m}",
                         "....//....//....//....//" + outside + "/{m}", "..././" * 8 + outside + "/{m}",
                         "..%2f..%2f..%2f{m}", "..\\..\\{m}", "~/{m}"):  # fmt: skip
            mark = canaries.word()
            yield Attack(template.format(m=mark), mark, "leave the directory")
        base = _base(sighting)
        if base:
            mark = canaries.word()
            sibling = os.path.basename(base.rstrip("/"))
            technique = "a sibling whose name begins like the directory's"
            # Who chose the directory chose what lies beside it, so that this is a small matter there.
            yield Attack(f"../{sibling}{mark}/{mark}", mark, technique, mild=not self.composed(sighting))

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """The first access to a path that carries the mark and lies outside the base."""
        base = _base(sighting)
        for event in run.events:
            if event.kind != "file" or attack.mark not in event.text or "\0" in event.text:
                continue
            if base and "/" not in sighting.slot.word and escapes(event.text, base):
                done = {"read": "read", "write": "opened for writing", "delete": "deleted"}
                verb = done.get(event.details["action"], "reached by " + str(event.details["action"]))
                return f"{event.text} was {verb}, which lies outside {base}"
            if not base and event.text.startswith("/" + scene.outside.lstrip("/")):
                return f"{event.text} was reached, a path that the input alone chose"
        return ""

    def composed(self, sighting: Sighting) -> bool:
        """A directory of the code's own stands before the value. One that is glued to the beginning of a name leads
        nowhere by itself: no folder is called ``report_..``.
        """
        return sighting.before.endswith("/") and re.search(r"\w{2}", _own_prefix(sighting)) is not None

    def answers_for(self, sighting: Sighting) -> bool:
        """A parameter that is called a name, joined to one that is called a directory: the two were told apart, so the
        name claims to stay there.
        """
        base = [slot for slot in sighting.beside if slot.word in sighting.before]
        told_apart = len(base) == 1 and base[0].trust == "parameter" and sighting.before.endswith(base[0].word + "/")
        named = _DIRECTORY.search(base[0].name) and _NAME.search(sighting.slot.name) if told_apart else None
        return bool(named) and sighting.event.details["action"] in ("read", "write", "delete")


def _own_prefix(sighting: Sighting) -> str:
    """The part of the context before the value that is the code's own."""
    return sighting.fixed.split("\0")[0]


def _base(sighting: Sighting) -> str:
    """The directory that the value is joined to, empty when there is none."""
    return sighting.before.rpartition("/")[0] + "/" if "/" in sighting.before else ""


class ReturnedPath(FilePath):
    """A path below an own base that is handed back: what is done with it is the caller's."""

    kinds = frozenset({"return"})
    by_convention = True

    def relevant(self, sighting: Sighting) -> bool:
        """Path objects only."""
        return "Path" in str(sighting.event.details.get("type"))

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """A returned path outside the base."""
        base = _base(sighting)
        for event in run.events:
            if event.kind == "return" and attack.mark in event.text and base and escapes(event.text, base):
                return f"the path {event.text} was returned, which lies outside {base}"
        return ""


PROBES = [FilePath(), ReturnedPath()]
