"""The lines of a file that a finding stands on, cut to what fits a report."""

from __future__ import annotations

import functools

import msgspec

from bluehook.findings import Location

_LONGEST = 400
_LEAD = 60


class SourceLine(msgspec.Struct, frozen=True):
    """One line with its number (from 1), and the part of it that is meant: code points ``first`` to ``last``.

    ``last`` is exclusive. ``number`` 0 stands for lines left out, which ``text`` says.
    """

    number: int
    text: str
    first: int = 0
    last: int = 0


def excerpt(data: bytes, location: Location, most: int = 6) -> list[SourceLine]:
    """The lines of a span, at most ``most``; of a longer one its beginning and its last line.

    Bytes that are not UTF-8 become surrogate escapes, one code point each. Empty when the file has no such line.
    """
    lines = _lines(data)
    end_line = max(location.line, location.end_line)
    if not 1 <= location.line <= end_line <= len(lines):
        return []
    numbers = list(range(location.line, end_line + 1))
    if len(numbers) <= most:
        return [_marked(lines, number, location) for number in numbers]
    hidden = len(numbers) - (most - 1)
    head = [_marked(lines, number, location) for number in numbers[: most - 2]]
    return [*head, SourceLine(0, f"({hidden} more lines)"), _marked(lines, end_line, location)]


@functools.lru_cache(maxsize=2)
def _lines(data: bytes) -> list[str]:
    # Findings come sorted by file: splitting a large one anew for each of them would be felt.
    return data.decode("utf-8", "surrogateescape").split("\n")


def _marked(lines: list[str], number: int, location: Location) -> SourceLine:
    text = lines[number - 1].rstrip("\r")
    indent = len(text) - len(text.lstrip())
    first = location.column - 1 if number == location.line else indent
    last = location.end_column - 1 if number == location.end_line and location.end_column else len(text.rstrip())
    first = min(max(first, 0), len(text))
    return _shortened(SourceLine(number, text, first, min(max(last, first), len(text))))


def _shortened(line: SourceLine) -> SourceLine:
    """A line of minified length, cut to the surroundings of its span."""
    if len(line.text) <= _LONGEST:
        return line
    start = max(0, line.first - _LEAD)
    text = line.text[start : start + _LONGEST]
    before, after = "... " if start else "", " ..." if start + _LONGEST < len(line.text) else ""
    shift = len(before) - start
    last = min(line.last + shift, len(before) + len(text))
    return SourceLine(line.number, before + text + after, line.first + shift, last)
