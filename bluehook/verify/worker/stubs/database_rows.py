"""The row that a query finds in a table that is empty or not there, in runs whose policy says so.

Behind ``if user is None`` lies what an application does for those whom it knows. A row is found by what could be a key
of it only: a table that is asked for an attack has no such row, so a look-up that the code goes by turns it away, as it
would anywhere. Nobody knows who wrote what the row holds, so that steers the code and is never attacked.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from ..inputs import build
from ..inputs.asked import unpacked
from ..inputs.settings import NUMBER
from ..inputs.slots import Inputs
from ..observe.record import RECORDER, as_text
from ..observe.sql import ROWS

_READS = re.compile(r"\s*\(?\s*(select|with)\b", re.I)
_LIST = re.compile(r"\s*\(?\s*select\s+(?:distinct\s+|all\s+)?(.*?)(?:\s+from\b|$)", re.I | re.S)
_KEY = re.compile(r"\w[\w@.+ \-]*")
_COUNTED = re.compile(
    r"(count|sum|max|min|avg|total|length|exists)\s*\(.*|"
    r"(\w*_)?(id|count|number|total|age|amount|price|quantity|balance|stock|size)",
    re.I | re.S,
)
_SWITCHED = re.compile(r"(\w*_)?(is|has)_\w+|(\w*_)?(active|enabled|verified|confirmed|admin)", re.I)
_DATED = re.compile(r"(\w*_)?(date|time|timestamp|datetime|(created|updated|changed|modified)(_at|_on)?)", re.I)
_DATE = "2024-05-17 12:00:00"
_PREFIX = "column "


def install(inputs: Inputs) -> None:
    """Let the database's stand-in ask here for rows."""

    def found(statement: Any, parameters: Any, names: Sequence[str]) -> Any:
        text = as_text(statement)
        if not RECORDER.on or not _READS.match(text) or not is_asked_by_key(inputs, text, parameters):
            return None
        inputs.rowless = not inputs.policy.rows
        return Row(inputs, names) if inputs.policy.rows else None

    ROWS.found = found
    ROWS.named = _selected


def slot_name(column: object) -> str:
    """What the slot of a column is called."""
    return f"{_PREFIX}{str(column)!r} of a row"


class Row(tuple):  # type: ignore[type-arg]
    """A row that has the columns which the query names, or every one that the code asks for where it names none."""

    _inputs: Inputs
    _names: list[str]

    def __new__(cls, inputs: Inputs, names: Sequence[str]) -> Row:
        """A row with these columns; with all of them where ``names`` is empty."""
        row = super().__new__(cls, [_value(inputs, name) for name in names])
        row._inputs, row._names = inputs, list(names)
        return row

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str) or (isinstance(key, int) and not self._names):
            return _value(self._inputs, key)
        return tuple.__getitem__(self, key)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not RECORDER.directly(sys._getframe(1)):
            raise AttributeError(name)
        return _value(self._inputs, name)

    def __iter__(self) -> Iterator[Any]:
        size = unpacked(sys._getframe(1).f_code, sys._getframe(1).f_lasti)
        if self._names or size is None:
            return iter([self[name] for name in self.keys()])
        return iter([self[place] for place in range(size)])

    def __len__(self) -> int:
        return max(1, len(self.keys()))

    def __bool__(self) -> bool:
        return True

    def keys(self) -> list[str]:
        """The names of the columns; of those known so far where the query names none."""
        known = [slot.kind[4:] for slot in self._inputs.slots.values() if slot.name.startswith(_PREFIX)]
        return self._names or known

    def get(self, key: Any, default: Any = None) -> Any:
        """As of the mappings that row factories make."""
        return self[key]

    def items(self) -> list[tuple[str, Any]]:
        """As of the mappings that row factories make."""
        return [(name, self[name]) for name in self.keys()]


def _value(inputs: Inputs, column: object) -> Any:
    """What stands in a column: a number, a date or a flag that is set where its name says so, else text."""
    for pattern, value in ((_COUNTED, NUMBER), (_SWITCHED, 1), (_DATED, _DATE)):
        if pattern.fullmatch(str(column)):
            return value
    inputs.slot(slot_name(column), "sanitised", kind=f"key:{column}")
    return build.text(inputs, slot_name(column), "sanitised")


def _selected(statement: Any) -> list[str]:
    """The names of the columns that a query asks for; none where it asks for all of a table."""
    listed = _LIST.match(as_text(statement))
    if listed is None or "*" in re.sub(r"\([^()]*\)", "", listed[1]):
        return []
    parts = re.split(r",(?![^(]*\))", listed[1])
    named = [re.search(r"(?:\bas\s+)?[\"'`\[]?(\w+)[\"'`\]]?\s*$", part, re.I) for part in parts]
    return [found[1] if found else part.strip() for found, part in zip(named, parts)]  # noqa: B905 (3.9)


def is_asked_by_key(inputs: Inputs, statement: str, parameters: Any) -> bool:
    """Whether all that the query is given could be keys of a row: no attack is one."""
    given: list[Any] = []
    for one in parameters if isinstance(parameters, (tuple, list)) else (parameters,):
        values = one.values() if isinstance(one, dict) else one if isinstance(one, (tuple, list)) else (one,)
        given += [value for value in values if isinstance(value, (str, bytes))]
    given += [value for value in inputs.assigned.values() if isinstance(value, str) and value and value in statement]
    return all(_KEY.fullmatch(as_text(value).strip("%*")) for value in given)
