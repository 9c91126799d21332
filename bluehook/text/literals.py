"""Where the strings of a JSON document stand in its text, so that a finding in one can point at its characters."""

from __future__ import annotations

import functools
import json
import re

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.", re.DOTALL)


class _Frame:
    """An object or a list that is open: its name, and the key or the number of what comes next in it."""

    def __init__(self, name: str, is_list: bool) -> None:
        self.name = name
        self.is_list = is_list
        self.number = 0
        self.key: str | None = None

    def next(self) -> str:
        if self.is_list:
            return f"{self.name}[{self.number}]"
        return f"{self.name}.{self.key}" if self.name else str(self.key)


@functools.lru_cache(maxsize=8)
def places(text: str) -> dict[str, tuple[int, int]]:
    """The start and the end of each string of a valid document, without its quotes, by its name (``turns[0].text``).

    Of a key that stands twice the last one counts, as it does for those who read the document.
    """
    found: dict[str, tuple[int, int]] = {}
    stack: list[_Frame] = []
    for token in _TOKEN.finditer(text):
        mark, inner = token[0], token[1]
        top = stack[-1] if stack else None
        if inner is not None:
            if top is not None and not top.is_list and top.key is None:
                top.key = json.loads(mark)
            else:
                found[top.next() if top is not None else ""] = token.span(1)
        elif mark in "{[":
            stack.append(_Frame(top.next() if top is not None else "", mark == "["))
        elif mark in "}]" and stack:
            stack.pop()
        elif mark == "," and top is not None:
            top.number += 1
            top.key = None
    return found


def offset(literal: str, index: int) -> int:
    """Where the character ``index`` of a string stands in its literal: escapes are longer than what they stand for."""
    at = 0
    for found in _ESCAPE.finditer(literal):
        between = found.start() - at
        if index < between:
            break
        index -= between
        at = found.start()
        if index == 0:
            break
        index -= 1
        at = found.end()
    return at + index
