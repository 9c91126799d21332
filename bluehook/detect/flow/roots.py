"""Where to begin: the functions that hold a sink, and those of the same file that call them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from bluehook.detect.flow.sinks import is_candidate, last_names
from bluehook.parse import Function, ParsedFile

_MOST_ROOTS = 400
_CALLER_ROUNDS = 3
_INSIDE = (
    rb"[^'\"\n]{1,200}<(?:br|hr|p|b|i|a|u|em|strong|div|span|h[1-6]|[uo]l|li|t[drh]|table|img|form|pre)\b[^<>\n]{0,80}>"
)
"""A text with a well-known element behind other words."""
_HTML = re.compile(rb"['\"](?:\s*<[a-zA-Z!]|" + _INSIDE + rb")")
_HTML_NAME = re.compile(rb"(?m)^(\w+)\s*=\s*\(?\s*[rRbBuU]?(?:'''|\"\"\"|['\"])(?:\s*<[a-zA-Z!]|" + _INSIDE + rb")")
_WEB = {"flask"}
_SOURCES = re.compile(rb"request|environ|argv|input\(|self\.(?:path|headers|rfile)|get_argument|\bevent\b|FieldStorage")


@cache
def trigger() -> re.Pattern[bytes]:
    """What a file with a sink has somewhere."""
    names = "|".join(sorted(map(re.escape, last_names()))).encode()
    words = rb")\b|(?i:exec|quer|sql|_run|cmd|ssh|cli)\w*\(|['\"]<[a-zA-Z]|\.route\(|['\"]"
    return re.compile(rb"\b(?:" + names + words + _INSIDE)


def roots(file: ParsedFile) -> Iterator[Function | None]:
    """Functions to interpret, in the order of the text; ``None`` for the statements of the module."""
    wanted: dict[int, Function] = {}
    at_module = False
    called: dict[str, list[Function]] = defaultdict(list)
    for call in file.calls:
        last = call.name.rpartition(".")[2]
        function = call.enclosing
        if function is not None and function.name == "<lambda>":
            function = _named_around(function)
        if function is not None:
            called[last].append(function)
        if is_candidate(last):
            if function is None:
                at_module = True
            else:
                wanted[id(function)] = function
    constants = _html_constants(file)
    for function in file.functions:
        if id(function) not in wanted and _answers(file, function, constants):
            wanted[id(function)] = function
    if _SOURCES.search(file.utf8):
        _callers(wanted, called)
    if at_module:
        yield None
    yield from sorted(wanted.values(), key=lambda f: f.span)[:_MOST_ROOTS]


def _named_around(function: Function) -> Function | None:
    around = function.parent
    while around is not None and not (isinstance(around, Function) and around.name != "<lambda>"):
        around = around.parent
    return around if isinstance(around, Function) else None


def _html_constants(file: ParsedFile) -> re.Pattern[bytes] | None:
    """The names of the module that hold pieces of pages."""
    names = set(_HTML_NAME.findall(file.utf8))
    return re.compile(rb"\b(?:" + b"|".join(sorted(names)) + rb")\b") if names else None


def _answers(file: ParsedFile, function: Function, constants: re.Pattern[bytes] | None) -> bool:
    """Whether what a function returns may be a page."""
    start, end = function.node.byte_range
    if file.utf8.find(b"return", start, end) < 0:
        return False
    entry = function.entry
    if (entry is not None and entry.framework in _WEB) or _HTML.search(file.utf8, start, end) is not None:
        return True
    return constants is not None and constants.search(file.utf8, start, end) is not None


def _callers(wanted: dict[int, Function], called: dict[str, list[Function]]) -> None:
    """Add the functions that call a wanted one by its name."""
    fresh = list(wanted.values())
    for _ in range(_CALLER_ROUNDS):
        found = []
        for function in fresh:
            name = function.parent.name if function.name == "__init__" and function.parent else function.name
            for caller in called.get(name, ()):
                if id(caller) not in wanted:
                    wanted[id(caller)] = caller
                    found.append(caller)
        fresh = found
