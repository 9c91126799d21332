"""Regular expressions: which pattern was used on which text."""

from __future__ import annotations

import re
from typing import Any

from .patch import wrap
from .record import RECORDER


def _note(call: str) -> Any:
    position = 2 if call in ("sub", "subn") else 1

    def note(pattern: Any, *args: Any, **kwargs: Any) -> None:
        text = args[position - 1] if len(args) >= position else kwargs.get("string", "")
        flags = kwargs.get("flags", 0)
        shown = getattr(pattern, "pattern", pattern)
        flags = int(flags) | int(getattr(pattern, "flags", 0))
        RECORDER.emit("regex", text, pattern=shown, flags=flags, call=call)
        RECORDER.emit("pattern", shown, call=call)

    return note


_METHODS = {"match", "search", "fullmatch", "findall", "finditer", "sub", "subn", "split"}


def install() -> None:
    """Wrap the module's functions."""
    for name in sorted(_METHODS):
        wrap("re", name, _note(name))
    original = re.compile

    def compiled(pattern: Any, flags: Any = 0) -> Any:
        if RECORDER.on:
            RECORDER.emit("pattern", getattr(pattern, "pattern", pattern), call="compile")
        return original(pattern, flags)

    re.compile = compiled
