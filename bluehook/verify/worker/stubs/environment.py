"""Environment variables that the code cannot do without and that nobody set here.

``os.environ["DATABASE_URL"]`` raises before anything else happens in most programs that read settings so. A variable
that is only asked for (``get``, ``in``) stays unset: to set what switches things on would be to choose how they run.
"""

from __future__ import annotations

import os
import re
import sys
from typing import Any

from ..inputs.settings import NUMBER, value_in
from ..inputs.slots import Inputs
from ..observe.record import RECORDER

_PLAIN = re.compile(r"[A-Za-z_]\w*")


def written(inputs: Inputs) -> dict[str, str]:
    """The variables that the code was given, as a program is that does the same."""
    return {name: str(NUMBER) if one.counted else str(one) for name, one in inputs.settings.items()}


def install(inputs: Inputs) -> None:
    """Let ``os.environ[...]``, asked by code of the project, hold whatever name it asks for.

    ``os.environ.get`` and ``os.getenv`` without a default give ``None`` for it (noted in ``Inputs.unset``), but for the
    names in ``Policy.settings``: a run failed for want of those.
    """
    kind: Any = type(os.environ)
    original = kind.__getitem__

    def asked(key: Any) -> bool:
        return isinstance(key, str) and _PLAIN.fullmatch(key) is not None and RECORDER.directly(sys._getframe(2))

    def value(self: Any, key: Any) -> Any:
        try:
            return original(self, key)
        except KeyError:
            if not asked(key):
                raise
            return value_in(inputs.settings, inputs, key)

    def value_or(self: Any, key: Any, default: Any = None) -> Any:
        try:
            return original(self, key)
        except KeyError:
            if default is None and asked(key):
                if key in inputs.policy.settings:
                    return value_in(inputs.settings, inputs, key)
                inputs.unset[key] = None
            return default

    kind.__getitem__ = value
    kind.get = value_or
    os.getenv = lambda key, default=None: value_or(os.environ, key, default)
