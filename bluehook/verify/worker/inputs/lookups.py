"""What stands in the tables and sets that the code looks a value up in: hashing compares with nothing to learn from."""

from __future__ import annotations

import collections
import dis
import functools
import inspect
import types
from types import CodeType, FrameType
from typing import Any

_TABLES = (dict, set, frozenset, collections.OrderedDict, collections.defaultdict, types.MappingProxyType)
_LOADS = {"LOAD_NAME", "LOAD_GLOBAL", "LOAD_FAST", "LOAD_FAST_BORROW", "LOAD_FAST_CHECK", "LOAD_DEREF"}
_ATTRIBUTES = {"LOAD_ATTR", "LOAD_METHOD"}
_MOST_MEMBERS = 4
_LARGEST = 10_000


def members(frame: FrameType, value: str) -> list[Any]:
    """Some of what stands in the tables and sets that the frame's present line names, unless ``value`` does."""
    found: dict[Any, None] = {}
    for path in _named(frame.f_code, frame.f_lineno):
        table = path if isinstance(path, frozenset) else _at(frame, path)
        if type(table) not in _TABLES or len(table) > _LARGEST or value in table:
            continue
        plain = sorted((one for one in list(table) if type(one) in (str, int) and one != ""), key=str)
        found.update(dict.fromkeys(plain[:_MOST_MEMBERS]))
    return list(found)


@functools.lru_cache(maxsize=512)
def _named(code: CodeType, line: int) -> tuple[Any, ...]:
    """The dotted names that a line of the code loads, and the sets that are constants of it."""
    found: list[Any] = []
    path: tuple[str, ...] = ()
    present = 0
    for instruction in dis.get_instructions(code):
        starts = instruction.starts_line
        present = starts if type(starts) is int else getattr(instruction, "line_number", present) or present
        if present != line:
            continue
        if instruction.opname == "LOAD_CONST" and isinstance(instruction.argval, frozenset):
            found.append(instruction.argval)
        elif instruction.opname in _LOADS:
            path = (instruction.argval,)
            found.append(path)
        elif instruction.opname in _ATTRIBUTES and path:
            path = (*path, instruction.argval)
            found.append(path)
    return tuple(found)


def _at(frame: FrameType, path: tuple[str, ...]) -> Any:
    """What a dotted name stands for in the frame, found without running code of the project; ``None`` for nothing."""
    first, *rest = path
    value = frame.f_locals[first] if first in frame.f_locals else frame.f_globals.get(first)
    for name in rest:
        value = inspect.getattr_static(value, name, None)
    return value
