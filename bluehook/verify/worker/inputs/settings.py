"""Settings that nobody made here: values that whoever runs the program would have written."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

from ..observe.record import RECORDER

if TYPE_CHECKING:
    from .slots import Inputs

NUMBER = 7
_ADDRESS = re.compile(r"(^|_)(URL|URI|ENDPOINT)$")
_COUNTED = re.compile(
    r"(^|_)(port|timeout|limit|size|count|num|number|max|min|interval|delay|retries|workers|threads|ttl|seconds|"
    r"minutes|hours|days|width|height|length|batch|depth)(_|$)",
    re.I,
)
"""Names under which files of settings that know numbers have one."""


class Setting(str):
    """The value of a setting: text that whoever runs the program wrote, a number where one is made of it.

    It is no slot, so nothing attacks it, and what is joined to it stands beside text of the code's own.
    """

    counted = False

    def __int__(self) -> int:
        self.counted = True
        return NUMBER

    def __float__(self) -> float:
        return float(int(self))


def made_up(inputs: Inputs, key: str) -> Setting:
    """A new setting: an address where the name says so, else a word."""
    word = inputs.canaries.word()
    return Setting(f"http://{word}.invalid" if _ADDRESS.search(key) else word)


def value_in(table: dict[str, Any], inputs: Inputs, name: str) -> Any:
    """The value of a setting in a table of made-up ones, which is the same in all runs: they are judged together."""
    if name not in table:
        table[name] = made_up(inputs, name)
    return table[name]


class MissingFile:
    """A file of settings that is not there: it has what the code takes from it, and nothing that is only asked for.

    ``texts`` says that it is of a sort that knows texts only.
    """

    def __init__(self, inputs: Inputs, path: str, texts: bool = False) -> None:
        self.inputs = inputs
        self.path = path
        self.texts = texts

    def value(self, name: str) -> Any:
        """The setting of this dotted name, which is the same in all runs."""
        made = self.inputs.configured
        key = f"{self.path}: {name}"
        if key not in made:
            last = name.rpartition(".")[2]
            counted = _COUNTED.search(last) is not None and not self.texts
            made[key] = NUMBER if counted else Entry.of(self, name, made_up(self.inputs, last.upper()))
        return made[key]

    def holds(self, name: str) -> bool:
        """Whether it has what is only asked for: not until a run has failed for want of it."""
        key = f"{self.path}: {name}"
        if key in self.inputs.policy.settings:
            return True
        place = RECORDER.place(sys._getframe(1))
        self.inputs.refused[key] = place.f_lineno if place is not None else 0
        return False


class Table(dict):  # type: ignore[type-arg]
    """The settings below a dotted name (all of them, below an empty one), as a mapping."""

    def __init__(self, file: MissingFile, name: str = "") -> None:
        super().__init__()
        self._file = file
        self._name = name

    def _below(self, key: object) -> str:
        return f"{self._name}.{key}" if self._name else str(key)

    def __missing__(self, key: Any) -> Any:
        if not RECORDER.directly(sys._getframe(1)):
            raise KeyError(key)
        return self._file.value(self._below(key))

    def __contains__(self, key: object) -> bool:
        return dict.__contains__(self, key) or (
            RECORDER.directly(sys._getframe(1)) and self._file.holds(self._below(key))
        )

    def get(self, key: Any, default: Any = None) -> Any:
        """What is set; a setting that is only asked for when a run has failed for want of it."""
        if dict.__contains__(self, key) or default is not None or not RECORDER.directly(sys._getframe(1)):
            return dict.get(self, key, default)
        return self._file.value(self._below(key)) if self._file.holds(self._below(key)) else None

    def pop(self, key: Any, *default: Any) -> Any:
        """As of ``dict``; what has no default is there."""
        if dict.__contains__(self, key) or default:
            return dict.pop(self, key, *default)
        return self._file.value(self._below(key))


class Entry(Setting):
    """A setting out of a file: a text, a switch that is off, or a table of further settings, as the code takes it."""

    _file: MissingFile
    _name: str

    @classmethod
    def of(cls, file: MissingFile, name: str, text: str) -> Entry:
        """The entry of this dotted name."""
        made = cls(text)
        made._file, made._name = file, name
        return made

    def is_on(self) -> bool:
        """Whether it is on, as a switch."""
        return self._file.holds(self._name)

    def __bool__(self) -> bool:
        return self.is_on() if RECORDER.directly(sys._getframe(1)) else True

    def __getitem__(self, key: Any) -> Any:
        return self._file.value(f"{self._name}.{key}") if isinstance(key, str) else str.__getitem__(self, key)

    def __iter__(self) -> Any:
        whole = RECORDER.is_project(sys._getframe(1).f_code.co_filename)
        return iter([self._file.value(self._name + ".0")]) if whole else str.__iter__(self)

    def __getattr__(self, name: str) -> Any:
        if name in ("get", "pop", "items", "keys", "values"):
            return getattr(Table(self._file, self._name), name)
        raise AttributeError(name)

    def __lt__(self, other: Any) -> Any:
        return int(self) < other if isinstance(other, (int, float)) else str.__lt__(self, other)

    def __le__(self, other: Any) -> Any:
        return int(self) <= other if isinstance(other, (int, float)) else str.__le__(self, other)

    def __gt__(self, other: Any) -> Any:
        return int(self) > other if isinstance(other, (int, float)) else str.__gt__(self, other)

    def __ge__(self, other: Any) -> Any:
        return int(self) >= other if isinstance(other, (int, float)) else str.__ge__(self, other)
