"""Stand-ins for third-party modules that are not installed: their names are unknown objects, but for the few modules
whose behaviour decides what an attack comes to.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import sys
from types import FrameType, ModuleType
from typing import TYPE_CHECKING, Any

from ..drive import legacy
from ..inputs.errors import is_error_name, unknown_error
from ..inputs.standin import UNIVERSAL, standin
from ..observe.record import RECORDER
from . import async_files, credentials, crypto, trees

if TYPE_CHECKING:
    from ..inputs.slots import Inputs

_OUTSIDE = {"flask.request", "bottle.request", "web.input", "flask.globals.request"}


class StandinModule(ModuleType):
    """A module whose every attribute is an unknown object called ``module.attribute``."""

    __path__: list[str] = []
    _inputs: Inputs

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        full = f"{self.__name__}.{name}"
        if _behaving(full) is not None:
            return importlib.import_module(full)
        if name in UNIVERSAL:
            value: Any = UNIVERSAL[name]
        elif is_error_name(name) or name in self._inputs.errors:
            value = unknown_error(name)
        else:
            value = standin(self._inputs, full, "outside" if full in _OUTSIDE else "assumed")
        self.__dict__[name] = value
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        credentials.placed(self.__name__, name, value)
        ModuleType.__setattr__(self, name, value)


def _behaving(name: str) -> dict[str, Any] | None:
    """What a module has that does what the real one does; ``None`` for all others."""
    return trees.members() if name == "lxml.etree" else async_files.members(name) or crypto.members(name)


def _asked_by_project(frame: FrameType | None) -> bool:
    """Whether project code itself imports the module: libraries try modules and do without, and must see them fail."""
    while frame is not None:
        name = frame.f_code.co_filename
        if "importlib" not in name and not RECORDER.is_worker(name):
            return RECORDER.is_project(name)
        frame = frame.f_back
    return False


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
        if not _asked_by_project(sys._getframe(1)):
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]

    def create_module(self, spec: Any) -> ModuleType:
        """The stand-in itself; for a module that only Python 2 had, today's under its old name."""
        old = legacy.module(spec.name)
        if old is not None:
            return old
        module = StandinModule(spec.name)
        module._inputs = self.inputs
        module.__dict__.update(_behaving(spec.name) or {})
        self.made.append(spec.name)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""
