"""Settings of web frameworks that the code takes for granted and that nobody set here.

``app.config["UPLOADS"]``, ``settings.UPLOADS`` and ``request.app.state.pool`` come from files, from the environment or
from whoever deploys the program, none of which are there. As with the environment, only what the code cannot do without
is made up: ``config.get(...)`` and ``getattr(settings, ..., default)`` find nothing.
"""

from __future__ import annotations

import dis
import re
import sys
from types import FrameType
from typing import Any

from ..inputs.settings import value_in
from ..inputs.slots import Inputs
from ..inputs.standin import standin
from ..observe.patch import later
from ..observe.record import RECORDER

_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_LOADS = {"LOAD_ATTR", "LOAD_METHOD"}


def install(inputs: Inputs) -> None:
    """Let the frameworks' settings hold what code of the project takes from them; what is set stays as it is."""
    later("flask.config", lambda: _flask(inputs))
    later("django.conf", lambda: _django(inputs))
    later("starlette.datastructures", lambda: _starlette(inputs))


def _flask(inputs: Inputs) -> None:
    kind: Any = sys.modules["flask.config"].Config

    def missing(self: Any, key: Any) -> Any:
        if not isinstance(key, str) or not _NAME.fullmatch(key) or not RECORDER.directly(sys._getframe(1)):
            raise KeyError(key)
        return value_in(inputs.configured, inputs, key)

    kind.__missing__ = missing
    for name in ("from_pyfile", "from_envvar", "from_file"):
        _unread(kind, name)


def _unread(kind: Any, name: str) -> None:
    """A file of settings that is not there sets nothing."""
    original = getattr(kind, name, None)
    if original is None:
        return

    def read(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return original(self, *args, **kwargs)
        except FileNotFoundError:
            return False
        except RuntimeError as error:
            if "environment variable" not in str(error):
                raise
            return False

    setattr(kind, name, read)


def _django(inputs: Inputs) -> None:
    kind: Any = sys.modules["django.conf"].LazySettings
    original = kind.__getattr__

    def setting(self: Any, name: str) -> Any:
        try:
            return original(self, name)
        except AttributeError:
            if not _NAME.fullmatch(name) or not _taken(sys._getframe(1)):
                raise
            return value_in(inputs.configured, inputs, name)

    kind.__getattr__ = setting


def _starlette(inputs: Inputs) -> None:
    kind: Any = sys.modules["starlette.datastructures"].State
    original = kind.__getattr__

    def held(self: Any, name: str) -> Any:
        try:
            return original(self, name)
        except AttributeError:
            if name.startswith("_") or not _taken(sys._getframe(1)):
                raise
            inputs.configured[f"state.{name}"] = None
            return standin(inputs, f"state.{name}", "assumed")

    kind.__getattr__ = held


def _taken(frame: FrameType) -> bool:
    """Whether code of the project writes ``object.name`` there: ``getattr`` and ``hasattr`` only ask for it."""
    if not RECORDER.is_project(frame.f_code.co_filename):
        return False
    return dis.opname[frame.f_code.co_code[frame.f_lasti]] in _LOADS
