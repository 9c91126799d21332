"""Functions of other files that values from outside lead into: a machine for each file, one heap and budget for all.

What such a value does in another file is reported in the file that it comes in at, at the call that hands it over:
the other file is looked at for itself, and knows nothing of who calls it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tree_sitter import Node

from bluehook.detect.flow.judge import Hit, Hits
from bluehook.detect.flow.neighbours import head_of
from bluehook.detect.flow.roots import takes_from_outside
from bluehook.detect.flow.values import Local, Trust, Value
from bluehook.parse import Class, Function, ParsedFile

if TYPE_CHECKING:
    from bluehook.detect.flow.machine import Machine
    from bluehook.detect.flow.neighbours import Neighbours

_MOST_FILES = 24
"""Other files that one file's values are followed into."""
_LONGEST_WAY = 4
"""Files that hand a name on to one another."""


class Program:
    """The files that the values of one file (whose machine is the ``lead``) are followed into."""

    def __init__(self, lead: Machine, neighbours: Neighbours | None) -> None:
        self._lead = lead
        self._neighbours = neighbours if takes_from_outside(lead.file) else None
        self._machines: dict[str, Machine | None] = {}
        self._homes: dict[int, Machine] = {}
        self._roots: dict[int, ParsedFile] = {}
        self._known: dict[tuple[str, str], Local | None] = {}
        self.asked: set[tuple[str, str]] = set()
        self.left: Node | None = None

    def add(self, machine: Machine) -> None:
        """Make the definitions of a machine's file known."""
        self._roots[machine.file.root.id] = machine.file
        for definition in (*machine.file.functions, *machine.file.classes):
            self._homes[id(definition)] = machine

    def home(self, definition: Function | Class) -> Machine:
        """The machine of the file in which something is defined."""
        return self._homes.get(id(definition), self._lead)

    def file_of(self, node: Node) -> ParsedFile:
        """The file that a node stands in."""
        top = node
        while top.parent is not None:
            top = top.parent
        return self._roots.get(top.id, self._lead.file)

    @contextlib.contextmanager
    def leaving(self, machine: Machine, at: Node) -> Iterator[None]:
        """While a call that stands at a place is interpreted: where the values left the file of the lead."""
        before = self.left
        if machine is self._lead:
            self.left = at
        try:
            yield
        finally:
            self.left = before

    def named(self, machine: Machine, dotted: str) -> Local | None:
        """The function or class of another file that a dotted name means in a file.

        ``X().method`` is a method of an object of class ``X``, ``task.delay`` the task.
        """
        if self._neighbours is None or "." not in dotted or self._lead.hits.muted:
            return None
        key = (machine.file.path, dotted)
        if key not in self._known:
            self._known[key] = self._find(machine, dotted, 0)
        return self._known[key]

    def _find(self, machine: Machine, dotted: str, depth: int) -> Local | None:
        assert self._neighbours is not None
        plain = dotted.replace("()", "")
        meant = self._neighbours.find(machine.file.path, plain)
        self.asked.add((machine.file.path, plain if meant is not None else head_of(plain)))
        if meant is None or not meant.names or meant.path == self._lead.file.path:
            return None
        there = self._machine(meant.path)
        if there is None:
            return None
        first, *rest = meant.names
        made = f"{first}()" in dotted
        if first in there.classes:
            return _of_class(there, there.classes[first], rest, made=made)
        function = there.function_named(first)
        if function is not None:
            return Local(function) if not rest or (rest == ["delay"] and not made) else None
        handed_on = there.imports.get(first)
        if handed_on is not None and depth < _LONGEST_WAY:
            tail = "".join(f".{name}" for name in rest)
            return self._find(there, f"{handed_on}{'()' if made else ''}{tail}", depth + 1)
        held = there.globals.vars.get(first)
        if held is not None and held.local is not None and isinstance(held.local.what, Class) and len(rest) == 1:
            return _of_class(there, held.local.what, rest, made=True)
        return None

    def _machine(self, path: str) -> Machine | None:
        if path not in self._machines:
            assert self._neighbours is not None
            file = self._neighbours.file(path) if len(self._machines) < _MOST_FILES else None
            self._machines[path] = None
            if file is not None:
                with contextlib.suppress(RecursionError):
                    self._machines[path] = self._lead.beside(file)
        return self._machines[path]

    def leans_on(self) -> dict[str, str]:
        """What was asked of other files, and the answers; for :meth:`Neighbours.still_holds` to compare."""
        if self._neighbours is None:
            return {}
        return dict(self._neighbours.ask(path, name) for path, name in sorted(self.asked))


def _of_class(machine: Machine, owner: Class, names: list[str], *, made: bool) -> Local | None:
    if not names:
        return Local(owner)
    method = machine.method_named(owner, names[0]) if len(names) == 1 else None
    if method is None or not (made or {"staticmethod", "classmethod"} & set(method.decorators)):
        return None
    return Local(method, Value(kind="self", local=Local(owner)))


class Relayed(Hits):
    """What is found in another file, told of the place at which the values left for it."""

    def __init__(self, file: ParsedFile, program: Program, lead: Hits) -> None:
        super().__init__(file, program)
        self._lead = lead

    def add(self, hit: Hit) -> None:
        """Pass on what comes from outside through the file of the lead."""
        left = self.program.left
        if left is None or self.muted or hit.taint.trust < Trust.WEAK or not self._comes_from_there(hit):
            return
        where = f"in {self.file.path}, line {hit.at.start_point.row + 1}"
        self._lead.add(hit._replace(at=left, words=f"{hit.words} ({where})", way=(hit.at, *hit.way)))

    def _comes_from_there(self, hit: Hit) -> bool:
        trail = hit.taint.trail
        while trail is not None and trail.before is not None:
            trail = trail.before
        return trail is not None and self.program.file_of(trail.at) is self._lead.file
