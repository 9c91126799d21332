"""Uses of cryptography and randomness: who called which function with what. They prove the use, not that it matters."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Callable
from typing import Any

from .patch import later, wrap
from .record import RECORDER, as_text

_RANDOM = (
    "random",
    "choice",
    "choices",
    "randint",
    "randrange",
    "sample",
    "getrandbits",
    "uniform",
    "shuffle",
    "randbytes",
)
_HASHES = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b", "blake2s", "sha3_256", "sha3_512")
_PROMISE = re.compile(r"unpredictabl|unguessabl|hard to guess|cryptographic|secure(ly)? random|random password", re.I)
_DENIAL = re.compile(
    r"\b(not|non|never|without|no)\b\W+(\w+\W+){0,3}?(unpredict|unguess|crypto|secur|hard)|insecure", re.I
)
"""Words of a docstring by which a function promises what nobody can guess, and those by which it does not."""
_CIPHERS = ("AES", "DES", "DES3", "ARC4", "ARC2", "Blowfish", "CAST", "ChaCha20", "Salsa20")


def directly(note: Callable[..., None]) -> Callable[..., None]:
    """The note, for calls that project code makes itself and not those of the libraries it uses."""

    def checked(*args: Any, **kwargs: Any) -> None:
        if RECORDER.directly(sys._getframe(1)):
            note(*args, **kwargs)

    return checked


def _random(name: str) -> None:
    place = RECORDER.place(sys._getframe(1))
    while place is not None and place.f_code.co_name.startswith("<"):
        place = place.f_back
    told = place.f_code.co_consts[:1] if place is not None else ()
    words = told[0] if told and isinstance(told[0], str) else ""
    RECORDER.emit("random", name, promised=bool(_PROMISE.search(words) and not _DENIAL.search(words)))


def _hash(name: str) -> Callable[..., None]:
    def note(data: Any = b"", *rest: Any, usedforsecurity: bool = True, **more: Any) -> None:
        RECORDER.emit("hash", name, data=data, security=usedforsecurity)

    return note


def _new_hash(name: Any, data: Any = b"", *rest: Any, usedforsecurity: bool = True, **more: Any) -> None:
    RECORDER.emit("hash", str(name).lower(), data=data, security=usedforsecurity)


def _hmac(key: Any, message: Any = None, digestmod: Any = "", *rest: Any, **more: Any) -> None:
    name = digestmod if isinstance(digestmod, str) else getattr(digestmod, "__name__", "").replace("openssl_", "")
    RECORDER.emit("hash", name.lower(), data=b"", security=True, keyed=True)


def _kdf(name: Any, password: Any = b"", salt: Any = b"", iterations: Any = 0, *rest: Any, **more: Any) -> None:
    RECORDER.emit("kdf", str(name), salt=bytes(salt), rounds=iterations)


def _scrypt(password: Any = b"", *rest: Any, salt: Any = b"", **more: Any) -> None:
    RECORDER.emit("kdf", "scrypt", salt=bytes(salt), rounds=1_000_000)


def _cipher(module: str) -> Callable[[], None]:
    def note(key: Any = b"", *args: Any, **kwargs: Any) -> None:
        mode = args[0] if args else kwargs.get("mode")
        vector = args[1] if len(args) > 1 else kwargs.get("iv", kwargs.get("nonce", kwargs.get("IV")))
        RECORDER.emit("cipher", module, mode={1: "ECB", 2: "CBC"}.get(int(mode or 0), str(mode)), vector=vector)

    return lambda: wrap("Crypto.Cipher." + module, "new", directly(note))


def _key(kind: str, position: int = 0) -> Callable[..., None]:
    def note(*args: Any, **kwargs: Any) -> None:
        bits = kwargs.get("bits", kwargs.get("key_size", args[position] if len(args) > position else 0))
        RECORDER.emit("key", kind, bits=bits)

    return directly(note)


def _jwt() -> None:
    module: Any = sys.modules["jwt"]
    original = module.decode

    def decode(token: Any, *args: Any, **kwargs: Any) -> Any:
        RECORDER.emit("jwt", token)
        result = original(token, *args, **kwargs)
        RECORDER.emit("jwt.accepted", repr(result))
        return result

    module.decode = decode


def _hazmat(module: str, kind: str, position: int) -> Callable[[], None]:
    return lambda: wrap(module, "generate_private_key", _key(kind, position))


def _hazmat_cipher(cipher: Any, algorithm: Any, mode: Any = None, *rest: Any, **more: Any) -> None:
    vector = getattr(mode, "initialization_vector", getattr(mode, "nonce", None))
    name, mode_name = type(algorithm).__name__, type(mode).__name__
    RECORDER.emit("cipher", name, mode=mode_name, vector=vector)


def _name(suffix: Any = "", prefix: Any = "tmp", dir: Any = None) -> None:
    begin = as_text(prefix)
    # A prefix that is absolute on Windows names a pipe there, whatever folder stands before it here.
    path = begin if begin.startswith("\\\\") else os.path.join(as_text(dir or tempfile.gettempdir()), begin)
    RECORDER.emit("mktemp", "tempfile.mktemp", path=path)


def install() -> None:
    """Wrap the functions of the standard library, and those of the usual packages when they are imported."""
    for name in _HASHES:
        wrap("hashlib", name, directly(_hash(name)))
    wrap("hashlib", "new", directly(_new_hash))
    wrap("hmac", "new", directly(_hmac))
    wrap("hashlib", "pbkdf2_hmac", directly(_kdf))
    wrap("hashlib", "scrypt", directly(_scrypt))
    for name in _RANDOM:
        wrap("random", name, directly(lambda *args, _name=name, **kwargs: _random(_name)))
    wrap("ssl", "_create_unverified_context", directly(lambda *a, **k: RECORDER.emit("tls", "unverified context")))
    wrap("tempfile", "mktemp", directly(_name))
    wrap("os", "urandom", directly(lambda *a, **k: RECORDER.emit("strong random", "urandom")))
    wrap("os", "umask", directly(lambda mask, *rest: RECORDER.emit("umask", str(mask), mode=mask)))
    for cipher in _CIPHERS:
        later("Crypto.Cipher." + cipher, _cipher(cipher))
    for kind in ("RSA", "DSA"):
        later("Crypto.PublicKey." + kind,
              lambda kind=kind: wrap("Crypto.PublicKey." + kind, "generate", _key(kind)))  # type: ignore[misc]  # fmt: skip
    hazmat = "cryptography.hazmat.primitives."
    for module, kind, position in (("rsa", "RSA", 1), ("dsa", "DSA", 0)):
        later(f"{hazmat}asymmetric.{module}", _hazmat(f"{hazmat}asymmetric.{module}", kind, position))
    later(hazmat + "ciphers.base", lambda: wrap(hazmat + "ciphers.base", "Cipher.__init__", directly(_hazmat_cipher)))
    later("jwt", _jwt)
