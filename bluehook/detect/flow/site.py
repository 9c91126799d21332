"""One call as sinks and models see it: resolved name, receiver, arguments as values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bluehook.detect.flow.nodes import Call
from bluehook.detect.flow.state import State
from bluehook.detect.flow.values import NOWHERE, Taint, Value

if TYPE_CHECKING:
    from bluehook.detect.flow.machine import Machine


class Site:
    """A call being interpreted. ``spread`` is what ``*`` and ``**`` hand over, ``None`` without them."""

    __slots__ = ("args", "call", "keywords", "machine", "method", "name", "receiver", "spread", "state")

    def __init__(self, machine: Machine, state: State, call: Call, name: str, receiver: Value | None) -> None:
        self.machine = machine
        self.state = state
        self.call = call
        self.name = name
        self.method = name.rpartition(".")[2]
        self.receiver = receiver
        self.args: list[Value] = []
        self.keywords: dict[str, Value] = {}
        self.spread: Value | None = None

    def arg(self, position: int, *keywords: str) -> Value | None:
        """The argument at a position or by one of its keywords; ``None`` where neither is given."""
        for keyword in keywords:
            if keyword in self.keywords:
                return self.keywords[keyword]
        return self.args[position] if 0 <= position < len(self.args) else None

    def need(self, position: int, *keywords: str) -> Value:
        """As :meth:`arg`, with an unknown value where none is given."""
        found = self.arg(position, *keywords)
        return found if found is not None else self.spread or NOWHERE

    def given(self) -> list[Value]:
        """All arguments."""
        return [*self.args, *self.keywords.values(), *([self.spread] if self.spread is not None else [])]

    def taints(self, *, receiver: bool = True) -> frozenset[Taint]:
        """Everything that arguments (and the object) carry, contents included."""
        values = self.given()
        if receiver and self.receiver is not None:
            values.append(self.receiver)
        found: frozenset[Taint] = frozenset()
        for value in values:
            found |= self.state.everything(value)
        return found
