"""Which functions are attacked, and in what order: the most suspicious first, and only those that a change touched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from bluehook.findings import Detection, Entry, Finding, LineRange, Says, SourceFile
from bluehook.parse import Function, ParsedFile
from bluehook.verify.model import Sink, Target
from bluehook.weaknesses import TABLE

_CLAIM = {Says.SHOWS: 3, Says.SUSPECTS: 2, Says.HINTS: 1}


def entries(file: ParsedFile) -> list[Entry]:
    """The entry points of a file in the order of the text; code that runs as a script has no function to call."""
    return [
        Entry(function.qualname, function.first_line, function.last_line, entry.framework, entry.route or "",
              entry.methods)
        for function in file.functions
        if (entry := function.entry) is not None and _can_be_named(function.qualname)
    ]  # fmt: skip


def targets(source: SourceFile, candidates: Iterable[Finding], ways_in: Sequence[Entry]) -> list[Target]:
    """The functions of one file that are worth an attack, each with what speaks for it.

    :param candidates: what the detectors said of the file, hints included; suppressed ones do not count.
    :param ways_in: the file's entry points. One without a candidate is attacked last: what it calls may hold a sink.
    """
    by_function: dict[str, list[Finding]] = {}
    for finding in candidates:
        touched = source.touches(finding.scope.first, finding.scope.last)
        if touched and finding.suppressed is None and _can_be_named(finding.symbol):
            by_function.setdefault(finding.symbol, []).append(finding)
    known = {entry.function: entry for entry in ways_in}
    for entry in ways_in:
        if source.touches(entry.first_line, entry.last_line):
            by_function.setdefault(entry.function, [])
    return [_target(source.path, name, found, known.get(name)) for name, found in by_function.items()]


def single(file: ParsedFile, function: Function, found: Iterable[Detection], only: Sequence[str] = ()) -> Target:
    """One function that somebody asked for, with the sinks that were found in it; ``only`` limits the families."""
    entry = next((each for each in entries(file) if each.function == function.qualname), None)
    found = list(found)
    return Target(
        path=file.path,
        function=function.qualname,
        lines=(function.first_line, function.last_line),
        weaknesses=tuple(only or sorted({each.weakness for each in found})),
        only=tuple(only),
        sinks=tuple(Sink(each.location.line, each.evidence.details.get("sink", "").lstrip(".")) for each in found),
        entry=_hints(entry) if entry is not None else {},
    )


def ordered(found: Iterable[Target], first: Collection[str] = ()) -> list[Target]:
    """Those in the files that come ``first``, then the most suspicious; ties in the order of the text."""
    return sorted(found, key=lambda target: (target.path not in first, target.rank, target.path, target.lines))


def _target(path: str, function: str, found: Sequence[Finding], entry: Entry | None) -> Target:
    claim = max((_claim(finding) for finding in found), default=0)
    severity = max((TABLE[finding.weakness].severity for finding in found), default=0.0)
    around = LineRange(entry.first_line, entry.last_line) if entry is not None else found[0].scope
    return Target(
        path=path,
        function=function,
        lines=(around.first, around.last),
        weaknesses=tuple(sorted({finding.weakness for finding in found})),
        sinks=tuple(dict.fromkeys(_sink(finding) for finding in sorted(found, key=_claim, reverse=True))),
        entry=_hints(entry) if entry is not None else {},
        rank=(-claim, entry is None, -severity),
    )


def _hints(entry: Entry) -> dict[str, Any]:
    """What the worker is told of an entry point."""
    return {"framework": entry.framework, "route": entry.route, "methods": list(entry.methods)}


def _claim(finding: Finding) -> int:
    return max(_CLAIM.get(evidence.says, 0) for evidence in finding.evidence)


def _sink(finding: Finding) -> Sink:
    named = next((e.details["sink"] for e in finding.evidence if "sink" in e.details), "")
    return Sink(finding.location.line, named.lstrip("."))


def _can_be_named(symbol: str) -> bool:
    """Whether the worker can find it: not the module itself, no lambda."""
    return bool(symbol) and "<lambda>" not in symbol
