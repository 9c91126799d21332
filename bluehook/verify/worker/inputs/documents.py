"""Documents for declared types: what a model, a dataclass or an annotation says of its JSON, filled by slots."""

from __future__ import annotations

import dataclasses
import enum
import typing
from typing import Any

from .slots import Inputs, Slot

_DEPTH = 4
_NUMBERS = {"int", "float", "Decimal", "PositiveInt", "NonNegativeInt", "PositiveFloat", "conint", "confloat"}
_SHAPES = {
    "EmailStr": "{w}@example.com", "NameEmail": "{w}@example.com", "AnyUrl": "https://{w}.test/",
    "HttpUrl": "https://{w}.test/", "AnyHttpUrl": "https://{w}.test/", "FileUrl": "file:///{w}",
    "UUID": "00000000-0000-4000-8000-000000000007", "UUID4": "00000000-0000-4000-8000-000000000007",
    "datetime": "2024-05-17T12:00:00", "date": "2024-05-17", "time": "12:00:00", "timedelta": "60",
    "IPvAnyAddress": "192.0.2.7", "IPv4Address": "192.0.2.7", "Color": "red", "Json": "{{}}",
}  # fmt: skip
"""What texts of these types look like."""


def usual(slot: Slot, annotation: Any, metadata: Any = ()) -> None:
    """Give the slot the benign value that the type lets through; one that lets through no text carries no attack."""
    kind = bare(annotation)
    name = getattr(kind, "__name__", str(kind))
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        slot.usual, slot.trust = str(next((one.value for one in kind), "")), "sanitised"
    elif typing.get_origin(kind) is typing.Literal:
        slot.usual, slot.trust = str(typing.get_args(kind)[0]), "sanitised"
    elif name == "bool":
        slot.usual, slot.trust = "true", "sanitised"
    elif name in _NUMBERS:
        slot.usual, slot.trust = _number(slot, metadata), "sanitised"
    elif name in _SHAPES:
        slot.usual = _SHAPES[name].format(w=slot.word)
        slot.trust = slot.trust if "{w}" in _SHAPES[name] else "sanitised"


def _number(slot: Slot, metadata: Any) -> str:
    """A number within the bounds that the field states."""
    bounds = [getattr(one, name, None) for one in metadata or () for name in ("le", "lt")]
    most = min((bound for bound in bounds if bound is not None), default=slot.number + 1)
    return str(slot.number) if most > slot.number else "1"


def document(inputs: Inputs, annotation: Any, name: str, depth: int = _DEPTH) -> Any:
    """JSON for a value of the annotated type; every text and number in it is a slot called ``name`` and its place."""
    kind = bare(annotation)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if depth == 0:
        return None
    fields = fields_of(kind)
    if fields is not None:
        return {
            key: document(inputs, hint, f"{name}.{key}" if name else key, depth - 1)
            for key, hint in fields.items()
            if inputs.policy.exists or not _optional(hint)
        }
    container = origin if isinstance(origin, type) else kind
    if isinstance(container, type) and issubclass(container, dict):
        inner = arguments[1] if len(arguments) > 1 else str
        return {"key": document(inputs, inner, f"{name}.key", depth - 1)}
    if isinstance(container, type) and issubclass(container, (list, set, tuple, frozenset)):
        return [document(inputs, arguments[0] if arguments else str, f"{name}[0]", depth - 1)]
    return _leaf(inputs, kind, f"JSON key {name!r}")


def fields_of(kind: Any) -> dict[str, Any] | None:
    """The fields of a record type by the names that its JSON has, with their annotations; ``None`` for other types."""
    if not isinstance(kind, type):
        return None
    for attribute in ("model_fields", "__fields__"):
        fields = getattr(kind, attribute, None)
        if isinstance(fields, dict):
            return {str(getattr(field, "alias", None) or name): _annotation(field) for name, field in fields.items()}
    if dataclasses.is_dataclass(kind) or hasattr(kind, "__total__"):
        try:
            return typing.get_type_hints(kind)
        except Exception:
            return dict(getattr(kind, "__annotations__", {}))
    return None


def _annotation(field: Any) -> Any:
    return getattr(field, "annotation", None) or getattr(field, "outer_type_", None) or str


def _leaf(inputs: Inputs, kind: Any, name: str) -> Any:
    slot = inputs.slot(name, "outside")
    usual(slot, kind)
    given = inputs.assigned.get(name)
    if isinstance(given, (dict, list)):
        return given
    value = inputs.text(slot)
    plain = getattr(kind, "__name__", "")
    if given is None and plain in ("int", "float", "bool") and slot.usual:
        return value == "true" if plain == "bool" else int(slot.usual)
    return value


def _optional(annotation: Any) -> bool:
    return type(None) in typing.get_args(annotation)


def bare(annotation: Any) -> Any:
    """The annotation without ``Optional`` and ``Annotated``."""
    for _ in range(_DEPTH):
        origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
        if origin is typing.Union or type(annotation).__name__ == "UnionType":
            annotation = next((one for one in arguments if one is not type(None)), str)
        elif hasattr(annotation, "__metadata__"):
            annotation = arguments[0]
        else:
            break
    return annotation
