"""What a probe is: the events it listens to, the attacks it builds for a sighting, the effect that it recognises.

A probe module has ``PROBES``, a list of objects with the interface of :class:`Probe`. Probes are found by name.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any, Protocol

from ..canary import Canaries
from ..drive.run import Run
from ..inputs.slots import Slot
from ..observe.record import Event

_SECRET = re.compile(
    r"pass(word|wd|phrase)s?(_|$)|pwd|secret|token|credential|sign(ature|ed)?(_|$)|auth|nonce|(?<![a-z])[th]?otp|csrf|"
    r"sess(ion)?_?(id|key|token|cookie|name|hash|secret)|(new|creat\w*|mak\w*|start|gen\w*|init|get)_?(\w+_)?session|"
    r"session$|salt|reset_?(code|link|url)|(api|encrypt\w*|crypto\w*|private|access)_?key|_key(_|$)|"
    r"key_?(gen|pair|file|material)|captcha|(?<![a-z])pin(_?(code|hash|number|no)|$)|certificate|_cert|verif|login|invit",
    re.I,
)
_ORDINARY = re.compile(
    r"tokeni[sz]|author(?!i)|(cache|sort|group|index|lookup|primary|foreign|storage|object|row|dict|map)_?key", re.I
)
"""Words with a secret's name in them that are none: parts of texts, people who write, names of entries."""
_CONSTANT = re.compile(r"(^|\.|\[')[A-Z][A-Z0-9]*(_[A-Z0-9]+)*('\])?$")


@dataclasses.dataclass
class Sighting:
    """A slot's canary seen in a sink's argument during a benign run.

    ``before`` and ``after`` are the argument's text around it: the context that a breakout has to fit. ``fixed`` is
    that context without what other slots put there: the code's own constants. ``beside`` are those other slots.
    """

    event: Event
    slot: Slot
    before: str
    after: str
    fixed: str
    numeric: bool = False
    beside: tuple[Slot, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether the argument is the value and nothing else."""
        return not self.before.strip() and not self.after.strip()


@dataclasses.dataclass
class Attack:
    """One value to put into the slot. ``mark`` is this attempt's own canary, ``note`` names the technique, ``mild``
    says that its effect is real but small."""

    value: Any
    mark: str
    note: str = ""
    mild: bool = False


@dataclasses.dataclass
class Scene:
    """What probes know of the run's surroundings: a directory of their own, files planted outside of it."""

    work: str
    outside: str


class Probe:
    """One weakness family at one sort of sink."""

    weakness = ""
    kinds: frozenset[str] = frozenset()
    assumed_will_do = False
    """Whether an effect is the function's own business even when the origin of its input is only assumed."""
    of_data = False
    """Whether the argument is a document by its nature, so that a function handing it on whole still answers for it."""
    by_convention = False
    """Whether the sink is one by convention only (a returned page or log line): then the ending is likely at most."""

    by_argument = True
    """Whether an argument that never changes says that no input gets there; what is bound to it may vary."""

    def relevant(self, sighting: Sighting) -> bool:
        """Whether the sighting is one that this family attacks."""
        return True

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """The values to try, most promising first."""
        raise NotImplementedError

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """One sentence on the effect that the attack had in this run; empty when it had none."""
        raise NotImplementedError

    def composed(self, sighting: Sighting) -> bool:
        """Whether the code joins the value with constants of its own in a way that claims to confine it."""
        return re.search(r"[A-Za-z]{2}", sighting.fixed) is not None

    def at_will(self, sighting: Sighting) -> bool:
        """Whether a parameter that breaks out reaches what it likes, not only what the code's own text leaves."""
        return True

    def answers_for(self, sighting: Sighting) -> bool:
        """Whether the function itself answers for a value that it hands on whole."""
        return self.of_data

    def written(self, attack: Attack) -> Any:
        """The value with which a test repeats the attack, where seconds rather than steps have to tell."""
        return attack.value

    def at_sink(self, run: Run, sighting: Sighting) -> list[Event]:
        """The run's events of these kinds: at the sighting's own line when there are any there."""
        events = [event for event in run.events if event.kind in self.kinds]
        return [event for event in events if event.line == sighting.event.line] or events


class Runner(Protocol):
    """What a relation is given to compare runs with."""

    constants: list[Any]

    def parameters(self) -> list[str]:
        """The names of the slots that are the function's parameters."""

    def outside(self) -> list[str]:
        """The names of the slots that come from outside."""

    def incoming(self) -> list[str]:
        """The names of the slots that come from outside or are a part of a parameter."""

    def compared(self) -> dict[str, list[Any]]:
        """What the code was seen to compare each slot with."""

    def run(self, values: dict[str, Any], counting: bool = False) -> Run:
        """One run with these values, the others benign. State that runs leave behind is put back. ``counting`` counts
        the lines that ran.
        """


class Relation:
    """A weakness that shows in how several runs relate."""

    weakness = ""

    def examine(self, runner: Runner) -> Iterator[tuple[str, dict[str, Any], str]]:
        """The slot, the values of the call that shows it, and one sentence on what was seen."""
        raise NotImplementedError


class UseProbe:
    """A weakness that is a use rather than a flow: recognised in any run, with nothing to attack."""

    weakness = ""
    kinds: frozenset[str] = frozenset()
    needs_context = False
    """Whether the use matters only where names say secret."""
    mild = False
    """Whether its harm is real but small, so that it is told and never held against the code."""

    def used(self, event: Event, run: Run) -> str:
        """One sentence on the weak use that the event shows; empty when it shows none."""
        raise NotImplementedError

    def over(self, events: list[tuple[Event, Run]]) -> Iterator[tuple[Event, str]]:
        """The weak uses among the events of all runs, each with its sentence."""
        for event, run in events:
            effect = self.used(event, run)
            if effect:
                yield event, effect


def is_constant(slot: Slot) -> bool:
    """Whether the slot stands for a constant that the code at hand lacks: a name or a key of a setting in capitals."""
    return _CONSTANT.search(slot.name) is not None


def says_secret(name: str) -> bool:
    """Whether a name says that what it is about is a secret."""
    return _SECRET.search(_ORDINARY.sub("", name)) is not None


def quote_context(before: str) -> str:
    """The quote character that is open at the end of the text, or an empty string."""
    quote = ""
    skip = False
    for char in before:
        if skip:
            skip = False
        elif char == "\\":
            skip = True
        elif quote:
            quote = "" if char == quote else quote
        elif char in "'\"`":
            quote = char
    return quote
