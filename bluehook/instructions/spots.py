"""Where in its file a place of a text stands: lines and columns, its paragraph, its heading."""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right

from bluehook.findings import LineRange, Location
from bluehook.instructions.parts import Part
from bluehook.text import literals

_HEADING = re.compile(r"^#{1,6} {1,8}([^\n]{1,120})$", re.MULTILINE)


class Spots:
    """The places of one text; its lines, paragraphs and headings are looked up once."""

    def __init__(self, path: str, part: Part) -> None:
        self._path = path
        self._part = part
        text = part.text
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        blank = (number for number, line in enumerate(text.split("\n"), 1) if not line.strip())
        self._borders = [0, *blank, len(self._starts) + 1]
        self._headings = [(found.start(), found[1].strip()) for found in _HEADING.finditer(text)]

    def location(self, start: int, end: int) -> Location:
        """Lines and columns in the file."""
        if self._part.document:
            return self._in_document(start, end)
        starts = self._starts
        row, last = bisect_right(starts, start) - 1, bisect_right(starts, max(start, end - 1)) - 1
        line, end_line = self._part.first_line + row, self._part.first_line + last
        return Location(self._path, line, start - starts[row] + 1, end_line, end - starts[last] + 1)

    def _in_document(self, start: int, end: int) -> Location:
        """The place in the literal of a string of a JSON document; its line where two strings have the same name."""
        part = self._part
        first, last = literals.places(part.document).get(part.name, (0, 0))
        literal = part.document[first:last]
        if not literal or json.loads(f'"{literal}"', strict=False) != part.text:
            return Location(self._path, part.first_line)
        line = part.first_line + part.document.count("\n", 0, first)
        before = first - (part.document.rfind("\n", 0, first) + 1)
        columns = [before + literals.offset(literal, index) + 1 for index in (start, end)]
        return Location(self._path, line, columns[0], line, columns[1])

    def paragraph(self, place: Location) -> LineRange:
        """The lines of the paragraphs that hold a place: what a change must touch for the finding to be its own."""
        borders = self._borders
        if self._part.document or place.line >= borders[-1]:
            return LineRange(place.line, place.line)
        end = max(place.line, place.end_line)
        return LineRange(borders[bisect_left(borders, place.line) - 1] + 1, borders[bisect_right(borders, end)] - 1)

    def heading(self, at: int) -> str:
        """The heading that a place of a Markdown text stands under."""
        above = bisect_left(self._headings, (at, ""))
        return self._headings[above - 1][1] if above else ""
