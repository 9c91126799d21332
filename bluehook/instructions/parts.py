"""The texts within a file: all of it, or the strings of a JSON document that hold requests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from bluehook.findings import Problem
from bluehook.text.judgement import Surface

ENGINE = "instructions"
_FIELDS = (
    "content",
    "text",
    "prompt",
    "instruction",
    "instructions",
    "input",
    "message",
    "description",
    "query",
    "system",
)


class Part(NamedTuple):
    """A text within a file. Of a string of a JSON document there are its ``name``, the ``document`` and the line of the
    file (from 1) that this begins on.
    """

    text: str
    surface: Surface
    first_line: int = 1
    name: str = ""
    document: str = ""


def parts(path: str, text: str, surface: Surface, field: str | None, problems: list[Problem]) -> Iterator[Part]:
    """The texts of a file; ``field`` names the field of JSON that holds them, ``problems`` is told what is not JSON."""
    ending = path.rpartition(".")[2].lower()
    if ending in ("jsonl", "ndjson") or (field is not None and ending != "json"):
        yield from _json_lines(path, text, surface, field, problems)
    elif ending == "json":
        try:
            yield from _of_json(text, json.loads(text), field, surface, 1)
        except (ValueError, RecursionError) as error:
            problems.append(Problem(ENGINE, f"not JSON ({_short(error)}); read as text", path, incomplete=False))
            yield Part(text, surface)
    else:
        yield Part(text, surface)


def _json_lines(path: str, text: str, surface: Surface, field: str | None, problems: list[Problem]) -> Iterator[Part]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            problems.append(Problem(ENGINE, f"line {number} is not JSON ({_short(error)})", path))
            continue
        yield from _of_json(line, value, field, surface, number)


def _of_json(document: str, value: Any, field: str | None, surface: Surface, line: int) -> Iterator[Part]:
    """The texts of a document: those of one field, else of the fields that hold requests, else every string."""
    surface = Surface.PROMPT if surface is Surface.PROSE else surface
    names = (field,) if field is not None else _FIELDS
    stack: list[tuple[Any, str, bool]] = [(value, "", isinstance(value, str) and field is None)]
    while stack:
        item, name, meant = stack.pop()
        if isinstance(item, str):
            if meant and item.strip():
                yield Part(item, surface, line, name, document)
        elif isinstance(item, dict):
            stack += [
                (inner, f"{name}.{key}" if name else str(key), meant or key in names)
                for key, inner in reversed(item.items())
            ]
        elif isinstance(item, list):
            stack += [
                (inner, f"{name}[{n}]", meant or not isinstance(inner, (dict, list)))
                for n, inner in reversed(list(enumerate(item)))
            ]


def _short(error: Exception) -> str:
    return str(error).partition(":")[0][:60] or type(error).__name__
