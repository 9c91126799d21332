"""Driving commands of Click and Typer through their own parsers, from the outermost group that leads to them."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator
from typing import Any

from ..inputs.rewatch import rewatched
from ..inputs.slots import Inputs, Policy, Slot
from ..inputs.standin import standin
from . import apps, commands, replay, response
from .load import Restoring, Target
from .loops import Runner
from .returned import tell
from .run import Guard, Run
from .way import Way

_MOST_FLAGS = 8
_NUMBERS = {"IntParamType", "FloatParamType", "IntRange", "FloatRange"}
_FIXED = {
    "DateTime": "2024-05-17",
    "UUIDParameterType": "00000000-0000-4000-8000-000000000007",
    "BoolParamType": "true",
}


@dataclasses.dataclass
class Found:
    """A command: the object to start, and the words and objects on the way to the one under attack."""

    root: Any
    path: list[tuple[str, Any]]

    @property
    def command(self) -> Any:
        """The command under attack itself."""
        return self.path[-1][1] if self.path else self.root


def driver(target: Target, inputs: Inputs) -> ClickDriver | None:
    """The driver, when a command of the module calls the function."""
    click = apps.installed("click")
    code = apps.code_of(target)
    if click is None or code is None:
        return None
    found = [one for root in _roots(click, target) for one in _below(click, root) if _calls(one.command, code)]
    if not found:
        return None
    return ClickDriver(target, inputs, max(found, key=lambda one: len(one.path)))


def _roots(click: Any, target: Target) -> Iterator[Any]:
    """The commands that the module, or another that is loaded, holds."""
    typer = apps.installed("typer")
    kind = getattr(click, "Command", None) or click.BaseCommand
    for module in (target.module, *apps.others(target.module)):
        yield from apps.objects(module, kind)
        for app in apps.objects(module, typer.Typer) if typer is not None else []:
            yield typer.main.get_command(app)


def _below(click: Any, root: Any, before: tuple[tuple[str, Any], ...] = ()) -> Iterator[Found]:
    yield Found(root if not before else before[0][1], list(before[1:]))
    here = root if not before else before[-1][1]
    start = before or (("", root),)
    for name, inner in list((getattr(here, "commands", None) or {}).items()):
        if len(start) < 5:
            yield from _below(click, root, (*start, (name, inner)))


def _calls(command: Any, code: Any) -> bool:
    callback = getattr(command, "callback", None)
    return callback is not None and code in apps.codes(callback)


class ClickDriver(Restoring):
    """Types command lines for one command."""

    def __init__(self, target: Target, inputs: Inputs, found: Found) -> None:
        self.target, self.inputs, self.found = target, inputs, found
        self.guard = Guard(target.file)
        self.place = response.place_of(target.function, target.node)
        self.privileged = commands.is_privileged(target.tree)
        self.runner = Runner()
        self._flag = ""
        command = found.command
        command.callback = self._watching(command.callback)

    def ways(self) -> list[Way]:
        """All options; none that may be left out; then each flag by itself."""
        name = " ".join(word for word, _ in self.found.path)
        ways = [Way(kinds={"command": name}), Way(kinds={"command": name}, policy=Policy(exists=False))]
        flags = [_name(one) for one in self.found.command.params if getattr(one, "is_flag", False)]
        return ways + [Way(kinds={"command": name, "flag": flag}) for flag in flags[:_MOST_FLAGS]]

    def run(self, way: Way, watching: bool) -> Run:
        """One call with the command line of this way."""
        self.inputs.begin(way.assigned, watching, way.policy)
        self._flag = way.kinds.get("flag", "")
        typed = self._typed(self.found.root)
        for word, command in self.found.path:
            typed += [word, *self._typed(command)]

        def call() -> Any:
            root = self.found.root
            context = {} if self.found.path else {"obj": standin(self.inputs, "context object", "assumed")}
            with commands.Typed(self.inputs, typed):
                return root.main(args=list(typed), prog_name="program", standalone_mode=False, **context)

        result = self.guard.run(call, watch_lines=watching)
        if not result.error:
            tell(result, self.target)
        return result

    def text(self, way: Way, changed: dict[str, Any]) -> str:
        """The command line with the values that matter."""
        return commands.shown(way, changed, str(self.found.root.name or "program"))

    def replay(self, way: Way) -> dict[str, Any]:
        """Not yet."""
        raise replay.Unrepeatable("a command line is not written down yet")

    def _watching(self, callback: Any) -> Any:
        """The callback, given values that note comparisons; what it leaves to be awaited is awaited."""

        @functools.wraps(callback)
        def called(*args: Any, **named: Any) -> Any:
            given = {name: rewatched(self.inputs, value) for name, value in named.items()}
            result = callback(*args, **given)
            return self.runner.run(result) if hasattr(result, "cr_await") else result

        return called

    def _typed(self, command: Any) -> list[str]:
        """The options and words of one command."""
        options: list[str] = []
        words: list[str] = []
        for parameter in command.params:
            if parameter.param_type_name == "argument":
                words += self._values(parameter, f"argument {parameter.name!r}")
            elif getattr(parameter, "is_flag", False) or getattr(parameter, "count", False):
                options += [_name(parameter)] * (self._flag == _name(parameter))
            elif not parameter.is_eager and (parameter.required or self.inputs.policy.exists):
                values = self._values(parameter, f"option {_name(parameter)!r}")
                joined = len(values) == 1 and _name(parameter).startswith("--")
                options += [f"{_name(parameter)}={values[0]}"] if joined else [_name(parameter), *values]
        ends = ["--"] if any(word.startswith("-") for word in words) and not hasattr(command, "commands") else []
        return [*options, *ends, *words]

    def _values(self, parameter: Any, name: str) -> list[str]:
        count = parameter.nargs if isinstance(parameter.nargs, int) and parameter.nargs > 0 else 1
        kinds = getattr(parameter.type, "types", None) or [parameter.type] * count
        return [self._value(kind, name if count == 1 else f"{name}[{index}]")
                for index, kind in enumerate(kinds[:count])]  # fmt: skip

    def _value(self, kind: Any, name: str) -> str:
        slot = commands.slot_of(self.inputs, name, self.privileged)
        _settle(slot, kind)
        sort = type(kind).__name__
        if sort in ("Path", "TyperPath") and getattr(kind, "exists", False):
            commands.place(self.inputs, slot, folder=not getattr(kind, "file_okay", True))
        elif sort == "File" and "r" in str(getattr(kind, "mode", "r")):
            commands.place(self.inputs, slot)
        return self.inputs.text(slot)


def _settle(slot: Slot, kind: Any) -> None:
    """Give the slot a value that the type takes."""
    sort = type(kind).__name__
    choices = getattr(kind, "choices", None)
    if choices:
        given = [str(getattr(one, "value", one)) for one in choices]
        slot.usual, slot.trust = given[0], "sanitised"
        slot.constants.setdefault("==", given[1:6])
    elif sort in _NUMBERS:
        most = getattr(kind, "max", None)
        slot.usual, slot.trust = (str(slot.number) if most is None else str(most)), "sanitised"
    elif sort in _FIXED:
        slot.usual, slot.trust = _FIXED[sort], "sanitised"


def _name(parameter: Any) -> str:
    return str(max(parameter.opts, key=len))
