"""Values of declared types: dataclasses, named tuples, typed dictionaries as their fields say, members of choices."""

from __future__ import annotations

import dataclasses
import enum
import typing
from typing import Any

from . import build
from .documents import bare
from .slots import Inputs
from .standin import Standin, standin

_DEPTH = 3
_BY_TYPE = build.FIRM | {"path", "bytes"}
"""Kinds that an unknown object cannot pass for."""


def is_declared(annotation: Any) -> bool:
    """Whether the annotation says enough for a value to be made of it."""
    kind = bare(annotation)
    return _fields(kind) is not None or choices(kind) is not None


def choices(annotation: Any) -> list[Any] | None:
    """The members of an enumeration; ``None`` for other types."""
    kind = bare(annotation)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return list(kind) or None
    return None


def made(inputs: Inputs, annotation: Any, name: str, trust: str, depth: int = _DEPTH) -> Any:
    """A value of the annotated type, filled by slots called ``name`` and the field; the unknown object for other types.

    A record that takes no benign values either is an unknown object too; what it raises when it is attacked is its own
    answer. A field that has a default keeps it.
    """
    kind = bare(annotation)
    members = choices(kind)
    if members is not None:
        return members[0]
    fields = _fields(kind)
    if fields is None or depth == 0:
        return typed(inputs, kind, name, trust)
    filled = {
        field: made(inputs, hint, f"{name}{_place(kind, field)}", trust, depth - 1) for field, hint in fields.items()
    }
    try:
        return kind(**filled) if name not in inputs.unmade else standin(inputs, name, trust)
    except Exception:
        if any(slot.startswith(name) for slot in inputs.assigned):
            raise
        inputs.unmade.add(name)
        return standin(inputs, name, trust)


def typed(inputs: Inputs, annotation: Any, name: str, trust: str) -> Any:
    """A value of a type that an unknown object cannot pass for, else the unknown object.

    A path in a record or an object is the place that whoever configured it chose: nothing attacks it.
    """
    if isinstance(annotation, Standin):
        return standin(inputs, name, trust)
    kind = build.kind_of_annotation(bare(annotation)) or "object"
    if kind in _BY_TYPE:
        return build.MAKERS[kind](inputs, name, "sanitised" if kind == "path" else trust)
    return standin(inputs, name, trust)


def _place(kind: Any, field: str) -> str:
    return f"[{field!r}]" if issubclass(kind, dict) else f".{field}"


def _fields(kind: Any) -> dict[str, Any] | None:
    """The annotations of the fields that a value of this record cannot be made without; ``None`` for other types."""
    if not isinstance(kind, type) or isinstance(kind, Standin):
        return None
    try:
        hints = typing.get_type_hints(kind)
    except Exception:
        hints = dict(getattr(kind, "__annotations__", {}))
    if dataclasses.is_dataclass(kind):
        return {
            field.name: hints.get(field.name, str)
            for field in dataclasses.fields(kind)
            if field.init and field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
        }
    if issubclass(kind, tuple) and hasattr(kind, "_field_defaults") and getattr(kind, "__annotations__", None):
        return {name: hints.get(name, str) for name in kind._fields if name not in kind._field_defaults}  # type: ignore[attr-defined]
    if issubclass(kind, dict) and hasattr(kind, "__total__"):
        return hints
    return None
