"""The record of one run: which sinks were called with what, from which line of the project."""

from __future__ import annotations

import os
import sys
from types import CodeType, FrameType
from typing import Any

_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_IMPORT = ("<frozen importlib._bootstrap>", "<frozen importlib._bootstrap_external>")
_MOST_EVENTS = 500
_MOST_TEXT = 200_000


class Event:
    """One call of a sink.

    ``kind`` is the sink's sort (``file.open``, ``sql``, ``process.shell`` ...), ``text`` the argument that matters as
    text, ``details`` whatever else the probe needs. ``file``, ``line`` and ``function`` are the innermost project
    frame's; ``by_standin`` is true when a stand-in rather than the real library noticed it.
    """

    __slots__ = ("by_standin", "details", "file", "function", "kind", "line", "text")

    def __init__(self, kind: str, text: str, place: FrameType, details: dict[str, Any], by_standin: bool) -> None:
        self.kind = kind
        self.text = text
        self.details = details
        self.file = place.f_code.co_filename
        self.line = place.f_lineno
        self.function = _named(place)
        self.by_standin = by_standin

    def __repr__(self) -> str:
        return f"Event({self.kind!r}, {self.text[:80]!r}, line {self.line})"


def _named(frame: FrameType) -> str:
    """The name of the function that a frame belongs to: comprehensions and lambdas belong to the one around them."""
    above: FrameType | None = frame
    while above is not None and above.f_code.co_name.startswith("<"):
        above = getattr(above, "f_back", None)
    return (above or frame).f_code.co_name


class Recorder:
    """Collects events while a run is on, and only those that a project frame caused. ``paths`` are the texts that were
    joined as parts of paths meanwhile.
    """

    def __init__(self) -> None:
        self.on = False
        self.events: list[Event] = []
        self.paths: set[str] = set()
        self.boundary: CodeType | None = None
        self._root = "\0"
        self._files: set[str] = set()

    def watch(self, root: str, files: set[str]) -> None:
        """Take code below ``root``, and the file names in ``files`` (fragments have none of their own), as project."""
        self._root = root.rstrip(os.sep) + os.sep
        self._files = files

    def is_project(self, filename: str) -> bool:
        """Whether code of this file name belongs to the project."""
        if filename in self._files:
            return True
        return filename.startswith(self._root) and "site-packages" not in filename and not filename.startswith(_HERE)

    @staticmethod
    def is_worker(filename: str) -> bool:
        """Whether code of this file name is the worker's own."""
        return filename.startswith(_HERE)

    def place(self, frame: FrameType | None) -> FrameType | None:
        """The innermost project frame at or above ``frame``; ``None`` for the harness's own doing and for imports."""
        while frame is not None:
            code = frame.f_code
            if code is self.boundary:
                return None
            name = code.co_filename
            if name in _IMPORT:
                return None
            if self.is_project(name):
                return frame
            frame = frame.f_back
        return None

    def directly(self, frame: FrameType | None) -> bool:
        """Whether the first frame outside the worker itself is the project's."""
        while frame is not None and frame.f_code.co_filename.startswith(_HERE):
            frame = frame.f_back
        return frame is not None and self.is_project(frame.f_code.co_filename)

    def emit(self, kind: str, argument: object, by_standin: bool = False, **details: Any) -> None:
        """Note a call of a sink, if a run is on and the project made it."""
        if not self.on or len(self.events) >= _MOST_EVENTS:
            return
        place = self.place(sys._getframe(1))
        if place is None:
            return
        self.on = False
        try:
            self.events.append(Event(kind, as_text(argument), place, details, by_standin))
        finally:
            self.on = True

    def begin(self) -> None:
        """Forget what was seen and start to record."""
        self.events = []
        self.paths = set()
        self.on = True

    def end(self) -> list[Event]:
        """Stop recording; what was seen."""
        self.on = False
        return self.events


def as_text(value: object) -> str:
    """An argument as plain text: bytes as Latin-1, paths by their name, the rest by ``str``."""
    try:
        if isinstance(value, str):
            return str.__str__(value)[:_MOST_TEXT]
        if isinstance(value, (bytes, bytearray, memoryview)):
            return bytes(value)[:_MOST_TEXT].decode("latin-1")
        if isinstance(value, os.PathLike):
            return as_text(os.fspath(value))
        return str(value)[:_MOST_TEXT]
    except Exception:
        return ""


RECORDER = Recorder()
