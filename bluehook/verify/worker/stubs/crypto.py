"""PyCrypto and its successors where they are not installed: what their functions are asked for says enough."""

from __future__ import annotations

import re
from typing import Any

from ..observe.record import RECORDER

_CIPHER = re.compile(r"^Crypto(?:dome)?\.Cipher\.(\w+)\.new$")
_KEY = re.compile(r"^Crypto(?:dome)?\.PublicKey\.(RSA|DSA)\.generate$")
_HASH = re.compile(r"^Crypto(?:dome)?\.Hash\.(MD2|MD4|MD5|SHA|SHA1|RIPEMD160)\.new$")
_MODES = {1: "ECB", 2: "CBC"}


def observe(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Tell the recorder of a cipher, a key or a weak hash that an unknown module was asked for."""
    cipher, key, weak = _CIPHER.match(name), _KEY.match(name), _HASH.match(name)
    if cipher is not None:
        mode = args[1] if len(args) > 1 else kwargs.get("mode", 1)
        given = args[2] if len(args) > 2 else kwargs.get("iv", kwargs.get("IV", kwargs.get("nonce")))
        vector = bytes(given) if isinstance(given, (bytes, bytearray)) else None
        RECORDER.emit("cipher", cipher.group(1), by_standin=True, mode=_mode(mode), vector=vector)
    elif key is not None:
        bits = args[0] if args else kwargs.get("bits")
        RECORDER.emit("key", key.group(1), by_standin=True, bits=bits)
    elif weak is not None:
        RECORDER.emit("hash", weak.group(1).lower(), by_standin=True, data=b"", security=True)


def _mode(mode: Any) -> str:
    """The mode by its number, or by the name of the constant that stands for it."""
    slot = getattr(mode, "_slot", None)
    if slot is not None:
        return str(slot.name.rpartition("MODE_")[2])
    return _MODES.get(mode, str(mode)) if isinstance(mode, int) else str(mode)
