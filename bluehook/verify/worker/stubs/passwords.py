"""Checks of a password against a stored hash that nobody knows: the right one was given.

What stands in for an unknown user's hash is no hash, so a real check would turn it away or raise, and what lies behind
a login would never be reached. Hashes that the code itself holds are checked as ever.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

from ..inputs.slots import Inputs
from ..observe.patch import later
from ..observe.record import as_text

_CHECKS = [
    ("werkzeug.security", "check_password_hash", 0), ("bcrypt", "checkpw", 1), ("argon2", "PasswordHasher.verify", 1),
    ("passlib.context", "CryptContext.verify", 2), ("passlib.utils.handlers", "GenericHandler.verify", 2),
    ("passlib.utils.handlers", "PrefixWrapper.verify", 2), ("django.contrib.auth.hashers", "check_password", 1),
    ("django.contrib.auth.base_user", "check_password", 1),
]  # fmt: skip
"""Functions that say whether a password is right, and the place of the stored hash among their arguments, of which the
object or the class is the first for methods."""
_COMPARE = [("hmac", "compare_digest"), ("secrets", "compare_digest")]
_STORED = ("assumed", "sanitised")


def install(inputs: Inputs) -> None:
    """Let the checks that are loaded, now or later, pass what they cannot judge."""

    def checking(place: int, original: Callable[..., Any]) -> Callable[..., Any]:
        def check(*args: Any, **kwargs: Any) -> Any:
            given = [*args, *kwargs.values()]
            if len(given) > place and _is_stored(inputs, given[place]):
                return inputs.policy.truth
            return original(*args, **kwargs)

        return check

    def comparing(original: Callable[..., Any]) -> Callable[..., Any]:
        def compare(one: Any, other: Any) -> Any:
            if _is_stored(inputs, one) != _is_stored(inputs, other):
                return inputs.policy.truth
            return original(one, other)

        return compare

    def hashing(original: Callable[..., Any]) -> Callable[..., Any]:
        def hashpw(password: Any, salt: Any) -> Any:
            return salt if _is_stored(inputs, salt) else original(password, salt)

        return hashpw

    for module, name, place in _CHECKS:
        later(module, functools.partial(_replace, module, name, functools.partial(checking, place)))
    for module, name in _COMPARE:
        later(module, functools.partial(_replace, module, name, comparing))
    later("bcrypt", functools.partial(_replace, "bcrypt", "hashpw", hashing))


def _replace(module: str, name: str, wrapped: Callable[[Any], Any]) -> None:
    holder: Any = sys.modules[module]
    *path, last = name.split(".")
    for part in path:
        holder = getattr(holder, part, None)
    raw = vars(holder).get(last) if holder is not None else None
    if raw is None:
        return
    if isinstance(raw, classmethod):
        inner = wrapped(lambda owner, *args, **kwargs: raw.__get__(None, owner)(*args, **kwargs))
        setattr(holder, last, classmethod(lambda owner, *args, **kwargs: inner(owner, *args, **kwargs)))
    else:
        setattr(holder, last, functools.wraps(raw)(wrapped(raw)))


def _is_stored(inputs: Inputs, value: Any) -> bool:
    """Whether the value is what stands in for something that the program has kept, and no input has a part in it."""
    if not isinstance(value, (str, bytes)):
        return False
    text = as_text(value)
    trusts = {slot.trust for slot in inputs.slots.values() if slot.name in inputs.used and slot.word in text}
    return bool(trusts) and trusts <= set(_STORED)
