"""Lists, tuples, sets, dictionaries and objects: what is put in comes out again under the same key, and only there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bluehook.detect.flow.state import Box, State, met
from bluehook.detect.flow.values import (
    NOTHING,
    NOWHERE,
    UNKNOWN,
    Taint,
    Trust,
    Unknown,
    Value,
    constant,
    opened,
    tainted,
)

_LARGEST = 64


def make(state: State, number: int, kind: str, items: Mapping[Any, Value], rest: Value | None = None) -> Value:
    """A new container in the heap under a number; one too large is known by its sum only."""
    if len(items) > _LARGEST:
        taints = frozenset(taint for item in items.values() for taint in state.everything(item))
        items, rest = {}, opened(taints)
    state.boxes[number] = Box(kind, items, rest)
    return Value(forms=((NOTHING,),), kind=kind, box=number)


def of_items(state: State, number: int, kind: str, items: Sequence[Value], rest: Value | None = None) -> Value:
    """A new sequence."""
    return make(state, number, kind, dict(enumerate(items)), rest)


def get(state: State, owner: Value, key: object) -> Value | None:
    """What stands under a key; everything that may when the key is not known, ``None`` when nothing does."""
    box = state.boxes.get(owner.box)
    if box is None:
        return None
    if key is UNKNOWN or not isinstance(key, (str, int, float, bool, type(None))):
        return either(state, box.values())
    if isinstance(key, int) and key < 0 and box.kind in ("list", "tuple") and box.rest is None:
        key += len(box.items)
    found = box.items.get(key)
    if found is not None:
        return met(state, found, box.rest) if box.rest is not None and box.kind in ("list", "tuple") else found
    return box.rest


def store(state: State, owner: Value, key: object, value: Value) -> None:
    """Put a value under a key."""
    box = state.boxes.get(owner.box)
    if box is None:
        return
    if key is UNKNOWN or not isinstance(key, (str, int, float, bool, type(None))) or len(box.items) >= _LARGEST:
        rest = value if box.rest is None else met(state, box.rest, value)
        state.boxes[owner.box] = box._replace(rest=rest)
        return
    if isinstance(key, int) and key < 0 and box.rest is None and box.kind == "list":
        key += len(box.items)
    state.boxes[owner.box] = box._replace(items={**box.items, key: value})


def append(state: State, owner: Value, value: Value, *, exact: bool = True) -> None:
    """Add to the end of a sequence."""
    box = state.boxes.get(owner.box)
    if box is None:
        return
    if exact and box.rest is None and len(box.items) < _LARGEST:
        state.boxes[owner.box] = box._replace(items={**box.items, len(box.items): value})
    else:
        rest = value if box.rest is None else met(state, box.rest, value)
        state.boxes[owner.box] = box._replace(rest=rest)


def replace_items(state: State, owner: Value, items: Iterable[Value]) -> None:
    """Give a sequence new contents."""
    box = state.boxes[owner.box]
    state.boxes[owner.box] = box._replace(items=dict(enumerate(items)))


def items_of(state: State, value: Value) -> list[Value] | None:
    """The items that a loop over a container yields, where all are known; keys for a dictionary."""
    box = state.boxes.get(value.box)
    if box is None or box.kind == "object":
        return None
    if box.kind == "dict":
        return [constant(key) for key in box.items] if box.rest is None else None
    return box.sequence


def element_of(state: State, value: Value) -> Value:
    """What a loop over a value yields each time."""
    box = state.boxes.get(value.box)
    if box is None:
        if value.of in ("tarfile.open()", "tarfile.TarFile()"):
            return tainted(Taint("member", "the name of an archive member", Trust.OUTSIDE, None))
        if value.text is not None or value.kind in ("number",):
            return NOWHERE
        return opened(value.hole())
    if box.kind == "dict":
        keys = [constant(key) for key in box.items][:_LARGEST]
        found = either(state, keys) if keys else NOWHERE
        return opened(found.hole() | value.hole()) if box.rest is not None else found or NOWHERE
    return either(state, box.values()) or NOWHERE


def either(state: State, values: Iterable[Value]) -> Value:
    """Any one of several values; unknown where there is none."""
    result: Value | None = None
    for value in values:
        result = value if result is None else met(state, result, value)
    return result if result is not None else NOWHERE


def unpacked(state: State, value: Value, count: int) -> list[Value]:
    """The values of ``a, b = value``."""
    items = items_of(state, value)
    if items is not None and len(items) == count:
        return items
    box = state.boxes.get(value.box)
    if box is not None and box.items and box.kind in ("list", "tuple"):
        fallback = element_of(state, value)
        return [box.items.get(index, fallback) for index in range(count)]
    return [element_of(state, value)] * count


def as_constants(state: State, value: Value) -> list[object] | None:
    """The constants that a container holds, or a constant's own characters; ``None`` where any is not known."""
    if value.text is not None:
        return list(value.text)
    items = items_of(state, value)
    if items is None:
        return None
    consts = [item.const for item in items]
    return None if any(isinstance(const, Unknown) for const in consts) else list(consts)
