"""What was known before: a file of findings that do not count, kept in the repository and merged like code.

One JSON object a line, sorted, without dates, versions, line numbers or commit ids, so that it changes only where a
finding comes or goes. Entries are counted: two twins are one entry of count 2, and a third one is new. An entry
holds for its file first; what is left over follows code that moved to another file (same weakness, symbol and
statement), each entry once, so that a copy is new. Reading and applying never writes.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Annotated

import msgspec

from bluehook.findings import BluehookError, Finding, Problem, Verdict, encodable, likeness

_HEADER = {"bluehook-baseline": 1}
_Key = tuple[str, str, str, str]
_CONFLICT = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")

MARK = "baseline"
"""What :attr:`Finding.suppressed` starts with for a known finding; the reason follows after a colon."""


class Entry(msgspec.Struct, frozen=True, order=True, omit_defaults=True, forbid_unknown_fields=True):
    """``count`` findings of one weakness with the same statement in one symbol of one file, and why they may stay.

    ``id`` is :func:`~bluehook.findings.likeness`; ``symbol`` is there for the reader.
    """

    path: str
    symbol: str
    weakness: str
    id: str
    count: Annotated[int, msgspec.Meta(ge=1)] = 1
    reason: str = ""


def read(file: Path) -> list[Entry]:
    """The entries of a baseline. One that two branches added stands twice after a merge and counts once.

    :raises BluehookError: it is not there, is no baseline, or has merge conflict markers.
    """
    try:
        lines = file.read_bytes().decode().split("\n")
    except FileNotFoundError:
        raise BluehookError(f"{file}: no such baseline; write it with `bluehook baseline`.") from None
    except OSError as error:
        raise BluehookError(f"{file}: the baseline cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BluehookError(f"{file}: no baseline of bluehook: not UTF-8.") from error
    entries: dict[_Key, Entry] = {}
    for number, line in enumerate(lines, 1):
        if line.startswith(_CONFLICT):
            raise BluehookError(
                f"{file}:{number}: the baseline has merge conflict markers; keep the entries of both sides and take "
                "out the markers, or write it again with `bluehook baseline`."
            )
        if line.strip() and (entry := _entry(line, file, number)):
            known = entries.get(_key(entry), entry)
            entries[_key(entry)] = _joined(known, entry, max(known.count, entry.count))
    return sorted(entries.values())


def nothing(_: str) -> bool:
    """Of no file is it known that all its findings are at hand: the ``settled`` of a run that saw parts only."""
    return False


def apply(
    findings: Iterable[Finding], entries: Sequence[Entry], settled: Callable[[str], bool] = nothing
) -> list[Problem]:
    """Mark known findings as suppressed, and tell which entries are no longer needed.

    :param findings: those that are suppressed already use up no entry.
    :param settled: whether what the entries of a path stand for is known to be here or gone: the file was looked at
        in full and all its findings are given, or it exists no more. Entries of other files are neither stale nor
        free to follow moved code, so that a copy of code in a file that was not seen is new.
    :return: a note for each file with stale entries.
    """
    matched, left = _match(findings, entries, settled)
    for finding, entry in matched:
        if finding.verdict is not Verdict.REFUTED:
            finding.suppressed = f"{MARK}: {entry.reason}" if entry.reason else MARK
    stale: dict[str, list[str]] = defaultdict(list)
    for entry, count in zip(entries, left, strict=True):
        if count and settled(entry.path):
            times = f" ({count} times)" if count > 1 else ""
            stale[entry.path].append(f"{entry.weakness} in {entry.symbol or 'the module'}{times}")
    return [
        Problem(MARK, f"known findings are gone: {', '.join(gone)}; `bluehook baseline` drops them", path, False)
        for path, gone in stale.items()
    ]


def renew(findings: Iterable[Finding], old: Sequence[Entry], settled: Callable[[str], bool]) -> list[Entry]:
    """The entries for the findings of now, with the reasons of ``old`` kept, also for code that moved.

    ``findings`` and ``settled`` as in :func:`apply`; entries that cannot be judged stay. Refuted findings are entered
    as well, as the next run may not get as far as refuting them; those that the code itself suppresses are not.
    """
    findings = [finding for finding in findings if finding.suppressed is None]
    reasons = {id(finding): entry.reason for finding, entry in _match(findings, old, settled)[0]}
    new: dict[_Key, Entry] = {}
    for finding in findings:
        entry = _entry_of(finding, reasons.get(id(finding), ""))
        known = new.get(_key(entry))
        new[_key(entry)] = _joined(known, entry, known.count + 1) if known else entry
    for entry in old:
        if not settled(entry.path):
            known = new.get(_key(entry), entry)
            new[_key(entry)] = _joined(known, entry, max(known.count, entry.count))
    return sorted(new.values())


def write(file: Path, entries: Iterable[Entry]) -> None:
    """Write a baseline, in one step, so that nobody meets half of it.

    :raises BluehookError: it cannot be written.
    """
    lines = [_HEADER, *(msgspec.to_builtins(entry) for entry in sorted(entries))]
    text = "".join(_dump(line) + "\n" for line in lines)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        draft.write_bytes(text.encode())
        draft.replace(file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise BluehookError(f"{file}: the baseline cannot be written: {error.strerror}.") from error


def _key(entry: Entry) -> _Key:
    return (entry.path, entry.symbol, entry.weakness, entry.id)


def _joined(one: Entry, two: Entry, count: int) -> Entry:
    return msgspec.structs.replace(one, count=count, reason=one.reason or two.reason)


def _entry_of(finding: Finding, reason: str) -> Entry:
    like = likeness(finding.weakness, finding.symbol, finding.snippet)
    return Entry(finding.location.path, finding.symbol, finding.weakness, like, 1, reason)


def _match(
    findings: Iterable[Finding], entries: Sequence[Entry], settled: Callable[[str], bool]
) -> tuple[list[tuple[Finding, Entry]], list[int]]:
    """Pair findings with entries, in place first and then moved; and how much of each entry is left over."""
    left = [entry.count for entry in entries]
    in_place: dict[tuple[str, str], list[int]] = defaultdict(list)
    moved: dict[str, list[int]] = defaultdict(list)
    for index, entry in enumerate(entries):
        in_place[entry.path, entry.id].append(index)
        if settled(entry.path):
            moved[entry.id].append(index)
    matched: list[tuple[Finding, Entry]] = []

    def take(finding: Finding, candidates: Sequence[int]) -> bool:
        index = next((i for i in candidates if left[i]), None)
        if index is not None:
            left[index] -= 1
            matched.append((finding, entries[index]))
        return index is not None

    waiting = sorted((f for f in findings if f.suppressed is None), key=lambda f: f.location)
    like = {id(f): likeness(f.weakness, f.symbol, f.snippet) for f in waiting}
    waiting = [f for f in waiting if not take(f, in_place[f.location.path, like[id(f)]])]
    for finding in waiting:
        take(finding, moved[like[id(finding)]])
    return matched, left


def _dump(line: object) -> str:
    """One line of JSON; escaped throughout only when it holds a file name that is not UTF-8."""
    text = json.dumps(line, ensure_ascii=False, separators=(", ", ": "))
    return text if encodable(text) else json.dumps(line)


def _parsed(line: str, file: Path, number: int) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BluehookError(f"{file}:{number}: not a line of a baseline: {error}.") from error


def _entry(line: str, file: Path, number: int) -> Entry | None:
    """The entry on a line, or None for the header."""
    value = _parsed(line, file, number)
    if isinstance(value, dict) and list(value) == list(_HEADER):
        if value != _HEADER:
            raise BluehookError(f"{file}:{number}: a baseline of another version of bluehook; update bluehook.")
        return None
    try:
        return msgspec.convert(value, Entry)
    except msgspec.ValidationError as error:
        raise BluehookError(f"{file}:{number}: not an entry of a baseline: {error}.") from error
