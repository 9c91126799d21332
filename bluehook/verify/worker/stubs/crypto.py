"""PyCrypto and its successors where they are not installed: what their functions are asked for says enough.

Their constants and the helpers around a cipher are as they are there, since code counts with them.
"""

from __future__ import annotations

import os
import re
from typing import Any

from ..observe.record import RECORDER

_CIPHER = re.compile(r"^Crypto(?:dome)?\.Cipher\.(\w+)\.new$")
_KEY = re.compile(r"^Crypto(?:dome)?\.PublicKey\.(RSA|DSA)\.generate$")
_HASH = re.compile(r"^Crypto(?:dome)?\.Hash\.(MD2|MD4|MD5|SHA|SHA1|RIPEMD160)\.new$")
_NUMBERS = {"ECB": 1, "CBC": 2, "CFB": 3, "OFB": 5, "CTR": 6, "OPENPGP": 7, "CCM": 8, "EAX": 9, "SIV": 10, "GCM": 11,
            "OCB": 12}  # fmt: skip
_MODES = {number: name for name, number in _NUMBERS.items()}
_BLOCKS: dict[str, tuple[int, Any]] = {
    "AES": (16, (16, 24, 32)), "DES": (8, 8), "DES3": (8, (16, 24)), "Blowfish": (8, range(4, 57)),
    "CAST": (8, range(5, 17)), "ARC2": (8, range(5, 129)), "ARC4": (1, range(1, 257)),
    "ChaCha20": (1, 32), "Salsa20": (1, (16, 32)),
}  # fmt: skip
"""The size of a block and of keys, by cipher."""
_OTHERS = ["PKCS1_OAEP", "PKCS1_v1_5", "ChaCha20_Poly1305"]


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


def members(name: str) -> dict[str, Any] | None:
    """What one of their modules has that code counts with; ``None`` for modules that have nothing of the sort."""
    package, _, rest = name.partition(".")
    if package not in ("Crypto", "Cryptodome"):
        return None
    if rest == "Cipher":
        return {"__all__": [*_BLOCKS, *_OTHERS]}
    if rest == "Random":
        return {"get_random_bytes": _random, "new": _Source}
    if rest == "Util.Padding":
        return {"pad": _pad, "unpad": _unpad}
    block, sizes = _BLOCKS.get(rest.partition("Cipher.")[2], (0, 0))
    if not block:
        return None
    modes = {f"MODE_{mode}": number for mode, number in _NUMBERS.items()} if block > 1 else {}
    return {"block_size": block, "key_size": sizes, **modes}


class _Source:
    """A source of strong random bytes."""

    def read(self, size: int) -> bytes:
        """So many of them."""
        return _random(size)


def _random(size: int) -> bytes:
    return os.urandom(size)


def _pad(data: Any, block_size: int, style: str = "pkcs7") -> bytes:
    missing = block_size - len(data) % block_size
    if not isinstance(data, (bytes, bytearray)):
        raise TypeError(f"a bytes-like object is required, not {type(data).__name__!r}")
    return bytes(data) + bytes([missing]) * missing


def _unpad(data: Any, block_size: int, style: str = "pkcs7") -> Any:
    return data[: -data[-1]] if isinstance(data, (bytes, bytearray)) and 0 < data[-1] <= block_size else data
