"""Compressed data that is expanded at once: what went in, and how much came out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from .record import RECORDER

_FUNCTIONS = (("zlib", "decompress"), ("gzip", "decompress"), ("bz2", "decompress"), ("lzma", "decompress"))


def _expanding(original: Callable[..., Any], format: str) -> Callable[..., Any]:
    def decompress(data: Any, *args: Any, **kwargs: Any) -> Any:
        if not RECORDER.on or not RECORDER.directly(sys._getframe(1)):
            return original(data, *args, **kwargs)
        RECORDER.emit("expand", data, format=format, size=0)
        result = original(data, *args, **kwargs)
        RECORDER.emit("expanded", "", format=format, size=len(result))
        return result

    return decompress


def install() -> None:
    """Replace the functions that expand everything; objects that take a limit are left alone."""
    for module, name in _FUNCTIONS:
        __import__(module)
        holder = sys.modules[module]
        setattr(holder, name, _expanding(getattr(holder, name), module))
