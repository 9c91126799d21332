"""Values of a given kind for a slot: what a parameter, a field or an element is filled with."""

from __future__ import annotations

import datetime
import decimal
import enum
import io
import pathlib
import sqlite3
import typing
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from ..observe.record import RECORDER
from .counted import counted
from .slots import Inputs
from .standin import standin
from .watched import watched

SMALL_NUMBER = 16
KEY_LENGTH = 16
"""Bytes of a value that may serve as a key or a vector of the usual ciphers."""


class Keys(dict):  # type: ignore[type-arg]
    """A mapping that has every key that is asked for: each is a slot of its own."""

    def __init__(self, inputs: Inputs, name: str, trust: str) -> None:
        super().__init__()
        self._parts = (inputs, name, trust)
        for slot in list(inputs.slots.values()):
            if slot.name.startswith(name + "[") and slot.kind.startswith("key:"):
                self[slot.kind[4:]]

    def __missing__(self, key: Any) -> Any:
        inputs, name, trust = self._parts
        if not isinstance(key, str):
            raise KeyError(key)
        full = f"{name}[{key!r}]"
        inputs.slot(full, trust, kind="key:" + key)
        value = element(inputs, full, trust)
        dict.__setitem__(self, key, value)
        return value

    def get(self, key: Any, default: Any = None) -> Any:
        """As of ``dict``; a missing text key is made."""
        try:
            return self[key]
        except KeyError:
            return default

    def __bool__(self) -> bool:
        return self._parts[0].policy.exists or dict.__len__(self) > 0

    def __contains__(self, key: object) -> bool:
        if isinstance(key, str) and RECORDER.on:
            self[key]
        return dict.__contains__(self, key)

    def pop(self, key: Any, *default: Any) -> Any:
        """As of ``dict``; a missing text key is made."""
        self.get(key)
        return dict.pop(self, key, *default)

    def items(self) -> Any:
        """As of ``dict``; an empty one gets a key first."""
        self._fill()
        return dict.items(self)

    def values(self) -> Any:
        """As of ``dict``; an empty one gets a key first."""
        self._fill()
        return dict.values(self)

    def __iter__(self) -> Iterator[Any]:
        self._fill()
        return dict.__iter__(self)

    def _fill(self) -> None:
        if not dict.__len__(self):
            inputs, name, trust = self._parts
            key = inputs.text(inputs.slot(name + " key", trust))
            dict.__setitem__(self, key, element(inputs, name + "[key]", trust))


def text(inputs: Inputs, name: str, trust: str) -> str:
    """Text of the slot; while watching, one that notes comparisons."""
    slot = inputs.slot(name, trust)
    given = inputs.assigned.get(name)
    if isinstance(given, bytes) and not slot.codecs and not inputs.watching:
        return given  # type: ignore[return-value]
    if slot.numeric and given is None and not inputs.watching:
        return slot.count  # type: ignore[return-value]
    value = inputs.text(slot)
    return watched(value, slot) if inputs.watching else value


def _bytes(inputs: Inputs, name: str, trust: str) -> bytes:
    slot = inputs.slot(name, trust, kind="bytes")
    value = inputs.assigned.get(name)
    if isinstance(value, bytes) and not slot.codecs:
        return value
    if value is None and not slot.codecs:
        return slot.word.ljust(KEY_LENGTH, "0").encode("ascii")
    return inputs.text(slot).encode("latin-1", "replace")


def _number(inputs: Inputs, name: str, trust: str) -> Any:
    slot = inputs.slot(name, trust, kind="number")
    value = inputs.assigned.get(name)
    if value is None:
        return counted(SMALL_NUMBER, slot) if inputs.watching else SMALL_NUMBER
    try:
        return int(value)
    except (TypeError, ValueError):
        return slot.count if inputs.watching else value


def _list(inputs: Inputs, name: str, trust: str) -> list[Any]:
    return [element(inputs, f"{name}[{i}]", trust) for i in range(2)]


def _pairs(inputs: Inputs, name: str, trust: str) -> list[Any]:
    return [(element(inputs, f"{name}[0][0]", trust), element(inputs, f"{name}[0][1]", trust))]


def element(inputs: Inputs, name: str, trust: str) -> Any:
    """What a list or a mapping holds: text, or an unknown object where the code wants structure of it."""
    return standin(inputs, name, trust) if inputs.policy.deep else text(inputs, name, trust)


def _stream(inputs: Inputs, name: str, trust: str) -> Any:
    slot = inputs.slot(name, trust, kind="stream")
    value = inputs.assigned.get(name)
    if value is not None and hasattr(value, "read"):
        return value
    if isinstance(value, bytes):
        return Stream(value, str(slot.word))
    return Stream(inputs.text(slot).encode("utf-8", "replace"), slot.word)


class Stream(io.BytesIO):
    """A file-like object with the names that uploads and files have; it tells when it is read."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self._word = name
        self.name = self.filename = name
        self.size = len(content)
        self.content_type = "application/octet-stream"
        self.file = self

    def read(self, *args: Any) -> bytes:
        """As of ``BytesIO``."""
        if RECORDER.on:
            RECORDER.emit("stream", self._word, sized=bool(args) and args[0] not in (None, -1))
        return super().read(*args)


class Chunk(bytes):
    """One byte that says it is as many as were asked for, so that an endless stream fills no disk."""

    length = 1

    def __len__(self) -> int:
        return self.length


class Endless:
    """A stream that never ends, which counts what is taken from it. Reading all at once ends it."""

    def __init__(self) -> None:
        self.taken = 0
        self.name = self.filename = "endless"

    def read(self, size: Any = -1, *rest: Any) -> bytes:
        """As many bytes as are asked for."""
        if not isinstance(size, int) or size <= 0:
            return b""
        self.taken += size
        chunk = Chunk(b"x")
        chunk.length = size
        return chunk

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, **kwargs: None


def _cursor(inputs: Inputs, name: str, trust: str) -> Any:
    return sqlite3.connect(":memory:").cursor()


MAKERS: dict[str, Callable[[Inputs, str, str], Any]] = {
    "text": text,
    "bytes": _bytes,
    "number": _number,
    "flag": lambda inputs, name, trust: bool(inputs.assigned.get(name, True)),
    "float": lambda inputs, name, trust: float(_number(inputs, name, trust)),
    "list": _list,
    "set": lambda inputs, name, trust: set(_list(inputs, name, trust)),
    "pairs": _pairs,
    "mapping": Keys,
    "stream": _stream,
    "path": lambda inputs, name, trust: pathlib.Path(text(inputs, name, trust)),
    "object": standin,
    "request": standin,
    "cursor": _cursor,
    "connection": lambda inputs, name, trust: sqlite3.connect(":memory:"),
    "none": lambda inputs, name, trust: None,
    "date": lambda inputs, name, trust: datetime.datetime(2024, 5, 17, 12, 0),
    "uuid": lambda inputs, name, trust: uuid.UUID(int=inputs.slot(name, trust, kind="number").number),
    "decimal": lambda inputs, name, trust: decimal.Decimal(SMALL_NUMBER),
}
"""Kind to the function that makes a value of it from inputs, slot name and trust."""

_PLAIN: dict[Any, str] = {
    str: "text", bytes: "bytes", bytearray: "bytes", int: "number", float: "float", bool: "flag", dict: "mapping",
    list: "list", tuple: "list", set: "set", frozenset: "set", object: "text", pathlib.Path: "path",
    pathlib.PurePath: "path", sqlite3.Cursor: "cursor", sqlite3.Connection: "connection", type(None): "none",
    datetime.datetime: "date", datetime.date: "date", uuid.UUID: "uuid", decimal.Decimal: "decimal",
    io.BytesIO: "stream", typing.Any: "text", typing.BinaryIO: "stream", typing.IO: "stream", typing.TextIO: "stream",
}  # fmt: skip
FIRM = {"number", "float", "flag", "date", "uuid", "decimal", "cursor", "connection", "none"}
"""Kinds that an annotation promises and that no text payload may replace."""


def kind_of_annotation(annotation: Any) -> str | None:
    """The kind for a resolved annotation, or ``None`` when it says nothing known."""
    if isinstance(annotation, str):
        return _by_name(annotation)
    if isinstance(annotation, typing.Hashable) and annotation in _PLAIN:
        return _PLAIN[annotation]
    origin = typing.get_origin(annotation)
    arguments = typing.get_args(annotation)
    if origin is typing.Union or type(annotation).__name__ == "UnionType":
        for argument in arguments:
            if argument is not type(None):
                return kind_of_annotation(argument)
    if origin is not None and getattr(origin, "__name__", "") == "Annotated":
        return kind_of_annotation(arguments[0])
    if origin is typing.Literal:
        return "text"
    if isinstance(origin, type):
        return next(
            (_PLAIN[known] for known in (dict, list, tuple, set) if issubclass(origin, known)), _abstract(origin)
        )
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return None
    return _by_name(getattr(annotation, "__name__", "")) or ("object" if isinstance(annotation, type) else None)


def _abstract(origin: type) -> str:
    name = origin.__name__
    if "Mapping" in name:
        return "mapping"
    return "list" if name in ("Iterable", "Sequence", "Collection", "Iterator") else "object"


_NAMES = {"str": "text", "bytes": "bytes", "int": "number", "float": "float", "bool": "flag", "dict": "mapping",
          "Dict": "mapping", "list": "list", "List": "list", "Path": "path", "HttpRequest": "request",
          "Request": "request", "WSGIRequest": "request", "Any": "text", "Optional[str]": "text",
          "Cursor": "cursor", "sqlite3.Cursor": "cursor", "Connection": "connection"}  # fmt: skip


def _by_name(name: str) -> str | None:
    head = name.replace("typing.", "").split("|")[0].strip()
    return _NAMES.get(head) or _NAMES.get(head.split("[")[0])
