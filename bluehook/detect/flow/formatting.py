"""Text from templates: f-strings, ``%``, ``str.format``; each argument goes where its placeholder stands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bluehook.detect.flow.values import (
    ANY,
    MOST_FORMS,
    NOWHERE,
    Form,
    Value,
    cleaned,
    concatenated,
    constant,
    merged,
    with_forms,
)

_PERCENT = re.compile(r"%(?:\((?P<name>[^)]*)\))?[#0\- +]*[\d*]*(?:\.[\d*]+)?[hlL]?(?P<type>[a-zA-Z%])")
_BRACES = re.compile(
    r"\{\{|\}\}|\{(?P<name>[^{}!:]*)(?:!(?P<conversion>\w))?(?::(?P<spec>[^{}]*(?:\{[^{}]*\})?[^{}]*))?\}"
)
_NUMBERS = re.compile(r".*[dioxXeEfFgGn%]$")
_FIRST_NAME = re.compile(r"[^.\[]*")


def interpolated(parts: Sequence[tuple[Value, str]]) -> Value:
    """An f-string of these parts with their specifications."""
    return concatenated([_specified(value, spec) for value, spec in parts])


def _specified(value: Value, spec: str) -> Value:
    """A value as it is written out: a numeric format refuses anything else."""
    return cleaned(value, ANY) if spec and _NUMBERS.match(spec) else value


def percent(template: Value, arguments: Sequence[Value], named: Mapping[Any, Value]) -> Value:
    """``template % arguments``; a template that is not known hands on everything."""
    results: list[Form] = []
    for form in template.forms:
        results += _filled(form, arguments, named, _PERCENT)
    return with_forms(results) if results else merged([template, *arguments, *named.values()])


def braces(template: Value, arguments: Sequence[Value], named: Mapping[Any, Value]) -> Value:
    """``template.format(*arguments, **named)``."""
    results: list[Form] = []
    for form in template.forms:
        results += _filled(form, arguments, named, _BRACES)
    return with_forms(results) if results else merged([template, *arguments, *named.values()])


def _filled(
    form: Form, arguments: Sequence[Value], named: Mapping[Any, Value], pattern: re.Pattern[str]
) -> Sequence[Form]:
    values: list[Value] = []
    at = 0
    for piece in form:
        if not isinstance(piece, str):
            values.append(Value(forms=((piece,),)))
            if not any(isinstance(other, str) for other in form):
                values += [*arguments, *named.values()]
            continue
        end = 0
        for match in pattern.finditer(piece):
            values.append(constant(piece[end : match.start()]))
            end = match.end()
            if match[0] in ("%%", "{{", "}}"):
                values.append(constant(match[0][0]))
                continue
            value, at = _argument(match, at, arguments, named)
            spec = match["type"] if pattern is _PERCENT else match["spec"] or ""
            values.append(_specified(value, spec))
        values.append(constant(piece[end:]))
    return concatenated(values).forms[:MOST_FORMS]


def _argument(
    match: re.Match[str], at: int, arguments: Sequence[Value], named: Mapping[Any, Value]
) -> tuple[Value, int]:
    name = match["name"]
    if name is None or name == "":
        return (arguments[at] if at < len(arguments) else merged([*arguments, *named.values()])), at + 1
    first = _FIRST_NAME.match(name)
    head = first[0] if first is not None else name
    if head.isdigit():
        return (arguments[int(head)] if int(head) < len(arguments) else NOWHERE), at
    if head in named:
        return named[head], at
    return merged([*arguments, *named.values()]) if not named else NOWHERE, at


def joined_by(separator: Value, items: Sequence[Value]) -> Value:
    """``separator.join(items)`` of known items."""
    values: list[Value] = []
    for item in items:
        if values:
            values.append(separator)
        values.append(item)
    return concatenated(values) if values else constant("")
