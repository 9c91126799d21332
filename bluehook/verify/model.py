"""What the host knows of an attack: whom it is for, and what the worker said of it, checked before it is believed.

The worker's side of the words is ``worker/protocol.py``; a test holds the two together. The worker runs code of
strangers, so whatever comes from it is data: its shape is checked here, its file names are kept inside the project.
"""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any, Literal, TypeVar

import msgspec

TARGET_SECONDS = 4.0
"""What one target is given. Nearly all need less than one; the rest are slow imports and loops."""

Ending = Literal["proven", "likely", "neutralised", "insensitive", "unreached", "failed"]
Trust = Literal["outside", "composed", "whole", "assumed"]
_Kind = TypeVar("_Kind")
Json = str | int | float | bool | None | list[Any] | dict[str, Any]


class Sink(msgspec.Struct, frozen=True):
    """A line that attacks may end in, and the name of what is called there."""

    line: int
    name: str = ""


class Station(msgspec.Struct, frozen=True):
    """A function on the way to another one, and the line from which it calls on."""

    path: str
    line: int
    function: str


class About(msgspec.Struct, frozen=True):
    """A function that another one is attacked for: its file, first and last line, and the stations on the way to it,
    the one that is attacked first.
    """

    path: str
    first: int
    last: int
    way: tuple[Station, ...] = ()

    def holds(self, path: str, line: int) -> bool:
        """Whether a place lies in the function."""
        return path == self.path and self.first <= line <= self.last


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """One function to attack.

    ``path`` is relative to the root, ``function`` the name as ``__qualname__`` spells it. ``weaknesses`` are those
    that something speaks for; all probes run in any case, unless ``only`` names some. ``entry`` is what the parse
    knows of how the world outside gets here (``framework``, ``route``, ``methods``), ``lines`` are the function's
    first and last. ``about`` are functions that it is attacked for, when it is a way to their sinks; none when it is
    attacked for its own. ``rank`` orders targets: smaller first.
    """

    path: str
    function: str
    lines: tuple[int, int] = (1, 1)
    weaknesses: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    sinks: tuple[Sink, ...] = ()
    entry: dict[str, Any] = {}
    about: tuple[About, ...] = ()
    rank: tuple[float, ...] = ()

    @property
    def name(self) -> str:
        """``FILE::FUNCTION``, as the command line takes it."""
        return f"{self.path}::{self.function}"


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How the attack on one sink by one family ended: ``protocol.Outcome`` as the host takes it."""

    weakness: str
    ending: Ending
    trust: Trust = "assumed"
    slot: str = ""
    call: str = ""
    payload: str = ""
    effect: str = ""
    attempts: int = 0
    spellings: int = 0
    reached: int = 0
    control: bool = False
    where: str = ""
    sink: str = ""
    sink_line: int = 0
    evidence: dict[str, Json] = {}

    def file(self, target: Target) -> str:
        """The file of the sink; the target's own where the worker named none inside the project."""
        named = self.evidence.get("file")
        if not isinstance(named, str) or not named:
            return target.path
        path = PurePosixPath(named)
        return target.path if path.is_absolute() or ".." in path.parts else str(path)


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """All that came of one request: ``protocol.Reply`` as the host takes it.

    ``loaded`` are the project's files and folders that the answer depends on, ``None`` when the worker cannot tell;
    ``modules`` are installed ones that its code imports.
    """

    id: str
    outcomes: list[Outcome] = []
    timings: dict[str, float] = {}
    problem: str = ""
    loaded: list[str] | None = None
    modules: list[str] = []


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """The worker's first line: its Python version, and the weaknesses that it has probes for."""

    ready: bool
    python: str = ""
    families: list[str] = []


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """A target and what the worker said of it; ``seconds`` is the time that it was given.

    ``fed`` tells of parameters what the project's own calls hand over: ``constants`` only, or ``values``; parameters
    of functions that nothing in the project calls are not in it. ``ways`` are functions that this one leads to, for
    one that was attacked for its own. ``checked`` are the weaknesses of which every way into the function was attacked
    and let nothing through.
    """

    target: Target
    reply: Reply
    seconds: float = 0.0
    fed: dict[str, Literal["constants", "values"]] = {}
    ways: tuple[About, ...] = ()
    checked: tuple[str, ...] = ()


def reply_from(line: bytes) -> Reply:
    """The reply in a line of the worker's. Raises ``ValueError`` for anything else."""
    return _read(line, Reply)


def ready_from(line: bytes) -> Ready:
    """The worker's first line. Raises ``ValueError`` for anything else."""
    return _read(line, Ready)


def _read(line: bytes, kind: type[_Kind]) -> _Kind:
    # msgspec's own decoder refuses the lone surrogates that payloads and file names may hold.
    try:
        return msgspec.convert(_clean(json.loads(line)), kind)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the worker's answer is not in order: {error}") from None


def _clean(value: Any) -> Any:
    """The value with every text in it fit for UTF-8."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {_clean(key): _clean(item) for key, item in value.items()}
    return value
