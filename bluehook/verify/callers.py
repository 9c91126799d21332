"""Who calls a function: where the attack on it showed nothing that counts, its callers may feed it from outside.

A function that hands its parameter whole to a sink does what its caller asks; the proof, if there is one, goes through
the caller, or through the caller's caller, in whatever file it stands. Calls are matched by their resolved name, so
that another function of the same name is not meant; methods of objects whose class is not in sight are not followed.
A wrong guess costs time only: what counts is what happens in the function when the caller is attacked.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple

import msgspec

from bluehook.config import DEFAULT_FOLDERS
from bluehook.findings import SourceFile
from bluehook.parse import Call, Class, ParsedFile, is_constant, parse
from bluehook.verify import plan
from bluehook.verify.model import About, Attempt, Station, Target
from bluehook.verify.outcome import callers_choice

_MOST_FILES = 5_000
_LARGEST = 1024 * 1024
_MOST_CALLERS = 8
"""Functions that are attacked for one other: the first ways in are as good as the hundredth."""

_DEEPEST = 4
"""Calls between an entry point and the function that it is attacked for."""

_NEAR = 2
"""Calls within which a caller is attacked that is no entry point: it may join its own text to what it hands on."""

_MADE = re.compile(r"(?:\w+\.)*(\w+)\(.*\)\Z", re.DOTALL)

_SHOWS_OFF = re.compile(r"(^|/|_)(tests?|testing|conftest|demos?|examples?|main|docs|benchmarks?)(_|/|\.py|$)")
"""Where functions are called with constants to try or to show them."""

_TRIES = re.compile(r"(^|/)(tests?|testing)/|(^|/)(test_\w+|\w+_tests?|tests?|conftest)\.py$")
"""Tests, which are nobody's way in: what they hand over they have made up."""

_MOST_READ = 200
"""Files that are read to see what a function's parameters are given."""

_WIDEST = 24
"""Functions of one level whose callers are looked for."""

_CALLED = re.compile(rb"\b([A-Za-z_]\w*)(?:\s*\(|\s+as\b)")
"""Names that are called, or that get another name under which they may be."""


def unsettled(attempts: Iterable[Attempt]) -> list[Target]:
    """The functions with a sink whose attack neither proved nor cleared anything in them, and that are no entry."""
    return [
        attempt.target
        for attempt in attempts
        if attempt.target.sinks
        and not attempt.target.entry
        and not attempt.target.about
        and not _is_settled(attempt)
        and attempt.target.function != plan.MODULE
    ]


def fed(attempts: Iterable[Attempt], project: Project, deadline: float | None = None) -> list[Attempt]:
    """The attempts, those with an effect through a parameter with what the project's calls hand over for it."""
    return [
        msgspec.structs.replace(attempt, fed=project.feeds(attempt.target))
        if _has_effect(attempt) and (deadline is None or time.monotonic() < deadline)
        else attempt
        for attempt in attempts
    ]


def _has_effect(attempt: Attempt) -> bool:
    return not attempt.target.entry and any(
        outcome.ending in ("proven", "likely") and outcome.trust != "outside" and outcome.slot.startswith("parameter ")
        for outcome in attempt.reply.outcomes
    )


def checked(attempts: Sequence[Attempt], project: Project, deadline: float | None = None) -> list[Attempt]:
    """The attempts, those with an effect through a parameter with the weaknesses that no way to them lets in.

    That is so where all functions that call one are entry points, or lead to it from one, and an attack on each of
    these arrived at its sink without effect, or was turned away before it while harmless values passed.
    """
    return [
        msgspec.structs.replace(attempt, checked=tuple(sorted(_let_in_by_none(attempt, attempts, project))))
        if _has_effect(attempt) and (deadline is None or time.monotonic() < deadline)
        else attempt
        for attempt in attempts
    ]


def _let_in_by_none(attempt: Attempt, attempts: Sequence[Attempt], project: Project) -> set[str]:
    """The weaknesses that the attempt showed and the attacks on its callers did not."""
    target = attempt.target
    shown = {each.weakness for each in attempt.reply.outcomes if each.ending in ("proven", "likely")}
    covered: dict[str, set[str]] = {weakness: set() for weakness in shown}
    for other in attempts:
        about = next((each for each in (*other.target.about, *other.ways) if _is_about(each, target)), None)
        if about is None or not other.target.entry:
            continue
        for outcome in other.reply.outcomes:
            if outcome.weakness not in covered or not about.holds(outcome.file(other.target), outcome.sink_line):
                continue
            if outcome.ending in ("proven", "likely"):
                shown.discard(outcome.weakness)
            elif outcome.ending in ("neutralised", "insensitive"):
                covered[outcome.weakness] |= {f"{each.path}::{each.function}" for each in about.way}
                covered[outcome.weakness].add(other.target.name)
    callers = {caller.name for caller, _ in project.callers(target)}
    return {weakness for weakness in shown if callers and callers <= covered[weakness]}


def _is_about(about: About, target: Target) -> bool:
    return about.path == target.path and (about.first, about.last) == target.lines


def of(targets: Iterable[Target], project: Project, deadline: float | None = None) -> list[Target]:
    """The functions of the project through which these are called, entry points first, each with what it is attacked
    about and the calls on the way.

    :param deadline: on the monotonic clock, when looking for more ends.
    """
    found: dict[str, Target] = {}
    for target in targets:
        if deadline is not None and time.monotonic() > deadline:
            break
        for way in _ways(project, target, deadline):
            _note(way, target, found)
    return sorted(found.values(), key=lambda target: (not target.entry, target.path, target.lines))


def leading(attempt: Attempt, found: Target | None) -> Attempt:
    """The attempt, with where it leads if it is a way to another function: ``found`` is what :func:`of` says of it."""
    return attempt if found is None else msgspec.structs.replace(attempt, ways=found.about)


def _is_settled(attempt: Attempt) -> bool:
    first, last = attempt.target.lines
    return any(
        outcome.ending in ("proven", "neutralised", "insensitive")
        and first <= outcome.sink_line <= last
        and not callers_choice(attempt, outcome)
        for outcome in attempt.reply.outcomes
        if outcome.weakness in attempt.target.weaknesses
    )


class _Way(NamedTuple):
    """A function that leads to another one: its target, and the stations from it on."""

    start: Target
    stations: tuple[Station, ...]


def _ways(project: Project, target: Target, deadline: float | None) -> list[_Way]:
    """The ways to a function that are worth an attack, entry points first, then the shortest."""
    level = [_Way(target, ())]
    seen = {target.name}
    kept: list[_Way] = []
    for depth in range(1, _DEEPEST + 1):
        above: list[_Way] = []
        for way in level[:_WIDEST]:
            if deadline is not None and time.monotonic() > deadline:
                break
            for caller, station in project.callers(way.start):
                if caller.name not in seen:
                    seen.add(caller.name)
                    above.append(_Way(caller, (station, *way.stations)))
        kept += [way for way in above if way.start.entry or depth <= _NEAR]
        level = [way for way in above if not way.start.entry]
    return sorted(kept, key=lambda way: (not way.start.entry, len(way.stations)))[:_MOST_CALLERS]


def _note(way: _Way, target: Target, found: dict[str, Target]) -> None:
    about = About(target.path, *target.lines, way.stations)
    known = found.get(way.start.name, way.start)
    found[known.name] = msgspec.structs.replace(
        known,
        about=(*known.about, about),
        weaknesses=tuple(sorted({*known.weaknesses, *target.weaknesses})),
        sinks=(*known.sinks, *target.sinks),
    )


class Project:
    """The files of a project, by what is called in them; each is read and parsed when a caller is looked for in it.

    ``contents`` is the text of files that differs from what stands below ``root``, by path.
    """

    def __init__(self, root: Path, contents: Mapping[str, bytes]) -> None:
        self._root = root
        self._contents = contents
        self._parsed: dict[str, ParsedFile] = {}
        self._known: dict[str, list[tuple[Target, Station]]] = {}

    def callers(self, target: Target) -> list[tuple[Target, Station]]:
        """The functions that call this one, each with the place of the first call."""
        if target.name not in self._known:
            self._known[target.name] = list(self._callers(target))
        return self._known[target.name]

    def _callers(self, target: Target) -> Iterator[tuple[Target, Station]]:
        name = target.function.rpartition(".")[2]
        told: set[str] = set()
        for path in self._by_name.get(name.encode(), ()):
            if _TRIES.search(path) and not _TRIES.search(target.path):
                continue
            file = self._file(path)
            for call in file.calls:
                caller = call.enclosing
                if call.name.rpartition(".")[2] != name or caller is None or "<lambda>" in caller.qualname:
                    continue
                if caller.qualname not in told and _means(file, call, target):
                    told.add(caller.qualname)
                    station = Station(path, call.location.line, caller.qualname)
                    yield plan.single(file, caller, ()), station

    def feeds(self, target: Target) -> dict[str, Literal["constants", "values"]]:
        """What the calls of a function hand over for each of its parameters; empty when nothing calls it."""
        own = next((f for f in self._file(target.path).functions if f.qualname == target.function), None)
        name = target.function.rpartition(".")[2]
        calls = [
            call
            for path in self._by_name.get(name.encode(), ())[:_MOST_READ]
            if not _SHOWS_OFF.search(path)
            for call in self._file(path).calls
            if call.name.rpartition(".")[2] == name and _is_of_use(call) and _means(self._file(path), call, target)
        ]
        if own is None or not calls:
            return {}
        named = [each.name for each in own.parameters]
        if own.is_method and "staticmethod" not in own.decorators:
            named = named[1:]
        return {each: "constants" if all(_is_fixed(call, each, at) for call in calls) else "values"
                for at, each in enumerate(named)}  # fmt: skip

    def _file(self, path: str) -> ParsedFile:
        if path not in self._parsed:
            data = self._contents[path] if path in self._contents else (self._root / path).read_bytes()
            self._parsed[path] = parse(SourceFile(path=path, data=data))
        return self._parsed[path]

    @cached_property
    def _by_name(self) -> dict[bytes, list[str]]:
        found: dict[bytes, list[str]] = defaultdict(list)
        for path, data in _files(self._root, self._contents):
            for name in set(_CALLED.findall(data)):
                found[name].append(path)
        return found


def _is_of_use(call: Call) -> bool:
    """Whether a call is one that the project lives by, not one that shows or tries the function."""
    return call.enclosing is not None and _SHOWS_OFF.search(call.enclosing.name) is None


def _is_fixed(call: Call, parameter: str, position: int) -> bool:
    """Whether a call hands over a constant for a parameter, or leaves it to its default."""
    given = [each for each in call.arguments if each.keyword is None]
    if any(each.keyword in ("*", "**") for each in call.arguments):
        return False
    found = next((each for each in call.arguments if each.keyword == parameter), None)
    found = found or (given[position] if position < len(given) else None)
    if found is None or is_constant(found.node):
        return True
    return found.text == "__name__" or found.text.rpartition(".")[2].isupper()


def _means(file: ParsedFile, call: Call, target: Target) -> bool:
    """Whether a call by the target's last name is one of the target."""
    wanted = target.function.split(".")
    if "<locals>" in wanted:
        return file.path == target.path and call.name == wanted[-1]
    named = call.name.replace("()", "").split(".")
    if len(wanted) > 1 and call.receiver in ("self", "cls"):
        return _is_own(file, call, target, wanted[-2])
    if file.path == target.path and named == wanted:
        return True
    # Made on the spot by a class of that name, wherever it was imported from.
    made = _MADE.match(call.receiver) if len(wanted) > 1 and call.name == f".{wanted[-1]}" else None
    if made is not None:
        return made[1] == wanted[-2]
    module = PurePosixPath(target.path)
    packages = module.parent.parts
    modules = packages[-1:] if module.name == "__init__.py" else (module.stem, *packages)
    # A package may offer the function under its own name; what its folder is called is enough of a sign.
    return len(named) > len(wanted) and named[-len(wanted) :] == wanted and named[-len(wanted) - 1] in modules


def _is_own(file: ParsedFile, call: Call, target: Target, owner: str) -> bool:
    """Whether a method that is called on ``self`` is the target: in its class, or in one that is made from it."""
    around = call.enclosing
    holder = around.parent if around is not None else None
    while holder is not None and not isinstance(holder, Class):
        holder = holder.parent
    if holder is None:
        return False
    if file.path == target.path and holder.name == owner:
        return True
    # The bases of a class are found out when all classes of the file are asked for.
    bases = next((each.bases for each in file.classes if each is holder), ())
    return any(base.rpartition(".")[2] == owner for base in bases)


def _files(root: Path, contents: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    left = _MOST_FILES
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if name not in DEFAULT_FOLDERS and not name.startswith("."))
        for name in sorted(files):
            if not name.endswith(".py") or left == 0:
                continue
            left -= 1
            path = Path(folder, name)
            relative = path.relative_to(root).as_posix()
            if relative in contents:
                yield relative, contents[relative]
                continue
            # A file that cannot be read has no callers to offer; the scan itself tells of it.
            with contextlib.suppress(OSError):
                if not path.is_symlink() and path.stat().st_size <= _LARGEST:
                    yield relative, path.read_bytes()
