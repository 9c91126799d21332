"""Where a file uses a name."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property

from tree_sitter import Node

from bluehook.detect.bias.syntax import child
from bluehook.parse import Function, ParsedFile

_ANY_NAME = re.compile(rb"[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*")


class Uses:
    """The identifiers of one file by their names; its words are looked up once."""

    def __init__(self, file: ParsedFile) -> None:
        self._file = file

    def of(self, name: str, scope: Function | None) -> Iterator[Node]:
        """The identifiers of a name inside a function, or in the whole file."""
        start, end = scope.span if scope is not None else (0, len(self._file.utf8))
        word = name.encode()
        places = self._places.get(word, [])
        for place in places[bisect_left(places, start) : bisect_left(places, end)]:
            node = self._file.root.descendant_for_byte_range(place, place + len(word))
            if node is not None and node.type == "identifier" and node.byte_range == (place, place + len(word)):
                yield node

    def calls_of(self, name: str) -> Iterator[Node]:
        """The calls of a function of this file, as a plain name or a method."""
        for place in self.of(name, None):
            around = place.parent
            callee = around if around is not None and around.type == "attribute" else place
            call = callee.parent
            if call is not None and call.type == "call" and child(call, "function") == callee:
                yield call

    @cached_property
    def _places(self) -> dict[bytes, list[int]]:
        """Where each word of the file stands."""
        found: dict[bytes, list[int]] = {}
        for match in _ANY_NAME.finditer(self._file.utf8):
            found.setdefault(match[0], []).append(match.start())
        return found
