"""How the code asks for a value: what the instruction says that is under way in a frame."""

from __future__ import annotations

import dis
from types import CodeType
from typing import Any

_SIZES: dict[tuple[CodeType, int], int | None] = {}


def by_call(frame: Any) -> bool:
    """Whether a function (``hasattr``, ``getattr``, ``int``) asks, rather than an operator or an attribute's name."""
    code, offset = frame.f_code, frame.f_lasti
    key = (code, -1 - offset)
    if key not in _SIZES:
        name = next((one.opname for one in dis.get_instructions(code) if one.offset == offset), "")
        _SIZES[key] = int(name.startswith(("CALL", "PRECALL")))
    return bool(_SIZES[key])


def unpacked(code: CodeType, offset: int) -> int | None:
    """How many values the instruction at ``offset`` unpacks its iterable into; ``None`` when it does not."""
    key = (code, offset)
    if key not in _SIZES:
        _SIZES[key] = None
        for instruction in dis.get_instructions(code):
            if instruction.offset == offset and instruction.opname == "UNPACK_SEQUENCE":
                _SIZES[key] = instruction.arg
    return _SIZES[key]
