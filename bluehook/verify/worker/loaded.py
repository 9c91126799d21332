"""What an answer depends on: the project's files that were read on the way, and the folders that were searched.

The host keeps answers by the content of these files and by the names in these folders, so that an answer is
forgotten when a module that the attempt imported changes, or when one appears that it had to do without.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Container
from types import ModuleType
from typing import Any

_MOST = 5_000
_INSTALLED = ("site-packages", "dist-packages")


class Loaded:
    """Notes every file that is opened, by an audit hook; :meth:`below` tells those of one project."""

    def __init__(self) -> None:
        self._opened: set[str] = set()

    def install(self) -> None:
        """Add the audit hook, which cannot be taken away again."""
        sys.addaudithook(self._audit)

    def below(self, root: str) -> list[str]:
        """Files and folders of the project, relative to its root (which is ``.``), sorted; none when there are more
        than 5,000 of them, which nobody would compare.
        """
        start = os.path.abspath(root)
        files = {path for path in self._opened | _modules() if path.startswith(start + os.sep)}
        folders = {os.path.dirname(path) for path in files} | _searched()
        folders = {path for path in folders if (path + os.sep).startswith(start + os.sep)} | {start}
        # A loaded module may come from __pycache__, whose names say nothing.
        found = {path for path in files | folders if "__pycache__" not in path}
        return sorted(os.path.relpath(path, start) for path in found) if len(found) <= _MOST else []

    def _audit(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(args[0], (str, bytes)):
            self._opened.add(os.path.abspath(os.fsdecode(args[0])))


def _modules() -> set[str]:
    """The source files of all modules that are loaded, also of those read from ``__pycache__``."""
    names = [vars(module).get("__file__") for module in list(sys.modules.values())]
    return {os.path.abspath(name) for name in names if type(name) is str}


def _searched() -> set[str]:
    """The folders in which modules are looked for."""
    places = [path for path in sys.path if type(path) is str]
    for module in list(sys.modules.values()):
        inside = vars(module).get("__path__")
        try:
            places += [path for path in inside or () if type(path) is str]
        except Exception:
            continue
    return {os.path.abspath(path) for path in places}


def is_installed(module: Any) -> bool:
    """Whether the module came from where packages are installed."""
    file = vars(module).get("__file__") if isinstance(module, ModuleType) else None
    return type(file) is str and any(part in _INSTALLED for part in file.split(os.sep))


def imported_since(known: Container[str]) -> list[str]:
    """The installed modules that were imported since only these were, in the order of their import."""
    return [name for name, module in list(sys.modules.items()) if name not in known and is_installed(module)][:_MOST]


LOADED = Loaded()
