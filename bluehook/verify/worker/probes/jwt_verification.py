"""JSON web tokens: one signed with another key, and one that says it needs no signature, are accepted."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator

from ..canary import Canaries
from ..drive.run import Run
from .base import Attack, Probe, Scene, Sighting


def _part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def forged(mark: str, algorithm: str) -> str:
    """A token with the mark as its subject, signed with a key that nobody knows, or not at all."""
    head = _part(json.dumps({"alg": algorithm, "typ": "JWT"}).encode("ascii"))
    body = _part(json.dumps({"sub": mark, "exp": 4_000_000_000}).encode("ascii"))
    key = hashlib.sha256(b"attacker" + mark.encode("ascii")).digest()
    signed = f"{head}.{body}".encode("ascii")
    signature = "" if algorithm == "none" else _part(hmac.new(key, signed, hashlib.sha256).digest())
    return f"{head}.{body}.{signature}"


class Token(Probe):
    """A value that is decoded as a token."""

    weakness = "jwt-verification"
    kinds = frozenset({"jwt"})
    of_data = True

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """Both forgeries."""
        for algorithm in ("none", "HS256"):
            mark = canaries.word()
            yield Attack(forged(mark, algorithm), mark, f"a forged token with algorithm {algorithm}")

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """Its content was accepted."""
        if any(event.kind == "jwt.accepted" and attack.mark in event.text for event in run.events):
            return f"{attack.note} was accepted"
        return ""

    def composed(self, sighting: Sighting) -> bool:
        """Decoding a token claims to verify it, whoever calls."""
        return True


PROBES = [Token()]
