"""Data turned into objects: pickle and its kin, marshal, shelve, YAML, jsonpickle."""

from __future__ import annotations

import pickle
import shelve
import sys
from typing import Any

from .files import FILES
from .patch import later, wrap
from .record import RECORDER, as_text


def _audit(event: str, args: tuple[Any, ...]) -> None:
    if RECORDER.on and event == "pickle.find_class":
        RECORDER.emit("find_class", f"{args[0]}.{args[1]}")


def _yaml(data: Any, Loader: Any = None, *rest: Any, **more: Any) -> None:  # noqa: N803 (PyYAML's own name)
    if hasattr(data, "read") and not isinstance(data, (str, bytes)):  # as PyYAML tells a stream from a document
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
    shelve.open = _shelf(shelve.open)
    original = pickle.Unpickler

    class Unpickler(original):  # type: ignore[valid-type, misc]
        """The unpickler, telling what it is given."""

        def __init__(self, file: Any, *args: Any, **kwargs: Any) -> None:
            if RECORDER.on:
                _stream("pickle")(file)
            super().__init__(file, *args, **kwargs)

    pickle.Unpickler = shelve.Unpickler = Unpickler  # type: ignore[misc, attr-defined]


def _shelf(original: Any) -> Any:
    """A shelf that is not there holds, under every key, what the file would: pickles."""

    def opened(filename: Any, flag: str = "c", *args: Any, **kwargs: Any) -> Any:
        path = as_text(filename)
        if not RECORDER.on or not FILES.exists(path) or not RECORDER.directly(sys._getframe(1)):
            return original(filename, flag, *args, **kwargs)
        return shelve.Shelf(_AnyKey(FILES.content(path)))

    return opened


class _AnyKey(dict):  # type: ignore[type-arg]
    """Bytes under every key."""

    def __init__(self, value: bytes) -> None:
        super().__init__({b"key": value})
        self._value = value

    def __missing__(self, key: Any) -> bytes:
        return self._value

    def __contains__(self, key: object) -> bool:
        return True


def _install_yaml() -> None:
    for name in ("load", "load_all", "unsafe_load", "full_load", "safe_load"):
        wrap("yaml", name, _yaml)


def _install_other(module: str) -> None:
    wrap(module, "loads", _text(module))
    wrap(module, "load", _stream(module))
    wrap(module, "decode", _text(module))
