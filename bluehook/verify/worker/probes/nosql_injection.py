"""NoSQL injection: the input brings an operator into a query document, or code of its own into its script."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..canary import Canaries
from ..drive.run import Run
from .base import Attack, Probe, Scene, Sighting, quote_context
from .queries import expression

_SCRIPTS = ("$where", "$function", "$accumulator", "mapReduce")


def nested(document: Any) -> Iterator[tuple[Any, Any]]:
    """Every key of a document with its value, at any depth."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield key, value
            yield from nested(value)
    elif isinstance(document, (list, tuple)):
        for value in document:
            yield from nested(value)


class Operator(Probe):
    """A value that stands in a query document. A form or a query string holds text only; JSON holds objects."""

    weakness = "nosql-injection"
    kinds = frozenset({"nosql"})
    by_argument = False

    def relevant(self, sighting: Sighting) -> bool:
        """Input from outside: whoever calls a function chooses the types that it gets."""
        return sighting.slot.trust == "outside"

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """Operators in the place of the value: with ``$ne`` and ``$gt`` every password is right."""
        for operator in ("$ne", "$gt", "$regex", "$in"):
            mark = canaries.word()
            yield Attack({operator: [mark] if operator == "$in" else mark}, mark, f"{operator} in the place of a value")

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """The operator stands in the document as a key."""
        for event in self.at_sink(run, sighting):
            for key, value in nested(event.details["document"]):
                if isinstance(key, str) and key in attack.value and attack.mark in str(value):
                    return f"the query became {event.text[:300]}: {key} is the input's own"
        return ""

    def composed(self, sighting: Sighting) -> bool:
        """A document confines nothing."""
        return False


class Script(Probe):
    """A value that becomes part of a script in a query document."""

    weakness = "nosql-injection"
    kinds = frozenset({"nosql"})
    assumed_will_do = True

    def relevant(self, sighting: Sighting) -> bool:
        """The document has a script with the value in it."""
        return bool(_script(sighting.event.details["document"], sighting.slot.word))

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """Close the literal and add a condition."""
        quote = quote_context(_script(sighting.event.details["document"], sighting.slot.word).partition(
            sighting.slot.word)[0])  # fmt: skip
        for shape in (f"{quote} || {quote}{{m}}{quote}=={quote}{{m}}", f"{quote};{{m}}();{quote}", "0 || {m}()"):
            mark = canaries.word()
            yield Attack(shape.format(m=mark), mark, "leave the literal")

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """The script has other tokens than with a benign value."""
        expected = expression(_script(sighting.event.details["document"], sighting.slot.word))
        for event in self.at_sink(run, sighting):
            found = _script(event.details["document"], attack.mark)
            if found and expression(found) != expected:
                return f"the script in the query became {found[:300]!r}"
        return ""

    def composed(self, sighting: Sighting) -> bool:
        """The script has text of the code's own around the value."""
        return _script(sighting.event.details["document"], sighting.slot.word) != sighting.slot.word


def _script(document: Any, word: str) -> str:
    """The script of the document in which the word stands."""
    for key, value in nested(document):
        if key in _SCRIPTS and word in str(value):
            return str(value)
    return ""


PROBES = [Operator(), Script()]
