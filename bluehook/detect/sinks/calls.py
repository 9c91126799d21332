"""Which calls of a file the table of sinks means.

What the table says is a suspicion counts as one only where something a caller holds (a parameter or a variable of the
function around it) reaches the argument; elsewhere it is a hint.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

from tree_sitter import Node

from bluehook.detect.sinks import helpers
from bluehook.detect.sinks.table import SINKS, Sink
from bluehook.findings import Detection, Evidence, Says
from bluehook.parse import Argument, Call, ParsedFile, is_constant
from bluehook.weaknesses import TABLE

_LONGEST_ARGUMENT = 200
_MOST_NODES = 500
_CLEANER = re.compile(rb"(?i)(?:quote\w*|escape\w*|sanitize\w*|dumps|\b(?:int|float|bool|len))$")
_OWN = ("self", "cls")


def detections(file: ParsedFile) -> Iterator[Detection]:
    """The candidates of one file, one a call and weakness, in the order of the text; then helpers known by their text
    only.
    """
    index = _index()
    known: set[tuple[str, str]] = set()
    for call in file.calls:
        rows = index.get(call.name.rpartition(".")[2])
        for found in _of_call(call, rows) if rows else ():
            known.add((found.weakness, call.function))
            yield found
    yield from helpers.detections(file, known)


def _of_call(call: Call, rows: Sequence[Sink]) -> Iterator[Detection]:
    named = [row for row in rows if row.name == call.name and not call.local and not row.name.startswith(".")]
    known = {row.weakness for row in named}
    found: dict[str, tuple[Sink, Argument, Says]] = {}
    for row in named + [row for row in rows if _is_method(row, call) and row.weakness not in known]:
        argument = row.when.test(call)
        if argument is None:
            continue
        says = row.says
        if says is Says.SUSPECTS and argument.node != call.node and not _held_by_caller(call, argument):
            says = Says.HINTS
        before = found.get(row.weakness)
        if before is None or (before[2] is Says.HINTS and says is Says.SUSPECTS):
            found[row.weakness] = (row, argument, says)
    for row, argument, says in found.values():
        yield _detection(call, row, argument, says)


def _is_method(row: Sink, call: Call) -> bool:
    """Whether a row for methods of any object fits: modules of the standard library are no such objects."""
    if not row.name.startswith(".") or not call.receiver:
        return False
    if not f".{call.receiver}.{call.name.rpartition('.')[2]}".endswith(row.name):
        return False
    maker, is_object, _ = call.name.partition("()")
    return bool(is_object) or maker.partition(".")[0] not in sys.stdlib_module_names


def _held_by_caller(call: Call, argument: Argument) -> bool:
    """Whether a constant written on the spot makes it unsafe, or a name inside a function that no cleaner wraps."""
    if is_constant(argument.node):
        return True
    return call.enclosing is not None and any(not n.isupper() and n not in _OWN for n in _names_in(argument.node))


def _names_in(node: Node) -> Iterator[str]:
    """The variables that an expression is made from, without those that a cleaner takes."""
    pending = [node]
    for _ in range(_MOST_NODES):
        if not pending:
            return
        current = pending.pop()
        children = current.named_children
        if current.type == "identifier":
            yield (current.text or b"").decode("utf-8", "replace")
        elif current.type == "attribute":
            pending += children[:1]
        elif current.type == "keyword_argument":
            pending += children[1:]
        elif current.type == "call" and children:
            callee = children[0]
            if not _CLEANER.search(callee.text or b""):
                pending += children[1:] if callee.type == "identifier" else children
        else:
            pending += children


def _detection(call: Call, row: Sink, argument: Argument, says: Says) -> Detection:
    text = " ".join(argument.text.split())
    shown = text if len(text) <= _LONGEST_ARGUMENT else text[: _LONGEST_ARGUMENT - 3] + "..."
    message = f"{call.name.lstrip('.')}: {TABLE[row.weakness].title[:1].lower()}{TABLE[row.weakness].title[1:]}"
    details = {"sink": row.name, "argument": shown}
    rule = f"{row.weakness}:{row.name.lstrip('.')}"
    return Detection(row.weakness, call.location, Evidence("sinks", rule, says, message, details=details))


@cache
def _index() -> dict[str, list[Sink]]:
    """Rows by the last part of their name."""
    found: dict[str, list[Sink]] = defaultdict(list)
    for row in SINKS:
        found[row.name.rpartition(".")[2]].append(row)
    return dict(found)


@cache
def trigger() -> re.Pattern[bytes]:
    """What every file with a call of the table, or with a helper, contains."""
    known = rb"\b(?:" + "|".join(sorted(map(re.escape, _index()))).encode() + rb")\b"
    return re.compile(known + rb"|" + helpers.TRIGGER)
