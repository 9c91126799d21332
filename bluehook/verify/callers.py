"""Who calls a function: where the attack on it showed nothing that counts, its callers may feed it from outside.

A function that hands its parameter whole to a sink does what its caller asks; the proof, if there is one, goes through
the caller. Calls are matched by their resolved name, so that another function of the same name is not meant; methods
of objects whose class is not in sight are not followed.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

import msgspec

from bluehook.config import DEFAULT_FOLDERS
from bluehook.findings import SourceFile
from bluehook.parse import Call, Function, ParsedFile, parse
from bluehook.verify import plan
from bluehook.verify.model import Attempt, Target

_MOST_FILES = 5_000
_LARGEST = 1024 * 1024
_MOST_CALLERS = 8
"""Callers of one function that are attacked: the first ways in are as good as the hundredth."""


def unsettled(attempts: Iterable[Attempt]) -> list[Target]:
    """The functions with a sink whose attack neither proved nor cleared anything in them, and that are no entry."""
    return [
        attempt.target
        for attempt in attempts
        if attempt.target.sinks and not attempt.target.entry and not attempt.target.about and not _is_settled(attempt)
    ]


def of(targets: Iterable[Target], root: Path, contents: Mapping[str, bytes]) -> list[Target]:
    """The functions of the project that call one of these, entry points first, each with what it is attacked about.

    :param contents: the text of files that differs from what stands below ``root``, by path.
    """
    by_name: dict[str, list[Target]] = {}
    for target in targets:
        by_name.setdefault(target.function.rpartition(".")[2], []).append(target)
    if not by_name:
        return []
    mention = re.compile(rb"\b(?:" + b"|".join(re.escape(name).encode() for name in by_name) + rb")\b")
    found: dict[str, Target] = {}
    counts: dict[str, int] = {}
    for path, data in _files(root, contents):
        if not mention.search(data):
            continue
        file = parse(SourceFile(path=path, data=data))
        for call in file.calls:
            for target in by_name.get(call.name.rpartition(".")[2], ()):
                caller = call.enclosing
                if caller is not None and _means(file, call, target) and counts.get(target.name, 0) < _MOST_CALLERS:
                    counts[target.name] = counts.get(target.name, 0) + _note(file, caller, target, found)
    return sorted(found.values(), key=lambda target: (not target.entry, target.path, target.lines))


def _is_settled(attempt: Attempt) -> bool:
    first, last = attempt.target.lines
    return any(
        outcome.ending in ("proven", "neutralised", "insensitive") and first <= outcome.sink_line <= last
        for outcome in attempt.reply.outcomes
        if outcome.weakness in attempt.target.weaknesses
    )


def _means(file: ParsedFile, call: Call, target: Target) -> bool:
    """Whether a call by the target's last name is one of the target."""
    owner, _, name = target.function.rpartition(".")
    if file.path == target.path:
        if owner:
            around = call.enclosing
            return call.receiver in ("self", "cls") and around is not None and around.qualname.startswith(owner + ".")
        return call.name == name
    module = PurePosixPath(target.path)
    stem = module.parent.name if module.name == "__init__.py" else module.stem
    return not owner and call.name.split(".")[-2:] == [stem, name]


def _note(file: ParsedFile, caller: Function, target: Target, found: dict[str, Target]) -> bool:
    made = plan.single(file, caller, ())
    if made.name == target.name or "<lambda>" in made.function:
        return False
    about = (target.path, *target.lines)
    known = found.get(made.name, made)
    if about in known.about:
        return False
    found[made.name] = msgspec.structs.replace(
        known,
        about=(*known.about, about),
        weaknesses=tuple(sorted({*known.weaknesses, *target.weaknesses})),
        sinks=(*known.sinks, *target.sinks),
    )
    return True


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
