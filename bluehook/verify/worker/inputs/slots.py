"""Slots: the places where a value enters the code under attack, and whose hand it comes from."""

from __future__ import annotations

import base64
import dataclasses
import json
import urllib.parse
from collections.abc import Callable
from typing import Any, ClassVar

from ..canary import Canaries

_MOST_SLOTS = 400
_MOST_CONSTANTS = 40
FEW = 2
"""What a number is where the code is to loop a few times only."""


@dataclasses.dataclass
class Slot:
    """One place where a value enters.

    ``name`` says it to people (``parameter 'name'``, ``request.args['q']``). ``trust`` is ``outside``, ``parameter``
    (composed or whole, which the sink tells) or ``assumed``. ``word`` and ``number`` are its benign values, unique
    enough to be found again in a sink's argument. ``constants`` are what the code compared it with, by operator;
    ``codecs`` what it was decoded with on its way, outermost first. ``rigid`` marks values that an attack must not
    replace: objects that the code calls methods of. ``digits`` marks text that the code made a number of,
    ``numeric`` a value that it used as a number as it came. ``iterated`` text that the code went through.
    ``shapes`` are texts that patterns take which the code held the value against, to be known again.
    ``strict``, for all slots, lets texts be no numbers; ``small`` lets them be small ones.
    """

    name: str
    trust: str
    word: str
    number: int
    kind: str = "text"
    constants: dict[str, list[Any]] = dataclasses.field(default_factory=dict)
    codecs: list[str] = dataclasses.field(default_factory=list)
    rigid: bool = False
    usual: str = ""
    strict: ClassVar[bool] = False
    small: ClassVar[bool] = False
    digits: bool = False
    numeric: bool = False
    iterated: bool = False
    shapes: list[str] = dataclasses.field(default_factory=list)

    @property
    def count(self) -> int:
        """What the code gets where it makes a number of the value: one to be known again, unless that is too large."""
        return FEW if Slot.small else self.number

    def compared(self, operator: str, other: Any) -> None:
        """Remember a comparison with a constant."""
        known = self.constants.setdefault(operator, [])
        if other not in known and len(known) < _MOST_CONSTANTS:
            known.append(other)


@dataclasses.dataclass
class Policy:
    """How stand-ins behave in one run.

    The truth of what unknown calls return; whether named files (and attributes that are only asked for) exist; whether
    the first unknown call raises; whether an unknown object holds whatever is looked for in it; whether what a document
    or a list holds are objects rather than texts; whether inputs and unknown objects are small numbers where they are
    taken for one (to be told apart they are large ones, which some code cannot count up to in time); which settings
    (variables of the environment, entries of files) are there that are only asked for; whether whoever sends a request
    is signed in; whether queries that find nothing in a database find a row.
    """

    truth: bool = True
    exists: bool = True
    raises: bool = False
    holds: bool = False
    deep: bool = False
    small: bool = False
    settings: frozenset[str] = frozenset()
    signed_in: bool = False
    rows: bool = False


class Inputs:
    """The values of one run, and the slots that all runs of a target have shown so far.

    ``errors`` are names that the code catches or raises, ``runners`` unknown functions that were seen to take commands.
    ``renewed`` are called when a run begins: they put new values in the place of what the code keeps from run to run.
    ``places`` are the marks that the code replaces in texts, ``invented`` whether a template was the harness's.
    ``unset`` are the variables of the environment that this run asked for in vain, in that order; ``settings`` those
    that were made up. ``unmade`` are the slots of records that take no values of ours.
    ``configured`` are made-up settings of a web framework or of a file, ``refused`` those that this run asked a file
    for in vain, with the line; ``stranger`` says that this run looked for what only the session of somebody who is
    signed in holds, ``rowless`` that a query found nothing.
    """

    def __init__(self, canaries: Canaries) -> None:
        self.canaries = canaries
        self.slots: dict[str, Slot] = {}
        self.assigned: dict[str, Any] = {}
        self.watching = False
        self.policy = Policy()
        self.calls: dict[str, int] = {}
        self.used: set[str] = set()
        self.errors: set[str] = set()
        self.runners: set[str] = set()
        self.renewed: list[Callable[[], None]] = []
        self.places: list[str] = []
        self.invented = False
        self.unset: dict[str, None] = {}
        self.settings: dict[str, Any] = {}
        self.unmade: set[str] = set()
        self.configured: dict[str, Any] = {}
        self.refused: dict[str, int] = {}
        self.stranger = self.rowless = False

    def begin(self, assigned: dict[str, Any], watching: bool, policy: Policy) -> None:
        """Start a run with these values for these slots; all others get their benign ones."""
        self.assigned = assigned
        self.watching = watching
        self.policy = policy
        Slot.strict = not policy.exists
        Slot.small = policy.small
        self.calls = {}
        self.used = set()
        self.unset = {}
        self.refused = {}
        self.stranger = self.rowless = False
        for renew in self.renewed:
            renew()
        self.invented = False

    def slot(self, name: str, trust: str, kind: str = "text") -> Slot:
        """The slot of this name, made when it is new."""
        self.used.add(name)
        found = self.slots.get(name)
        if found is None:
            found = Slot(name, trust, self.canaries.word(), self.canaries.amount(), kind)
            if len(self.slots) < _MOST_SLOTS:
                self.slots[name] = found
        return found

    def text(self, slot: Slot) -> str:
        """The value of a slot as text, encoded the way the code was seen to decode it."""
        usual = slot.usual or (str(slot.number) if slot.digits and not Slot.strict else slot.word)
        usual = str(slot.count) if usual == str(slot.number) else usual
        value = self.assigned.get(slot.name, usual)
        if isinstance(value, (bytes, bytearray)):
            value = bytes(value).decode("latin-1")
        text = str(value)
        for codec in reversed(slot.codecs):
            text = CODECS[codec](text)
        return text


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogateescape")).decode("ascii")


def _raw_base64(text: str) -> str:
    return base64.b64encode(text.encode("latin-1", "replace")).decode("ascii")


CODECS: dict[str, Callable[[str], str]] = {
    "base64": lambda text: _raw_base64(text) if all(ord(c) < 256 for c in text) else _base64(text),
    "urlsafe-base64": lambda text: CODECS["base64"](text).replace("+", "-").replace("/", "_"),
    "hex": lambda text: text.encode("latin-1", "replace").hex(),
    "url": urllib.parse.quote,
    "json": json.dumps,
}
"""How to undo a decoder: its name to the encoder."""
