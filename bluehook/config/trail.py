"""Say what is wrong in a configuration: the file and line, the keys down to the value, what was expected, the nearest
known name.

Only reached when something is wrong or when ``bluehook config`` asks where a value stands, so that it may import
freely.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import msgspec

from bluehook.config.schema import Settings

_HEADER = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_AT = re.compile(r"(?P<what>.*) - at `\$\.?(?P<trail>.*)`$", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(.*)`$", re.DOTALL)
_FOUND = re.compile(r"got `(\w+)`$")
_TOML_NAMES = {"array": "a list", "object": "a table", "str": "a string", "int": "a whole number", "float": "a number"}


def line_of(text: str, trail: str) -> int | None:
    """The line (from 1) on which the value at ``trail`` (``tool.bluehook.cache.enabled``) is set, if it can be told.

    The TOML parser keeps no positions, so headers and keys are looked for; a key inside an inline table has its
    table's line.
    """
    lines: dict[str, int] = {}
    counts: Counter[str] = Counter()
    header, inside = "", ""
    for number, line in enumerate(text.splitlines(), 1):
        if inside:
            inside = "" if inside in line else inside
            continue
        if (found := _HEADER.match(line)) and "=" not in line:
            name = _plain(found[1])
            lines.setdefault(name, number)
            if line.lstrip().startswith("[["):
                name = f"{name}[{counts[name]}]"
                counts[_plain(found[1])] += 1
                lines[name] = number
            header = f"{name}."
        elif found := _KEY.match(line):
            lines.setdefault(header + _plain(found[1]), number)
            inside = next((q for q in ('"""', "'''") if line.count(q) % 2), "")
    parts = re.findall(r"\.?[^.\[\]]+|\[\d+\]", trail)
    prefixes = ("".join(parts[:end]) for end in range(len(parts), 0, -1))
    return next((lines[prefix] for prefix in prefixes if prefix in lines), None)


def _plain(key: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in key.split("."))


def nearest(name: str, known: Iterable[str]) -> str:
    """``; did you mean <the most similar known name>?``, or nothing when none is similar."""
    import difflib

    close = difflib.get_close_matches(name.lower(), list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def explain(error: msgspec.ValidationError, raw: object, schema: type[msgspec.Struct] = Settings) -> tuple[str, str]:
    """The keys down to what is wrong (``engines.timeout``), and a sentence about it without the keys.

    ``schema`` is what ``raw`` was to be.
    """
    found = _AT.match(str(error))
    what, trail = (found["what"], found["trail"]) if found else (str(error), "")
    if unknown := _UNKNOWN.match(what):
        known = sorted(field.encode_name for field in msgspec.structs.fields(_struct_at(trail, schema)))
        guess = nearest(unknown[1], known) or f"; known here: {', '.join(known)}"
        return f"{trail}.{unknown[1]}".lstrip("."), f"unknown key{guess}"
    value = _value_at(raw, trail)
    if choices := _choices_at(trail, schema):
        guess = nearest(value, choices) if isinstance(value, str) else ""
        named = ", ".join(choice or '""' for choice in choices)
        return trail, f"expected one of {named}, found {value!r}{guess}"
    if isinstance(value, bool) and _is_switched(trail, schema):
        return trail, f"expected a table, found {str(value).lower()}; write {trail}.enabled"
    what = _FOUND.sub(lambda got: f"found {_TOML_NAMES.get(got[1], got[1])}", what)
    what = re.sub(r"`(\w+)(?: \| null)?`", lambda name: _TOML_NAMES.get(name[1], name[1]), what, count=1)
    return trail, (what[0].lower() + what[1:]).replace("bool,", "true or false,").replace("object missing", "missing")


def _is_switched(trail: str, schema: type[msgspec.Struct]) -> bool:
    """Whether a table of that name has a switch, which somebody took for the table itself."""
    kind = _type_at(trail, schema)
    fields = kind.fields if isinstance(kind, msgspec.inspect.StructType) else ()
    return any(field.encode_name == "enabled" for field in fields)


def _struct_at(trail: str, schema: type[msgspec.Struct]) -> type[msgspec.Struct]:
    kind: object = _type_at(trail, schema)
    assert isinstance(kind, msgspec.inspect.StructType)
    return kind.cls


def _choices_at(trail: str, schema: type[msgspec.Struct]) -> list[str]:
    kind = _type_at(trail, schema)
    return [str(value) for value in kind.values] if isinstance(kind, msgspec.inspect.LiteralType) else []


def _type_at(trail: str, schema: type[msgspec.Struct]) -> msgspec.inspect.Type:
    """The schema's type of the value at a trail such as ``per-path[0].test``."""
    kind: msgspec.inspect.Type = msgspec.inspect.type_info(schema)
    for part in parts(trail):
        if isinstance(part, int) and isinstance(kind, msgspec.inspect.VarTupleType):
            kind = kind.item_type
        elif isinstance(kind, msgspec.inspect.StructType):
            kind = next(field.type for field in kind.fields if field.encode_name == part)
    return kind


def _value_at(raw: object, trail: str) -> object:
    for part in parts(trail):
        if isinstance(part, int) and isinstance(raw, list | tuple):
            raw = raw[part]
        elif isinstance(raw, dict):
            raw = raw.get(part)
    return raw


def parts(trail: str) -> list[str | int]:
    """``per-path[0].test`` as ``["per-path", 0, "test"]``."""
    return [int(index) if index else name for index, name in re.findall(r"\[(\d+)\]|([^.\[\]]+)", trail)]
