"""Secrets of the code's own that unknown clients are made with.

Told only of texts that the calling code itself spells out: what comes from a file, the environment or an argument is
none of the code's.
"""

from __future__ import annotations

import re
import sys
from types import FrameType
from typing import Any

from ..observe.record import RECORDER

_NAME = re.compile(r"pass(word|wd|phrase)?|pwd|secret|(client|app|aws)?_?secret(_access)?_?(key)?|api_?key|"
                   r"(access|private|auth)_?(key|token)", re.I)  # fmt: skip
_CLIENT = re.compile(
    r"connect(ion)?|login|auth(enticate)?|client|session|database|redis|server|engine|api|\w*Client|\w*Connection|"
    r"\w*Database|\w*Session|[a-z]\w*_(connect|login|client)|Mongo\w*|SMTP",
    re.I,
)
_KEY = re.compile(r"(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[\w\-+/=~.]{24,200}")
_ADDRESS = re.compile(r"https?://\w")


def told(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Tell of the secrets among the arguments of a call of the unknown object of this name."""
    if _CLIENT.fullmatch(name.rpartition(".")[2]):
        for key, value in kwargs.items():
            if _NAME.fullmatch(key):
                _tell(name, key, value)
    addressed = any(type(one) is str and _ADDRESS.match(one) for one in args)
    for value in args if addressed else ():
        if type(value) is str and _KEY.fullmatch(value) and not _ADDRESS.match(value):
            _tell(name, "key", value)


def placed(name: str, attribute: str, value: Any) -> None:
    """Tell of a secret that becomes an attribute of an unknown module."""
    if _NAME.fullmatch(attribute):
        _tell(name, attribute, value)


def _tell(name: str, key: str, value: Any) -> None:
    if type(value) is str and re.search(r"\w{3}", value) and " " not in value and _is_written(value):
        RECORDER.emit("credential", value, by_standin=True, call=name, name=key)


def _is_written(value: str) -> bool:
    """Whether the function that calls spells the text out, or a name of its module holds it."""
    place: FrameType | None = RECORDER.place(sys._getframe(1))
    if place is None:
        return False
    held = [one for name, one in place.f_globals.items() if not name.startswith("__") and type(one) is str]
    return value in place.f_code.co_consts or value in held
