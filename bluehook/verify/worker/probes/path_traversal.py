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
from ..inputs.slots import Slot
from .base import Attack, Probe, Scene, Sighting, is_constant

_UP = "../" * 12
_DIRECTORY = re.compile(r"(?i)dir|folder|root|base")
_NAME = re.compile(r"(?i)name|file")
_OWN = re.compile(r"(parameter 'self'|self)\.\w+")
_PLACE = re.compile(r"(?i)dir|folder|root|base|path|location|prefix|space|stor(e|age)")
_KEY = re.compile(r"(?i)key|(_|\b)id\b")


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
        if _glued(sighting):
            mark = canaries.word()
            yield Attack("/" + _UP + outside + f"/{mark}", mark, "leave the directory that it is glued to")
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
            if base and "/" not in sighting.slot.word and escapes(_apart(event.text, sighting), base):
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
        own = re.search(r"\w{2}", _own_prefix(sighting)) is not None or any(map(is_constant, _in_front(sighting)))
        return own and (sighting.before.endswith("/") or _glued(sighting))

    def at_will(self, sighting: Sighting) -> bool:
        """Nothing of the code's own ends the path: with an ending, only files of one sort are reached, and behind a
        random part, only a new file.
        """
        return re.search(r"\w", sighting.fixed.rpartition("\0")[2]) is None

    def answers_for(self, sighting: Sighting) -> bool:
        """A parameter that is called a name, joined to one that is called a directory, or a key joined to the place
        that the object keeps: the two were told apart, so the name claims to stay there. Names below such a place may
        be the programmer's; keys are data.
        """
        base = _in_front(sighting)
        if len(base) != 1 or not sighting.before.endswith((base[0].word + "/", base[0].word)):
            return False
        if base[0].trust == "parameter":
            place, name = _DIRECTORY, _NAME
        elif _OWN.fullmatch(base[0].name) and sighting.slot.trust == "parameter":
            place, name = _PLACE, _KEY
        else:
            return False
        named = place.search(base[0].name) is not None and name.search(sighting.slot.name) is not None
        return named and sighting.event.details.get("action") in ("read", "write", "delete")


def _in_front(sighting: Sighting) -> list[Slot]:
    """The other inputs before the value."""
    return [slot for slot in sighting.beside if slot.word in sighting.before]


def _glued(sighting: Sighting) -> bool:
    """Whether the value follows, without a slash, on something that is called a directory and so may end with one."""
    return any(
        sighting.before.endswith(slot.word) and _DIRECTORY.search(slot.name.rpartition(".")[2])
        for slot in _in_front(sighting)
    )


def _apart(path: str, sighting: Sighting) -> str:
    """The path with the slash that a directory's name ends with."""
    before = sighting.before
    return path.replace(before, before + "/", 1) if _glued(sighting) else path


def _own_prefix(sighting: Sighting) -> str:
    """The part of the context before the value that is the code's own."""
    return sighting.fixed.split("\0")[0]


def _base(sighting: Sighting) -> str:
    """The directory that the value is joined to, empty when there is none.

    Where another input stands between the code's own directory and the value, the code's own is what it may not leave:
    nobody says that the other input's folder confines anything.
    """
    if _glued(sighting):
        return sighting.before + "/"
    others = [sighting.before.index(slot.word) for slot in _in_front(sighting)]
    if others and re.search(r"\w{2}", _own_prefix(sighting).rpartition("/")[0]):
        return sighting.before[: min(others)].rpartition("/")[0] + "/"
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
