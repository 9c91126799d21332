"""Driving programs that read their command line with ``argparse`` or from ``sys.argv``.

The parser tells its options; each run types them. A function that a subcommand is set to is reached through the
function of its module that parses.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from typing import Any

from ..inputs.rewatch import rewatched
from ..inputs.slots import Inputs, Policy
from ..inputs.watched import watched
from ..observe.record import RECORDER
from . import apps, commands, load, replay
from .load import Target
from .plain import PlainDriver
from .run import Run
from .way import Way

_PARSES = {"parse_args", "parse_known_args", "parse_intermixed_args"}
_MOST_COMMANDS = 12
_MOST_FLAGS = 8
_COUNTS = (2, 1, 3, 0)
"""How many words are typed for a program that counts them itself."""


def driver(target: Target, inputs: Inputs) -> CommandDriver | None:
    """The driver, when the function parses a command line, is the program's start, or is set to a subcommand."""
    if _parses(target.function):
        return CommandDriver(target, inputs)
    if target.owner is not None or target.kind != "function":
        return None
    for start in _starts(target) if _takes_a_namespace(target) else ():
        found = CommandDriver(start, inputs, apps.code_of(target))
        if found.commands:
            return found
    return CommandDriver(target, inputs) if target.entry.get("framework") in ("argparse", "main") else None


def _parses(function: Any) -> bool:
    code = getattr(function, "__code__", None)
    return code is not None and bool(_PARSES & set(code.co_names))


def _takes_a_namespace(target: Target) -> bool:
    code = apps.code_of(target)
    return code is not None and code.co_argcount == 1 and code.co_varnames[0] in (
        "args", "arguments", "options", "opts", "namespace", "parsed", "ns", "parsed_args")  # fmt: skip


def _starts(target: Target) -> Iterator[Target]:
    """The functions of the module that parse the command line and can be called without arguments."""
    for function in commands.module_functions(target.module):
        node = load.node_of(target.tree, function.__name__)
        if _parses(function) and node is not None:
            start = Target(function, None, "function", node, target.module, target.how)
            start.tree = target.tree
            yield start


class CommandDriver(PlainDriver):
    """Calls a function with a command line typed for it."""

    def __init__(self, target: Target, inputs: Inputs, only: Any = None) -> None:
        super().__init__(target, inputs)
        self.privileged = commands.is_privileged(target.tree)
        self.parser: Any = None
        self.commands: list[tuple[str, ...]] = []
        self._way = Way()
        with self._learning():
            super().run(Way(kinds=dict(self.first_kinds)), watching=False)
        if self.parser is not None:
            self.commands = [path for path in _paths(self.parser) if only is None or _leads(self.parser, path, only)]

    def ways(self) -> list[Way]:
        """One for each subcommand, the options that may be left out given and not; then each flag by itself."""
        if self.parser is None:
            return [Way(kinds={**self.first_kinds, "count": str(count)}) for count in _COUNTS]
        ways = []
        for path in self.commands[:_MOST_COMMANDS]:
            kinds = {**self.first_kinds, "command": " ".join(path)}
            ways.append(Way(kinds=kinds))
            ways.append(Way(kinds=kinds, policy=Policy(exists=False)))
            ways += [Way(kinds={**kinds, "flag": flag}) for flag in _flags(_at(self.parser, path))[:_MOST_FLAGS]]
        return ways

    def run(self, way: Way, watching: bool) -> Run:
        """One call with the command line of this way."""
        self._way = way
        with self._typing():
            return super().run(way, watching)

    def text(self, way: Way, changed: dict[str, Any]) -> str:
        """The command line with the values that matter."""
        return commands.shown(way, changed, getattr(self.target.node, "name", "main"))

    def replay(self, way: Way) -> dict[str, Any]:
        """Not yet."""
        raise replay.Unrepeatable("a command line is not written down yet")

    def _call(self, way: Way) -> Any:
        count = int(way.kinds.get("count", "0"))
        with commands.Typed(self.inputs, [self._word(index + 1) for index in range(count)]):
            return super()._call(way)

    def _word(self, index: int) -> Any:
        slot = commands.slot_of(self.inputs, f"argument {index}", self.privileged)
        value = commands.value_of(self.inputs, slot)
        return watched(value, slot) if self.inputs.watching else value

    @contextlib.contextmanager
    def _learning(self) -> Iterator[None]:
        """While it lasts, the first parser that is asked to parse is kept, and the program ends there."""
        original = argparse.ArgumentParser.parse_known_args

        def parse(parser: Any, *args: Any, **kwargs: Any) -> Any:
            self.parser = self.parser or parser
            raise SystemExit(0)

        argparse.ArgumentParser.parse_known_args = parse  # type: ignore[method-assign, assignment]
        try:
            yield
        finally:
            argparse.ArgumentParser.parse_known_args = original  # type: ignore[method-assign]

    @contextlib.contextmanager
    def _typing(self) -> Iterator[None]:
        """While it lasts, parsers that the project asks get the command line of the way."""
        original = argparse.ArgumentParser.parse_known_args
        busy: list[Any] = []

        def parse(parser: Any, args: Any = None, namespace: Any = None) -> Any:
            if busy or not RECORDER.on:
                return original(parser, args, namespace)
            busy.append(parser)
            try:
                typed = self._typed(parser, tuple(self._way.kinds.get("command", "").split()))
                sys.argv[1:] = typed
                found, rest = original(parser, typed, namespace)
            finally:
                busy.pop()
            return rewatched(self.inputs, found), rest

        argparse.ArgumentParser.parse_known_args = parse  # type: ignore[method-assign, assignment]
        try:
            yield
        finally:
            argparse.ArgumentParser.parse_known_args = original  # type: ignore[method-assign]

    def _typed(self, parser: Any, path: tuple[str, ...]) -> list[str]:
        options: list[str] = []
        words: list[str] = []
        tail: list[str] = []
        left_out = _excluded(parser)
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                if path and path[0] in action.choices:
                    tail = [path[0], *self._typed(action.choices[path[0]], path[1:])]
            elif action in left_out or type(action).__name__ in ("_HelpAction", "_VersionAction"):
                continue
            elif not action.option_strings:
                words += self._values(action, f"argument {action.dest!r}")
            elif action.nargs == 0:
                options += [action.option_strings[-1]] * (self._way.kinds.get("flag") == action.option_strings[-1])
            elif action.required or self.inputs.policy.exists:
                options += self._option(action)
        ends = ["--"] if any(word.startswith("-") for word in words) and not tail else []
        return [*options, *ends, *words, *tail]

    def _option(self, action: Any) -> list[str]:
        name = max(action.option_strings, key=len)
        values = self._values(action, f"option {name!r}")
        if len(values) == 1 and name.startswith("--"):
            return [f"{name}={values[0]}"]
        return [name, *values]

    def _values(self, action: Any, name: str) -> list[str]:
        count = action.nargs if isinstance(action.nargs, int) else 1
        return [self._value(action, name if count == 1 else f"{name}[{index}]") for index in range(count)]

    def _value(self, action: Any, name: str) -> str:
        slot = commands.slot_of(self.inputs, name, self.privileged)
        if action.choices is not None:
            choices = [str(one) for one in action.choices]
            slot.usual, slot.trust = (choices or [""])[0], "sanitised"
            slot.constants.setdefault("==", list(choices[1:6]))
        elif action.type in (int, float):
            slot.usual, slot.trust = str(slot.number), "sanitised"
        return commands.value_of(self.inputs, slot, action.type if callable(action.type) else None)


def _paths(parser: Any, before: tuple[str, ...] = (), depth: int = 3) -> list[tuple[str, ...]]:
    """The subcommands of a parser, each as the words that lead to it; one empty one when it has none."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction) and depth:
            known: dict[int, str] = {}
            for name, inner in action.choices.items():
                known.setdefault(id(inner), name)
            return [path for name in known.values()
                    for path in _paths(action.choices[name], (*before, name), depth - 1)]  # fmt: skip
    return [before]


def _at(parser: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        inner = [a.choices[name] for a in parser._actions
                 if isinstance(a, argparse._SubParsersAction) and name in a.choices]  # fmt: skip
        parser = inner[0] if inner else parser
    return parser


def _leads(parser: Any, path: tuple[str, ...], code: Any) -> bool:
    """Whether the subcommand is set to the function with this code."""
    return any(code in apps.codes(value) for value in _at(parser, path)._defaults.values() if callable(value))


def _flags(parser: Any) -> list[str]:
    told = ("_HelpAction", "_VersionAction")
    flags = [a for a in parser._actions if a.option_strings and a.nargs == 0 and type(a).__name__ not in told]
    return [action.option_strings[-1] for action in flags]


def _excluded(parser: Any) -> list[Any]:
    """Of options that exclude each other, all but the first that takes a value."""
    out = []
    for group in parser._mutually_exclusive_groups:
        members = sorted(group._group_actions, key=lambda action: action.nargs == 0)
        out += [action for action in members[1:] if action.nargs != 0]
    return out
