"""What the interpreter knows of a value: the text it is composed of, where its parts come from, what it is.

A text is a *form*: constants and holes in order. A hole is the set of taints that may stand there, empty where nothing
is known. A value has a few alternative forms, one for each way to it, so that ``"a" + x`` on one branch and ``"b"`` on
the other stay apart.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from tree_sitter import Node

    from bluehook.detect.flow.nodes import Constant, Lambda
    from bluehook.parse import Class, Function

MOST_FORMS = 6
MOST_PIECES = 40
LONGEST_TEXT = 4000
LONGEST_TRACE = 12
ANY = "*"
"""The mark of what no sink need fear: a number, a value from a table of constants."""
BETWEEN_TAGS = "between-tags"
"""The mark of a text whose angle brackets are escaped and whose quotes are not."""


class Trust(enum.IntEnum):
    """Whose hand a value comes from, the most dangerous last."""

    ASSUMED = 0
    """Attributes of ``self``, globals, results of unknown calls."""
    PARAMETER = 1
    """A parameter of a function that nothing outside is seen to call."""
    WEAK = 2
    """Files, archives, replies of other hosts, rows, command lines: often but not always an attacker's."""
    OUTSIDE = 3
    """A part of a request or a message."""


class Trail(NamedTuple):
    """The way of a taint, last station first."""

    at: Node
    before: Trail | None
    length: int


class Taint:
    """One origin that a value carries, and what was done about it on the way.

    ``slot`` names the origin so that a check of one copy counts for the others; ``clean`` are the weaknesses that it
    can no longer cause, ``doubt`` those that something called a check was made for. Two taints are equal whatever way
    they came.
    """

    __slots__ = ("_hash", "clean", "doubt", "slot", "source", "trail", "trust")

    def __init__(
        self, slot: str, source: str, trust: Trust, trail: Trail | None,
        clean: frozenset[str] = frozenset(), doubt: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        self.slot = slot
        self.source = source
        self.trust = trust
        self.trail = trail
        self.clean = clean
        self.doubt = doubt
        self._hash = hash((slot, trust, clean, doubt))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Taint)
            and self._hash == other._hash
            and (self.slot, self.trust, self.clean, self.doubt) == (other.slot, other.trust, other.clean, other.doubt)
        )

    def step(self, at: Node) -> Taint:
        """The same taint one station further."""
        trail = self.trail
        if trail is not None and (trail.length >= LONGEST_TRACE or trail.at == at):
            return self
        length = trail.length + 1 if trail is not None else 1
        return Taint(self.slot, self.source, self.trust, Trail(at, trail, length), self.clean, self.doubt)

    def marked(self, clean: frozenset[str], doubt: frozenset[str] = frozenset()) -> Taint:
        """The same taint after a sanitizer (or what is called one)."""
        if clean <= self.clean and doubt <= self.doubt:
            return self
        return Taint(self.slot, self.source, self.trust, self.trail, self.clean | clean, self.doubt | doubt)

    def part(self, name: str, source: str | None = None) -> Taint:
        """An attribute or item of it, an origin of its own."""
        slot = self.slot + name
        return Taint(slot, source or self.source, self.trust, self.trail, self.clean, self.doubt)


Hole = frozenset[Taint]
Piece: TypeAlias = str | Hole
Form = tuple[Piece, ...]
NOTHING: Hole = frozenset()
OPEN: Form = (NOTHING,)


class Unknown(enum.Enum):
    """The type of :data:`UNKNOWN`."""

    UNKNOWN = 0


UNKNOWN = Unknown.UNKNOWN
"""In the place of a constant: it is not known."""


class Local(NamedTuple):
    """A function or class of the file as a value; a method has its object."""

    what: Function | Class | Lambda
    owner: Value | None = None


class Value(NamedTuple):
    """An abstract value.

    ``const`` is the constant where it is one, ``kind`` a word for what it is (``number``, ``request``, ``url``,
    ``path``, ...), ``box`` the number of its contents in the heap, ``local`` the function or class it is, ``of`` the
    dotted name of what made it (``sqlite3.connect()``).
    """

    forms: tuple[Form, ...] = (OPEN,)
    const: Constant | Unknown = UNKNOWN
    kind: str = ""
    box: int = 0
    local: Local | None = None
    of: str = ""

    @property
    def text(self) -> str | None:
        """The constant text, where it is one."""
        return self.const if isinstance(self.const, str) else None

    @property
    def is_constant(self) -> bool:
        """Whether its value is known."""
        return self.const is not UNKNOWN

    def taints(self) -> Iterator[Taint]:
        """Every taint of every form."""
        for form in self.forms:
            for piece in form:
                if not isinstance(piece, str):
                    yield from piece

    def hole(self) -> Hole:
        """All its taints in one hole."""
        if len(self.forms) == 1 and len(self.forms[0]) == 1 and not isinstance(self.forms[0][0], str):
            return self.forms[0][0]
        return frozenset(self.taints())

    def prefix(self) -> str:
        """The constant beginning that all forms share; empty where there is none."""
        firsts = [form[0] if form and isinstance(form[0], str) else "" for form in self.forms]
        return firsts[0] if len(set(firsts)) == 1 else ""


def constant(value: Constant) -> Value:
    """A known value; texts are forms of themselves."""
    if isinstance(value, str):
        return Value(forms=((value[:LONGEST_TEXT],) if value else (),), const=value)
    kind = "number" if isinstance(value, (int, float)) else ""
    return Value(forms=((str(value),),), const=value, kind=kind)


NONE = constant(None)
NOWHERE = Value()
"""Not known, and of nobody's hand."""


def tainted(*taints: Taint, kind: str = "", of: str = "") -> Value:
    """A value that is one hole."""
    return Value(forms=((frozenset(taints),),), kind=kind, of=of)


def opened(hole: Hole, kind: str = "", of: str = "") -> Value:
    """A value of which only the taints are known."""
    return Value(forms=((hole,),), kind=kind, of=of) if hole or kind or of else NOWHERE


def with_forms(forms: Iterable[Form], kind: str = "") -> Value:
    """A text of these alternatives, a constant where there is but one and it has no hole."""
    distinct = tuple(dict.fromkeys(tidy(form) for form in forms))
    if not distinct:
        return NOWHERE
    if len(distinct) > MOST_FORMS:
        distinct = (*distinct[: MOST_FORMS - 1], collapse(distinct[MOST_FORMS - 1 :]))
    if len(distinct) == 1 and all(isinstance(piece, str) for piece in distinct[0]):
        return Value(forms=distinct, const="".join(p for p in distinct[0] if isinstance(p, str)), kind=kind)
    return Value(forms=distinct, kind=kind)


def tidy(form: Form) -> Form:
    """Neighbouring constants in one, and no more pieces than make sense."""
    found: list[Piece] = []
    for piece in form:
        if isinstance(piece, str):
            if not piece:
                continue
            if found and isinstance(found[-1], str):
                found[-1] = (found[-1] + piece)[:LONGEST_TEXT]
                continue
        found.append(piece)
    if len(found) > MOST_PIECES:
        rest: Hole = frozenset(taint for piece in found[MOST_PIECES:] if not isinstance(piece, str) for taint in piece)
        found[MOST_PIECES:] = [rest]
    return tuple(found)


def collapse(forms: Iterable[Form]) -> Form:
    """One form that may be any of these: their common beginning, then a hole with all their taints."""
    forms = list(forms)
    taints = frozenset(taint for form in forms for piece in form if not isinstance(piece, str) for taint in piece)
    firsts = [form[0] if form and isinstance(form[0], str) else "" for form in forms]
    shared = firsts[0] if firsts and len(set(firsts)) == 1 else ""
    return (shared, taints) if shared else (taints,)


def concatenated(values: Iterable[Value]) -> Value:
    """The texts one behind the other, in every combination that is worth it."""
    forms: list[Form] = [()]
    for value in values:
        others = value.forms
        if len(forms) * len(others) > MOST_FORMS:
            others = (collapse(others),) if len(others) > 1 else others
            forms = forms if len(forms) * len(others) <= MOST_FORMS else [collapse(forms)]
        forms = [left + right for left in forms for right in others]
    return with_forms(forms)


def merged(values: Iterable[Value]) -> Value:
    """One value with all the taints of several, nothing else known."""
    return opened(frozenset(taint for value in values for taint in value.taints()))


def joined(one: Value, other: Value) -> Value:
    """What is either; boxes are the heap's to join."""
    if one == other:
        return one
    forms = tuple(dict.fromkeys((*one.forms, *other.forms)))
    if len(forms) > MOST_FORMS:
        forms = (*forms[: MOST_FORMS - 1], collapse(forms[MOST_FORMS - 1 :]))
    return Value(
        forms=forms,
        const=one.const if one.const is other.const or (one.const == other.const and one.is_constant) else UNKNOWN,
        kind=one.kind if one.kind == other.kind else (one.kind or other.kind if _is_none(one, other) else ""),
        box=one.box or other.box,
        local=one.local if one.local == other.local else None,
        of=one.of if one.of == other.of else (one.of or other.of if _is_none(one, other) else ""),
    )


def _is_none(one: Value, other: Value) -> bool:
    return one.const is None or other.const is None


def changed(value: Value, change: Changer) -> Value:
    """The same value with every taint replaced."""
    if not any(not isinstance(piece, str) and piece for form in value.forms for piece in form):
        return value
    forms = tuple(
        tuple(piece if isinstance(piece, str) else frozenset(change(taint) for taint in piece) for piece in form)
        for form in value.forms
    )
    return value._replace(forms=forms)


class Changer:
    """A function from taint to taint; with ``slot`` only taints of that slot change."""

    __slots__ = ("_at", "_clean", "_doubt", "_slot")

    def __init__(
        self, *, at: Node | None = None, clean: Iterable[str] = (), doubt: Iterable[str] = (), slot: str | None = None
    ) -> None:
        self._at = at
        self._clean = frozenset(clean)
        self._doubt = frozenset(doubt)
        self._slot = slot

    def __call__(self, taint: Taint) -> Taint:
        """The taint after the change."""
        if self._slot is not None and taint.slot != self._slot:
            return taint
        if self._at is not None and taint.trust > Trust.ASSUMED:
            taint = taint.step(self._at)
        return taint.marked(self._clean, self._doubt) if self._clean or self._doubt else taint


def cleaned(value: Value, *weaknesses: str) -> Value:
    """After a sanitizer for these weaknesses."""
    return changed(value, Changer(clean=weaknesses))
