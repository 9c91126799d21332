"""Answers of earlier runs: by what was asked, and blockers by the slice of code that they are about.

An answer is found again when span, context, constitutions, models and prompt are the same. What was raised to a blocker
stays one until its slice changes in more than comments, whatever another model or another prompt would say: nobody is
to ask again until the answer pleases.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import msgspec

from bluehook.cache import Cache, key
from bluehook.check import structured
from bluehook.check.model import Answer, Asker, Form, Request, Ruling
from bluehook.check.source import bare
from bluehook.findings import Says


class Remembering:
    """An asker that asks another one only what was not answered before, by one of these ``models``.

    ``asked`` counts the questions, ``cached`` those that were answered from memory.
    """

    def __init__(self, asker: Asker, cache: Cache | None, models: Sequence[str]) -> None:
        self._asker = asker
        self._cache = cache
        self._models = ",".join(models)
        self._lock = threading.Lock()
        self.cached = 0
        self.asked = 0

    def ask(self, request: Request, form: type[Form]) -> Answer:
        """As :class:`Asker`."""
        name = key("asked", self._models, request.id)
        known = self._cache.get_many([name]).get(name) if self._cache is not None else None
        with self._lock:
            self.asked += 1
        if known is not None:
            try:
                found = msgspec.json.decode(known, type=_Kept)
                structured.read(found.text, form)
            except (msgspec.MsgspecError, ValueError):
                found = None
            if found is not None:
                with self._lock:
                    self.cached += 1
                return Answer(text=found.text, model=found.model, cached=True)
        answer = self._asker.ask(request, form)
        if not answer.problem and self._cache is not None:
            self._cache.put_many({name: msgspec.json.encode(_Kept(answer.text, answer.model))})
        return answer


class _Kept(msgspec.Struct, frozen=True):
    text: str
    model: str


def slice_name(path: str, symbol: str, weakness: str, raw: str) -> bytes:
    """What a blocker is remembered by: its place and the statements of its slice."""
    return key("raised by check", path.encode("utf-8", "surrogateescape"), symbol, weakness, bare(raw))


def raised(cache: Cache | None, name: bytes) -> Ruling | None:
    """What was raised under a name before, and stays so."""
    value = cache.get_many([name]).get(name) if cache is not None else None
    try:
        return msgspec.json.decode(value, type=Ruling) if value is not None else None
    except msgspec.MsgspecError:
        return None


def keep_raised(cache: Cache | None, name: bytes, ruling: Ruling) -> None:
    """Remember a ruling, if it raises."""
    if cache is not None and ruling.says is Says.RAISES:
        cache.put_many({name: msgspec.json.encode(ruling)})


def request_id(*parts: str) -> str:
    """The name of a question by all that it depends on."""
    return key("check", *parts).hex()[:32]
