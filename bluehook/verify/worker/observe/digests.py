"""Keyed digests, remembered as text, so that a comparison with one is seen for what it is."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable
from typing import Any

from .record import RECORDER

_KNOWN: set[str] = set()
_MOST = 200


def is_keyed(text: object) -> bool:
    """Whether a text is a keyed digest of this process, in hex or base 64, or holds one behind a prefix."""
    return type(text) is str and any(known in text for known in _KNOWN)


def _remember(digest: bytes) -> None:
    if RECORDER.on and len(_KNOWN) < _MOST:
        _KNOWN.update((digest.hex(), *(code(digest).decode("ascii") for code in _CODES)))


_CODES = (base64.b64encode, base64.urlsafe_b64encode)


def _remembering(original: Callable[..., Any]) -> Callable[..., Any]:
    def digest(*args: Any, **kwargs: Any) -> Any:
        made = original(*args, **kwargs)
        _remember(bytes.fromhex(made) if isinstance(made, str) else made)
        return made

    return digest


def install() -> None:
    """Watch what ``hmac`` hands out."""
    for name in ("digest", "hexdigest"):
        setattr(hmac.HMAC, name, _remembering(getattr(hmac.HMAC, name)))
    hmac.digest = _remembering(hmac.digest)
