"""Data turned into objects: pickle and its kin, marshal, shelve, YAML, jsonpickle."""

from __future__ import annotations

import pickle
import sys
from typing import Any

from .patch import later, wrap
from .record import RECORDER


def _audit(event: str, args: tuple[Any, ...]) -> None:
    if RECORDER.on and event == "pickle.find_class":
        RECORDER.emit("find_class", f"{args[0]}.{args[1]}")


def _yaml(data: Any, Loader: Any = None, *rest: Any, **more: Any) -> None:  # noqa: N803 (PyYAML's own name)
    if hasattr(data, "read"):
        _stream("yaml")(data)
    else:
        RECORDER.emit("load", data, format="yaml")


def _stream(format: str) -> Any:
    def note(file: Any, *rest: Any, **more: Any) -> None:
        position = file.tell()
        content = file.read()
        file.seek(position)
        RECORDER.emit("load", content, format=format)

    return note


def _text(format: str) -> Any:
    return lambda data, *rest, **more: RECORDER.emit("load", data, format=format)


def install() -> None:
    """Add the audit hook and wrap the loaders."""
    sys.addaudithook(_audit)
    for module in ("pickle", "_pickle"):
        wrap(module, "loads", _text("pickle"))
        wrap(module, "load", _stream("pickle"))
    wrap("marshal", "loads", _text("marshal"))
    later("yaml", _install_yaml)
    for other in ("dill", "cloudpickle", "jsonpickle"):
        later(other, lambda module=other: _install_other(module))  # type: ignore[misc]
    original = pickle.Unpickler

    class Unpickler(original):  # type: ignore[valid-type, misc]
        """The unpickler, telling what it is given."""

        def __init__(self, file: Any, *args: Any, **kwargs: Any) -> None:
            if RECORDER.on:
                _stream("pickle")(file)
            super().__init__(file, *args, **kwargs)

    pickle.Unpickler = Unpickler  # type: ignore[misc]


def _install_yaml() -> None:
    for name in ("load", "load_all", "unsafe_load", "full_load", "safe_load"):
        wrap("yaml", name, _yaml)


def _install_other(module: str) -> None:
    wrap(module, "loads", _text(module))
    wrap(module, "load", _stream(module))
    wrap(module, "decode", _text(module))
