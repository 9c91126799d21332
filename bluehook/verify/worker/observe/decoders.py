"""Decoders on the way in: base64, hex, URL quoting. A value that one of them meets is sent encoded from then on."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from .patch import wrap
from .record import RECORDER, as_text

_DECODERS = [
    ("base64", "b64decode", "base64"), ("base64", "standard_b64decode", "base64"),
    ("base64", "urlsafe_b64decode", "urlsafe-base64"), ("base64", "decodebytes", "base64"),
    ("binascii", "a2b_base64", "base64"), ("binascii", "unhexlify", "hex"), ("base64", "decodestring", "base64"),
    ("urllib.parse", "unquote", "url"), ("urllib.parse", "unquote_plus", "url"),
]  # fmt: skip


def _decoder(codec: str) -> Callable[..., None]:
    def note(value: Any, *rest: Any, **more: Any) -> None:
        if RECORDER.directly(sys._getframe(1)):
            RECORDER.emit("decode", value, codec=codec)

    return note


class Documents:
    """What the harness makes of a document that is a slot's bare value."""

    def __init__(self) -> None:
        self.read: Callable[[str], Any] = lambda text: None


DOCUMENTS = Documents()


def _reader(original: Callable[..., Any]) -> Callable[..., Any]:
    """``json.loads`` that takes the bare value of a slot for an object which has every key."""

    def loads(document: Any, *args: Any, **kwargs: Any) -> Any:
        if RECORDER.on and RECORDER.place(sys._getframe(1)) is not None:
            made = DOCUMENTS.read(as_text(document))
            if made is not None:
                return made
        return original(document, *args, **kwargs)

    return loads


def install() -> None:
    """Wrap the decoders; only the project's own calls count, not those of the libraries that read requests."""
    for module, name, codec in _DECODERS:
        wrap(module, name, _decoder(codec))
    json.loads = _reader(json.loads)
