"""Values that came through a real request or parser, turned into ones that note comparisons again."""

from __future__ import annotations

import dataclasses
from argparse import Namespace
from typing import Any

from .slots import Inputs
from .watched import watched

_DEPTH = 4


def rewatched(inputs: Inputs, value: Any, depth: int = _DEPTH) -> Any:
    """The value, with every text in it that is a slot's present value belonging to that slot again.

    Mappings, lists, models and uploads are gone through; the last two keep their identity and are changed in place.
    """
    if not inputs.watching or depth == 0:
        return value
    if type(value) is str:
        slot = next((one for one in list(inputs.slots.values())
                     if one.name in inputs.used and value == inputs.text(one)), None)  # fmt: skip
        return watched(value, slot) if slot is not None else value
    if type(value) in (list, tuple, set):
        return type(value)(rewatched(inputs, one, depth - 1) for one in value)
    if type(value) is dict:
        return {key: rewatched(inputs, one, depth - 1) for key, one in value.items()}
    if type(getattr(value, "filename", None)) is str and hasattr(value, "read"):
        value.filename = rewatched(inputs, value.filename)
    elif _is_model(value):
        for name, one in list(vars(value).items()):
            vars(value)[name] = rewatched(inputs, one, depth - 1)
    return value


def _is_model(value: Any) -> bool:
    """Whether it is a plain record of fields: a pydantic model, a dataclass, a namespace of arguments."""
    kind = type(value)
    fields = getattr(kind, "model_fields", None) or getattr(kind, "__fields__", None)
    record = isinstance(value, Namespace) or dataclasses.is_dataclass(kind) or isinstance(fields, dict)
    return record and isinstance(getattr(value, "__dict__", None), dict)
