"""Secrets that are kept or written where they can be read: in logs, and passwords as they came in a database."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..canary import Canaries
from ..drive.run import Run
from .base import Attack, Probe, Scene, Sighting

_SECRET = re.compile(r"(?i)(?:pass(?:word|wd|phrase)|pwd|secret|api_?key|private_?key|access_?token|auth_?token|"
                     r"credit_?card|card_?number|cvv|ssn)s?'?\]?$")  # fmt: skip
_PASSWORD = re.compile(r"(?i)pass(?:word|wd|phrase)'?\]?$")
_STORES = re.compile(r"(?is)^\s*(insert|replace|update)\b.*\bpass(word|wd|phrase)?\b")


class Verbatim(Probe):
    """A value that must not arrive as it came."""

    by_convention = True
    by_argument = False

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """A value to find again."""
        mark = canaries.word()
        yield Attack(mark, mark, "a secret to find again")

    def composed(self, sighting: Sighting) -> bool:
        """What is secret by its name is so whoever calls."""
        return True


class LoggedSecret(Verbatim):
    """A password or a key in a log record."""

    weakness = "information-exposure"
    kinds = frozenset({"log"})

    def relevant(self, sighting: Sighting) -> bool:
        """The input's own name says secret."""
        return _SECRET.search(sighting.slot.name) is not None

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """It stands in the record."""
        for event in self.at_sink(run, sighting):
            if attack.mark in event.text:
                return f"the value of {sighting.slot.name} was logged: {event.text[:200]!r}"
        return ""


class StoredPassword(Verbatim):
    """A password out of a request that a statement stores."""

    weakness = "plaintext-password"
    kinds = frozenset({"sql"})

    def relevant(self, sighting: Sighting) -> bool:
        """From outside, so that nobody hashed it before."""
        stores = _STORES.search(sighting.event.text) is not None
        return stores and sighting.slot.trust == "outside" and _PASSWORD.search(sighting.slot.name) is not None

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """It is stored as it came."""
        for event in self.at_sink(run, sighting):
            if attack.mark in event.text + repr(event.details.get("parameters")):
                return f"the password was stored as it came: {event.text[:200]!r}"
        return ""


PROBES = [LoggedSecret(), StoredPassword()]
