"""Regular expressions: which pattern was used on which text."""

from __future__ import annotations

import re
import sys
from typing import Any

from .patch import wrap
from .record import RECORDER


def _note(call: str) -> Any:
    position = 2 if call in ("sub", "subn") else 1

    def note(pattern: Any, *args: Any, **kwargs: Any) -> None:
        caller = sys._getframe(2)  # above the wrapper; stand-ins match names of their own
        if RECORDER.is_worker(caller.f_code.co_filename) or not RECORDER.directly(caller):
            return
        text = args[position - 1] if len(args) >= position else kwargs.get("string", "")
        flags = kwargs.get("flags", 0)
        shown = getattr(pattern, "pattern", pattern)
        flags = int(flags) | int(getattr(pattern, "flags", 0))
        RECORDER.emit("regex", text, pattern=shown, flags=flags, call=call)
        RECORDER.emit("pattern", shown, call=call)

    return note


class Watched:
    """A compiled pattern that tells what it is used on; its type cannot be subclassed."""

    def __init__(self, pattern: Any) -> None:
        self._pattern = pattern

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return re.Pattern

    def __eq__(self, other: object) -> bool:
        return bool(self._pattern == getattr(other, "_pattern", other))

    def __hash__(self) -> int:
        return hash(self._pattern)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._pattern, name)
        if name not in _METHODS:
            return value

        def method(*args: Any, **kwargs: Any) -> Any:
            position = 1 if name in ("sub", "subn") else 0
            if RECORDER.on and len(args) > position:
                details = {"pattern": self._pattern.pattern, "flags": self._pattern.flags, "call": name}
                RECORDER.emit("regex", args[position], **details)
            return value(*args, **kwargs)

        return method

    def __reduce__(self) -> Any:
        return re.compile, (self._pattern.pattern, self._pattern.flags)


_METHODS = {"match", "search", "fullmatch", "findall", "finditer", "sub", "subn", "split"}


def install() -> None:
    """Wrap the module's functions."""
    for name in sorted(_METHODS):
        wrap("re", name, _note(name))
    original = re.compile

    def compiled(pattern: Any, flags: Any = 0) -> Any:
        if RECORDER.on and not RECORDER.is_worker(sys._getframe(1).f_code.co_filename):
            RECORDER.emit("pattern", getattr(pattern, "pattern", pattern), call="compile")
        made = original(pattern, flags)
        return Watched(made) if RECORDER.directly(sys._getframe(1)) else made

    re.compile = compiled
