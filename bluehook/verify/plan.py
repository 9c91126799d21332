"""Which functions are attacked, and in what order: the most suspicious first, and only those that a change touched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from bluehook.findings import Detection, Entry, Finding, LineRange, Says, SourceFile
from bluehook.parse import Function, ParsedFile, parse
from bluehook.verify.model import Sink, Target
from bluehook.weaknesses import TABLE

_CLAIM = {Says.SHOWS: 3, Says.SUSPECTS: 2, Says.HINTS: 1}


MODULE = "<module>"
"""What stands for a function where a module is run as a program."""
_DOES = {"if_statement", "for_statement", "while_statement", "with_statement", "try_statement"}


def runs_itself(file: ParsedFile) -> bool:
    """Whether a module does something when it is run, beside defining and importing."""
    for node in file.root.named_children:
        called = node.type == "expression_statement" and node.named_children[:1]
        if node.type in _DOES or (called and called[0].type in ("call", "await")):
            return True
    return False


def program(file: ParsedFile, found: Iterable[Detection] = (), only: Sequence[str] = ()) -> Target:
    """The module as a program, with the sinks that were found outside of its functions."""
    found = [each for each in found if not file.symbol_at(each.location.line)]
    return Target(
        path=file.path,
        function=MODULE,
        lines=(1, file.text.count("\n") + 1),
        weaknesses=tuple(only or sorted({each.weakness for each in found})),
        only=tuple(only),
        sinks=tuple(Sink(each.location.line, each.evidence.details.get("sink", "").lstrip(".")) for each in found),
    )


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
    candidates = list(candidates)
    by_function: dict[str, list[Finding]] = {}
    for finding in candidates:
        touched = source.touches(finding.scope.first, finding.scope.last)
        if touched and finding.suppressed is None and _can_be_named(finding.symbol):
            by_function.setdefault(finding.symbol, []).append(finding)
    at_top = [each for each in candidates if not each.symbol and each.suppressed is None]
    known = {entry.function: entry for entry in ways_in}
    for entry in ways_in:
        if source.touches(entry.first_line, entry.last_line):
            by_function.setdefault(entry.function, [])
    made = [_target(source.path, name, found, known.get(name)) for name, found in by_function.items()]
    at_top = [each for each in at_top if source.touches(each.scope.first, each.scope.last)]
    if at_top and runs_itself(parse(source)):
        made.append(_target(source.path, MODULE, at_top, None))
    return made


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
    if function == MODULE:
        around = LineRange(1, max(each.scope.last for each in found))
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
