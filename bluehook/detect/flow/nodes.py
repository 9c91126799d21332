"""The small language that functions are lowered to: every construct of Python 2 and 3 that matters to data flow.

Each node keeps the syntax node it came from (``at``), for its place and its text. Nothing here is interpreted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from tree_sitter import Node

    from bluehook.parse import Class, Function

Constant: TypeAlias = str | int | float | bool | None


class Const(NamedTuple):
    """A literal; bytes are read as Latin-1 text."""

    at: Node
    value: Constant


class Name(NamedTuple):
    """A variable."""

    at: Node
    id: str


class Attr(NamedTuple):
    """``of.name``; ``dotted`` is what the whole is called outside the file, empty when that is not known."""

    at: Node
    of: Expr
    name: str
    dotted: str


class Index(NamedTuple):
    """``of[key]``."""

    at: Node
    of: Expr
    key: Expr


class Slice(NamedTuple):
    """``of[lower:upper]``."""

    at: Node
    of: Expr
    lower: Expr | None
    upper: Expr | None


class Arg(NamedTuple):
    """One argument: its keyword (``*`` and ``**`` for unpacked ones) and its value."""

    keyword: str | None
    value: Expr


class Call(NamedTuple):
    """``callee(args)``; ``name`` and ``local`` as in :class:`bluehook.parse.Call`."""

    at: Node
    callee: Expr
    name: str
    local: bool
    args: tuple[Arg, ...]


class Joined(NamedTuple):
    """An f-string: constants and expressions in order, the latter with their format specification."""

    at: Node
    parts: tuple[tuple[Expr, str], ...]


class Binary(NamedTuple):
    """``left op right`` for arithmetic operators."""

    at: Node
    op: str
    left: Expr
    right: Expr


class Compare(NamedTuple):
    """``first op other op other ...``."""

    at: Node
    first: Expr
    rest: tuple[tuple[str, Expr], ...]


class Logic(NamedTuple):
    """``left and right``, ``left or right``."""

    at: Node
    op: str
    left: Expr
    right: Expr


class Unary(NamedTuple):
    """``op operand`` with ``not``, ``-``, ``+``, ``~``."""

    at: Node
    op: str
    operand: Expr


class Choice(NamedTuple):
    """``then if test else other``."""

    at: Node
    test: Expr
    then: Expr
    other: Expr


class Sequence(NamedTuple):
    """A list, tuple or set display; ``kind`` says which."""

    at: Node
    kind: str
    items: tuple[Expr, ...]


class Mapping(NamedTuple):
    """A dictionary display; an unpacked one has no key."""

    at: Node
    pairs: tuple[tuple[Expr | None, Expr], ...]


class Clause(NamedTuple):
    """``for target in iterable`` of a comprehension with the conditions behind it."""

    target: Expr
    iterable: Expr
    tests: tuple[Expr, ...]


class Comprehension(NamedTuple):
    """A comprehension or generator expression; ``key`` only for dictionaries."""

    at: Node
    kind: str
    key: Expr | None
    element: Expr
    clauses: tuple[Clause, ...]


class Lambda(NamedTuple):
    """A lambda with the names of its parameters."""

    at: Node
    parameters: tuple[str, ...]
    body: Expr


class Walrus(NamedTuple):
    """``name := value``."""

    at: Node
    name: str
    value: Expr


class Star(NamedTuple):
    """``*value`` in a display or on the left of an assignment."""

    at: Node
    value: Expr


class Other(NamedTuple):
    """Anything else: its parts are evaluated, its value is whatever they carry."""

    at: Node
    parts: tuple[Expr, ...]


Expr: TypeAlias = (
    Const
    | Name
    | Attr
    | Index
    | Slice
    | Call
    | Joined
    | Binary
    | Compare
    | Logic
    | Unary
    | Choice
    | Sequence
    | Mapping
    | Comprehension
    | Lambda
    | Walrus
    | Star
    | Other
)


class Assign(NamedTuple):
    """``targets = value``, with the operator of an augmented assignment."""

    at: Node
    targets: tuple[Expr, ...]
    value: Expr
    op: str = ""


class Evaluate(NamedTuple):
    """An expression for its effect."""

    at: Node
    value: Expr


class Return(NamedTuple):
    """``return value``."""

    at: Node
    value: Expr | None


class Leave(NamedTuple):
    """``raise``, ``break`` or ``continue``."""

    at: Node
    kind: str
    value: Expr | None = None


class If(NamedTuple):
    """``if``/``elif`` branches with their tests, and the ``else`` block."""

    at: Node
    branches: tuple[tuple[Expr, Block], ...]
    orelse: Block


class Loop(NamedTuple):
    """``for target in source`` or ``while source`` (no target)."""

    at: Node
    target: Expr | None
    source: Expr
    body: Block
    orelse: Block


class Try(NamedTuple):
    """``try`` with the names and bodies of its handlers."""

    at: Node
    body: Block
    handlers: tuple[tuple[str, Block], ...]
    orelse: Block
    final: Block


class With(NamedTuple):
    """``with value as target`` items and the body."""

    at: Node
    items: tuple[tuple[Expr, Expr | None], ...]
    body: Block


class Case(NamedTuple):
    """A ``case``: the constants it matches (``None`` when it is anything else), names it binds, guard, body."""

    constants: tuple[Constant, ...] | None
    names: tuple[str, ...]
    catches_all: bool
    guard: Expr | None
    body: Block


class Match(NamedTuple):
    """``match subject``."""

    at: Node
    subject: Expr
    cases: tuple[Case, ...]


class Assert(NamedTuple):
    """``assert test``."""

    at: Node
    test: Expr


class Delete(NamedTuple):
    """``del targets``."""

    at: Node
    targets: tuple[Expr, ...]


class Define(NamedTuple):
    """A nested function or class."""

    at: Node
    name: str
    what: Function | Class


class Outer(NamedTuple):
    """``global`` or ``nonlocal`` names."""

    at: Node
    names: tuple[str, ...]


Stmt: TypeAlias = Assign | Evaluate | Return | Leave | If | Loop | Try | With | Match | Assert | Delete | Define | Outer
Block = tuple[Stmt, ...]
