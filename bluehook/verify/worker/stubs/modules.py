"""Stand-ins for third-party modules that are not installed: every name of them is an unknown object."""

from __future__ import annotations

import importlib.machinery
import re
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..inputs.standin import standin

if TYPE_CHECKING:
    from ..inputs.slots import Inputs

_ERROR_NAME = re.compile(r"(Error|Exception|Warning|DoesNotExist|Failure)$")
_OUTSIDE = {"flask.request", "bottle.request", "web.input", "flask.globals.request"}


class StandinModule(ModuleType):
    """A module whose every attribute is an unknown object called ``module.attribute``."""

    __path__: list[str] = []
    _inputs: Inputs

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        if _ERROR_NAME.search(name):
            value: Any = type(name, (Exception,), {"__module__": self.__name__})
        else:
            full = f"{self.__name__}.{name}"
            value = standin(self._inputs, full, "outside" if full in _OUTSIDE else "assumed")
        self.__dict__[name] = value
        return value


class MissingModules:
    """The last finder: makes a stand-in for each top-level module that nobody else finds, and for what is below it."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.made: list[str] = []

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """A spec whose loader makes a stand-in; ``None`` for missing submodules of modules that are real."""
        parent = name.rpartition(".")[0]
        if parent and not isinstance(sys.modules.get(parent), StandinModule):
            return None
        if name in sys.builtin_module_names or name.startswith("_") or name in _OPTIONAL:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]

    def create_module(self, spec: Any) -> ModuleType:
        """The stand-in itself."""
        module = StandinModule(spec.name)
        module._inputs = self.inputs
        self.made.append(spec.name)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


_OPTIONAL = {
    "_winapi", "winreg", "msvcrt", "nt", "readline", "java", "org", "google.appengine", "sets", "StringIO_",
    "cStringIO", "Queue", "ConfigParser", "simplejson_", "brotli", "brotlicffi", "zstandard", "chardet", "cchardet",
    "dotenv", "asgiref_", "greenlet", "gevent", "eventlet", "uvloop", "colorama", "unicodedata2",
}  # fmt: skip
"""Modules that libraries try and do without: a stand-in would lead them astray."""
