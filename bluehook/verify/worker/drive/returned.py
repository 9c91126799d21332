"""What comes back from a call: taken to its end, and told as an event."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import itertools
import os
import ssl
from typing import Any

from ..inputs.standin import Standin
from ..observe import handshake
from ..observe.record import RECORDER, Event, as_text
from . import response
from .load import Target
from .run import Run

_MOST_ITEMS = 20
_SAFE = {"SafeString", "SafeText", "Markup", "HTML", "literal"}
"""Classes of texts that say of themselves that they are HTML, so that no template escapes them."""


def finished(result: Any) -> Any:
    """The result with what it still has to do done: coroutines awaited, generators drained."""
    if isinstance(result, Standin):
        return result
    if inspect.iscoroutine(result):
        return finished(asyncio.run(result))
    if inspect.isgenerator(result):
        return list(itertools.islice(result, _MOST_ITEMS))
    if inspect.isasyncgen(result):
        return asyncio.run(_drained(result))
    if _is_to_enter(type(result)):
        with result as entered:
            return entered
    return result


def _is_to_enter(kind: type) -> bool:
    """Whether what came back does its work when it is entered: the project's own context managers."""
    if kind is contextlib._GeneratorContextManager:
        return True
    code = getattr(inspect.getattr_static(kind, "__enter__", None), "__code__", None)
    return code is not None and RECORDER.is_project(code.co_filename)


async def _drained(generator: Any) -> list[Any]:
    items = []
    async for item in generator:
        items.append(item)
        if len(items) >= _MOST_ITEMS:
            break
    return items


def tell(result: Run, target: Target) -> None:
    """Tell what came back as an event at the function's definition."""
    value = result.returned
    if value is None or isinstance(value, bool):
        return
    place = response.place_of(target.function, target.node)
    if isinstance(value, ssl.SSLContext) and not target.parameters() and target.kind in ("function", "static"):
        accepted = handshake.taken(value)  # what nobody can ask to be otherwise
        if accepted:
            result.events.append(Event("tls", handshake.told_of(accepted), place, {"accepted": accepted}, False))
        return
    answer = None if isinstance(value, Standin) else response.parts(value)
    if answer is not None:
        response.told(result, place, *answer)
        return
    kind = type(value).__name__
    if isinstance(value, str) and kind in _SAFE:
        result.events.append(Event("markup", str(value), place, {"type": kind}, False))
        return
    for part in _parts(value):
        event = Event("return", as_text(part), place, {"type": kind, "value": part}, isinstance(part, Standin))
        result.events.append(event)


def _parts(value: Any) -> list[Any]:
    """The texts in a returned value, one level deep."""
    if isinstance(value, dict):
        return [one for one in list(value.values())[:_MOST_ITEMS] if isinstance(one, (str, bytes))] or [value]
    if isinstance(value, (list, tuple, set)):
        return [one for one in list(value)[:_MOST_ITEMS] if isinstance(one, (str, bytes, os.PathLike))] or [value]
    return [value]
