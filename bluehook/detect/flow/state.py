"""Where the interpreter stands: variables, contents of containers, what was checked; and how two such states meet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from bluehook.detect.flow.values import ANY, NOTHING, Changer, Taint, Value, changed, joined

Key: TypeAlias = str | int | float | bool | None
_DEEPEST = 4
_NO_MARKS: frozenset[str] = frozenset()


class Box(NamedTuple):
    """The contents of a container or object.

    ``items`` by constant key, index or attribute; ``rest`` is what may stand under any other key (``None``: there is
    none, all of it is known). ``kind`` is ``list``, ``tuple``, ``set``, ``dict`` or ``object``.
    """

    kind: str
    items: Mapping[Key, Value]
    rest: Value | None = None

    @property
    def sequence(self) -> list[Value] | None:
        """The items in order, where all are known."""
        if self.rest is not None:
            return None
        return [self.items[index] for index in range(len(self.items))] if self._is_contiguous() else None

    def _is_contiguous(self) -> bool:
        return all(index in self.items for index in range(len(self.items)))

    def values(self) -> Iterable[Value]:
        """Everything that it holds."""
        yield from self.items.values()
        if self.rest is not None:
            yield self.rest


class State:
    """One point of the program. Copies share what neither has changed: boxes are replaced, never altered."""

    __slots__ = ("alive", "boxes", "clean", "doubt", "vars")

    def __init__(self) -> None:
        self.vars: dict[str, Value] = {}
        self.boxes: dict[int, Box] = {}
        self.clean: dict[str, frozenset[str]] = {}
        self.doubt: dict[str, frozenset[str]] = {}
        self.alive = True

    def copy(self) -> State:
        """An independent state."""
        other = State()
        other.vars = dict(self.vars)
        other.boxes = dict(self.boxes)
        other.clean = dict(self.clean)
        other.doubt = dict(self.doubt)
        other.alive = self.alive
        return other

    def become(self, other: State) -> None:
        """Take over all of another state."""
        self.vars, self.boxes, self.alive = other.vars, other.boxes, other.alive
        self.clean, self.doubt = other.clean, other.doubt

    def check(self, taints: Iterable[Taint], *weaknesses: str, doubt: bool = False) -> None:
        """Note that these origins were checked for weaknesses from here on."""
        marks = self.doubt if doubt else self.clean
        for slot in {taint.slot for taint in taints}:
            marks[slot] = marks.get(slot, _NO_MARKS) | frozenset(weaknesses)

    def is_clean(self, taint: Taint, weakness: str) -> bool:
        """Whether an origin can no longer cause a weakness here."""
        return _has(taint.clean, weakness) or _has(_marks(self.clean, taint.slot), weakness)

    def is_doubted(self, taint: Taint, weakness: str) -> bool:
        """Whether something that calls itself a check was made for it."""
        return _has(taint.doubt, weakness) or _has(_marks(self.doubt, taint.slot), weakness)

    def everything(self, value: Value, depth: int = 0) -> frozenset[Taint]:
        """The taints of a value and of what it holds."""
        found = value.hole()
        box = self.boxes.get(value.box) if value.box and depth < _DEEPEST else None
        for item in box.values() if box is not None else ():
            found |= self.everything(item, depth + 1)
        return found


def _has(marks: frozenset[str], weakness: str) -> bool:
    return weakness in marks or ANY in marks


def _marks(known: dict[str, frozenset[str]], slot: str) -> frozenset[str]:
    if not known:
        return _NO_MARKS
    found = known.get(slot, _NO_MARKS)
    for other, marks in known.items():
        if slot.startswith(other) and slot[len(other) : len(other) + 1] in (".", "["):
            found |= marks
    return found


def meet(states: Iterable[State]) -> State:
    """What holds after any of these; dead ones do not count. The result is dead when all are."""
    living = [state for state in states if state.alive]
    if not living:
        dead = State()
        dead.alive = False
        return dead
    result = living[0].copy() if len(living) > 1 else living[0]
    for other in living[1:]:
        _meet_into(result, other)
    return result


def _meet_into(state: State, other: State) -> None:
    for number in [number for number in state.boxes if number not in other.boxes]:
        state.boxes[number] = _baked_box(state.boxes[number], state, other)
    for number, box in other.boxes.items():
        mine = state.boxes.get(number)
        if mine is None:
            state.boxes[number] = _baked_box(box, other, state)
        elif mine is not box:
            state.boxes[number] = _met(state, _baked_box(mine, state, other), _baked_box(box, other, state))
    for name, value in other.vars.items():
        known = state.vars.get(name)
        if known is None:
            state.vars[name] = value
        elif known is not value and known != value:
            state.vars[name] = met(state, baked(known, state, other), baked(value, other, state))
    for marks, others in ((state.clean, other.clean), (state.doubt, other.doubt)):
        for slot in list(marks):
            theirs = others.get(slot, _NO_MARKS)
            marks[slot] = theirs if ANY in marks[slot] else marks[slot] if ANY in theirs else marks[slot] & theirs
            if not marks[slot]:
                del marks[slot]


def baked(value: Value, here: State, there: State) -> Value:
    """A value that keeps what was checked on its own way, which the other way need not have checked."""
    if not here.clean and not here.doubt:
        return value
    found = value
    for taint in set(value.taints()):
        clean = _marks(here.clean, taint.slot) - _marks(there.clean, taint.slot)
        doubt = _marks(here.doubt, taint.slot) - _marks(there.doubt, taint.slot)
        if clean or doubt:
            found = changed(found, Changer(slot=taint.slot, clean=clean, doubt=doubt))
    return found


def _baked_box(box: Box, here: State, there: State) -> Box:
    """As :func:`baked`, for what a container holds."""
    if not here.clean and not here.doubt:
        return box
    items = {key: baked(value, here, there) for key, value in box.items.items()}
    return Box(box.kind, items, baked(box.rest, here, there) if box.rest is not None else None)


def met(state: State, one: Value, other: Value) -> Value:
    """Either of two values, of which two containers become one."""
    result = joined(one, other)
    if one.box and other.box and one.box != other.box:
        left, right = state.boxes.get(one.box), state.boxes.get(other.box)
        if left is not None and right is not None:
            number = -max(abs(one.box), abs(other.box)) * 1000 - min(abs(one.box), abs(other.box)) % 1000
            state.boxes[number] = _met(state, left, right, 1)
            return result._replace(box=number)
    return result


def _met(state: State, one: Box, other: Box, depth: int = 0) -> Box:
    """Contents of either: what only one of them holds may be there or not, which does no harm to know."""
    items: dict[Key, Value] = dict(one.items)
    for key, value in other.items.items():
        mine = items.get(key)
        if mine is None:
            items[key] = value
        elif mine != value:
            items[key] = joined(mine, value) if depth > 2 else _shallow(state, mine, value, depth)
    rest = one.rest if other.rest is None else other.rest if one.rest is None else joined(one.rest, other.rest)
    kind = one.kind if one.kind == other.kind else ""
    if kind in ("list", "tuple") and len(one.items) != len(other.items):
        loose = [*items.values(), *([rest] if rest is not None else [])]
        taints = frozenset(taint for value in loose for taint in state.everything(value))
        return Box(kind, {}, Value(forms=((taints,),)) if taints else Value(forms=((NOTHING,),)))
    return Box(kind, items, rest)


def _shallow(state: State, one: Value, other: Value, depth: int) -> Value:
    result = joined(one, other)
    if one.box and other.box and one.box != other.box:
        taints = state.everything(one, depth) | state.everything(other, depth)
        return result._replace(box=0, forms=((taints,),))
    return result
