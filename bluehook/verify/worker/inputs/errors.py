"""Exceptions of unknown code, and those that the harness raises through the code under attack."""

from __future__ import annotations

import re
from typing import Any

_ERROR_NAME = re.compile(r"^[A-Z]\w*(Error|Exception|Warning|DoesNotExist|NotFound|Failure|Timeout|Denied)$")
FAILURE = "harness: the database at 10.0.0.7 refused user svc"
"""What an unknown call says where it is to fail: internal enough that no answer should repeat it."""


class Finished(BaseException):
    """Raised through the code under attack when a run has gone on long enough."""


class Aborted(Exception):
    """What an unknown ``abort`` raises when it is given an HTTP status: in every web framework it does not return."""


class UnknownError(Exception):
    """An exception of a class that nobody knows: it takes any arguments and has any attribute, as text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, *kwargs.values())

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return str(self)


def is_error_name(name: str) -> bool:
    """Whether a name is one of an exception's class."""
    return _ERROR_NAME.match(name) is not None


def unknown_error(name: str) -> type[UnknownError]:
    """A class of exceptions for a name that nobody defines."""
    return type(name, (UnknownError,), {"__module__": "standin"})
