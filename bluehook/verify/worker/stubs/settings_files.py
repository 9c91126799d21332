"""Files of settings that are not there: what the code loads from one has every setting that it cannot do without.

Such a file is told by its name (``settings.ini``, ``config.json``, any TOML and any YAML that is loaded as plain data),
which is the code's own. As with the environment, what is only asked for is not there, and nothing attacks a setting.
"""

from __future__ import annotations

import functools
import os
import re
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from ..inputs.settings import MissingFile, Table
from ..inputs.slots import Inputs
from ..observe.files import FILES
from ..observe.patch import later
from ..observe.record import RECORDER, as_text
from . import settings_ini

_NAME = re.compile(
    r"\.(ini|cfg|conf|toml|ya?ml)$|"
    r"(^|[\W_])\w*(config|configuration|conf|cfg|settings?|options?|preferences|prefs|secrets?|credentials?)"
    r"([\W_]\w*)*\.json\w?$",
    re.I,
)
_READERS = [
    ("json", "loads"), ("tomllib", "load"), ("tomllib", "loads"), ("tomli", "load"), ("tomli", "loads"),
    ("toml", "load"), ("toml", "loads"), ("tomlkit", "load"), ("tomlkit", "loads"), ("tomlkit", "parse"),
    ("ujson", "load"), ("ujson", "loads"), ("orjson", "loads"), ("simplejson", "loads"), ("json5", "load"),
    ("json5", "loads"),
]  # fmt: skip
"""Functions to which a mere word is no document."""
_TAKERS = [
    ("yaml", "safe_load"), ("yaml", "load"), ("yaml", "full_load"), ("yaml", "unsafe_load"),
    ("ruamel.yaml.main", "YAML.load"),
]  # fmt: skip
"""Functions that give a mere word back."""


class Known:
    """The missing files of settings of one target."""

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs
        self._files: dict[str, MissingFile] = {}

    def is_one(self, path: str) -> bool:
        """Whether the path names a file of settings that no input has a part in."""
        if not self._inputs.policy.exists or path in self._files:
            return self._inputs.policy.exists
        if not _NAME.search(os.path.basename(path)):
            return False
        given = [value for value in self._inputs.assigned.values() if isinstance(value, str) and value]
        if any(mark in path for mark in [*(slot.word for slot in self._inputs.slots.values()), *given]):
            return False
        self._files.setdefault(path, MissingFile(self._inputs, path))
        return True

    def table(self, text: str) -> Table | None:
        """The settings of the file whose content this text is; ``None`` for all other texts."""
        for path, file in self._files.items():
            slot = self._inputs.slots.get(f"content of the file {path!r}")
            if slot is not None and slot.word == text.strip():
                return Table(file)
        return None

    def at(self, place: Any) -> Table | None:
        """The settings of the file at a path that a reader was given, when nothing is there."""
        if not isinstance(place, (str, os.PathLike)) or os.path.exists(place) or not self.is_one(os.fspath(place)):
            return None
        return Table(self._files[os.fspath(place)])


def install(inputs: Inputs) -> Known:
    """Let the project's code open, and load as data, files of settings that are not there: those that it opened."""
    known = Known(inputs)
    FILES.settings = lambda path: known.is_one(path) and _asked(sys._getframe(2))
    for wrapped, functions in ((_reading, _READERS), (_taking, _TAKERS)):
        for module, name in functions:
            later(module, functools.partial(_replace, module, name, wrapped, known))
    later("configparser", lambda: settings_ini.install(inputs, known))
    return known


def _replace(module: str, name: str, wrapped: Callable[..., Any], known: Known) -> None:
    holder: Any = sys.modules[module]
    *path, last = name.split(".")
    for part in path:
        holder = getattr(holder, part)
    original = getattr(holder, last, None)
    if original is not None:
        setattr(holder, last, functools.wraps(original)(wrapped(original, known)))


def _reading(original: Callable[..., Any], known: Known) -> Callable[..., Any]:
    def load(source: Any, *args: Any, **kwargs: Any) -> Any:
        made = known.at(source) if original.__name__ == "load" else None
        if made is None:
            made = known.table(_content(source))
        return original(source, *args, **kwargs) if made is None else made

    return load


def _taking(original: Callable[..., Any], known: Known) -> Callable[..., Any]:
    def load(*args: Any, **kwargs: Any) -> Any:
        value = original(*args, **kwargs)
        made = known.table(value) if isinstance(value, str) else None
        return value if made is None else made

    return load


def _content(source: Any) -> str:
    """The text that a reader is given, or that stands in the file that it is given; empty where that is not known."""
    if isinstance(source, (str, bytes)):
        return as_text(source)
    try:
        position = source.tell()
        text = as_text(source.read())
        source.seek(position)
    except Exception:  # not a file that can be read twice
        return ""
    return text


def _asked(frame: FrameType | None) -> bool:
    """Whether code of the project opens the file, by itself or through the modules that open files for everybody."""
    while frame is not None:
        opens = str(frame.f_globals.get("__name__", "")).partition(".")[0] in ("pathlib", "codecs")
        if not opens and not RECORDER.is_worker(frame.f_code.co_filename):
            return RECORDER.is_project(frame.f_code.co_filename)
        frame = frame.f_back
    return False
