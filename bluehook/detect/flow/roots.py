"""Where to begin: the functions that hold a sink, and those of the same file that call them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from bluehook.detect.flow.sinks import is_candidate, last_names
from bluehook.detect.flow.sinks.page import declares_page
from bluehook.parse import Call, Function, ParsedFile

if TYPE_CHECKING:
    from bluehook.detect.flow.neighbours import Neighbours

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


def takes_from_outside(file: ParsedFile) -> bool:
    """Whether anything in the file may come from outside the program."""
    return _SOURCES.search(file.utf8) is not None or any(function.entry is not None for function in file.functions)


def hands_on(file: ParsedFile) -> bool:
    """Whether something may come in and go on to what is imported; cheap."""
    return b"import" in file.utf8 and _SOURCES.search(file.utf8) is not None


def roots(file: ParsedFile, neighbours: Neighbours | None = None) -> Iterator[Function | None]:
    """Functions to interpret, in the order of the text; ``None`` for the statements of the module.

    With ``neighbours`` also those that take something from outside and call into other files of the project.
    """
    leading = _leading(file, neighbours) if neighbours is not None and takes_from_outside(file) else None
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
            if leading is not None and leading(call) and _takes(file, function):
                wanted[id(function)] = function
        if is_candidate(last):
            if function is None:
                at_module = True
            else:
                wanted[id(function)] = function
    constants = _html_constants(file)
    for function in file.functions:
        if id(function) not in wanted and _answers(file, function, constants):
            wanted[id(function)] = function
    if takes_from_outside(file):
        _callers(wanted, called)
    if at_module:
        yield None
    yield from sorted(wanted.values(), key=lambda f: f.span)[:_MOST_ROOTS]


def _leading(file: ParsedFile, neighbours: Neighbours) -> Callable[[Call], bool]:
    """Whether a call leads to another file of the project, as its imports say."""
    ours = {name: dotted for name, dotted in file.imports.items() if neighbours.find(file.path, dotted) is not None}
    made = tuple(f"{dotted}()." for dotted in ours.values())

    def leads(call: Call) -> bool:
        head = re.match(r"\w+", file.node_text(call.node)) if ours else None
        return head is not None and (head[0] in ours or call.name.startswith(made))

    return leads


def _takes(file: ParsedFile, function: Function) -> bool:
    return function.entry is not None or _SOURCES.search(file.utf8, *function.node.byte_range) is not None


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
    if entry is not None and (entry.framework in _WEB or declares_page(file, function)):
        return True
    if _HTML.search(file.utf8, start, end) is not None:
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
