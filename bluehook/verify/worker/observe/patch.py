"""Replacing functions of modules by wrapped ones that tell the recorder first."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import sys
from collections.abc import Callable
from typing import Any

from .record import RECORDER

Note = Callable[..., None]


def wrap(module: str, name: str, note: Note) -> None:
    """Put a wrapper around ``module.name`` (``Class.method`` allowed) that calls ``note`` with the same arguments.

    A module or name that this interpreter lacks is left alone. ``note`` never raises into the caller.
    """
    holder: Any = importlib.import_module(module) if module not in sys.modules else sys.modules[module]
    *path, last = name.split(".")
    for part in path:
        holder = getattr(holder, part, None)
    original = getattr(holder, last, None)
    if original is None or getattr(original, "_is_watched", False):
        return

    @functools.wraps(original)
    def watched(*args: Any, **kwargs: Any) -> Any:
        if RECORDER.on:
            try:
                note(*args, **kwargs)
            except Exception:  # an odd argument must fail in the real function, not here
                pass
        return original(*args, **kwargs)

    watched._is_watched = True  # type: ignore[attr-defined]
    setattr(holder, last, watched)


def later(module: str, install: Callable[[], None]) -> None:
    """Call ``install`` once the module is imported; at once when it already is."""
    if module in sys.modules:
        install()
        return
    _WAITING.setdefault(module, []).append(install)


_WAITING: dict[str, list[Callable[[], None]]] = {}


class _AfterImport:
    """A finder that finds nothing itself: it lets the others load a waited-for module and then runs the installers."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """The real spec, with a loader that installs afterwards."""
        if name not in _WAITING:
            return None
        waiting = _WAITING.pop(name)
        spec = _spec_from_others(name, path, target)
        loader = getattr(spec, "loader", None)
        if spec is None or loader is None or not hasattr(loader, "exec_module"):
            _WAITING[name] = waiting
            return None
        run = loader.exec_module

        def exec_module(module: Any) -> None:
            run(module)
            for install in waiting:
                try:
                    install()
                except Exception:  # a version of the library that has other insides is simply not wrapped
                    continue

        loader.exec_module = exec_module
        return spec


def _spec_from_others(name: str, path: Any, target: Any) -> Any:
    for finder in sys.meta_path:
        if isinstance(finder, _AfterImport) or not hasattr(finder, "find_spec"):
            continue
        spec = finder.find_spec(name, path, target)
        if spec is not None:
            return spec
    return None


def install() -> None:
    """Put the finder first on ``sys.meta_path``."""
    if not any(isinstance(finder, _AfterImport) for finder in sys.meta_path):
        sys.meta_path.insert(0, _AfterImport())
