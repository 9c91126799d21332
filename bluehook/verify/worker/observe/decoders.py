"""Decoders on the way in: base64, hex, URL quoting. A value that one of them meets is sent encoded from then on."""

from __future__ import annotations

from .patch import wrap
from .record import RECORDER

_DECODERS = [
    ("base64", "b64decode", "base64"), ("base64", "standard_b64decode", "base64"),
    ("base64", "urlsafe_b64decode", "urlsafe-base64"), ("base64", "decodebytes", "base64"),
    ("binascii", "a2b_base64", "base64"), ("binascii", "unhexlify", "hex"), ("base64", "decodestring", "base64"),
    ("urllib.parse", "unquote", "url"), ("urllib.parse", "unquote_plus", "url"),
]  # fmt: skip


def install() -> None:
    """Wrap the decoders."""
    for module, name, codec in _DECODERS:
        wrap(module, name, lambda value, *rest, _codec=codec, **more: RECORDER.emit("decode", value, codec=_codec))
    wrap("json", "loads", lambda value, *rest, **more: RECORDER.emit("json", value))
