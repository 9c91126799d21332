"""Comments and docstrings that talk to an automated reviewer or an agent instead of to people.

What counts as an order, :mod:`bluehook.text.reviewers` says; here is where it stands, and how much of it is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node, QueryCursor

from bluehook.findings import Location
from bluehook.parse import ParsedFile, syntax
from bluehook.text.reviewers import may_hold_order, order

_LONGEST = 6000


class Remark(NamedTuple):
    """A comment block or docstring: its text without marks, where it stands, and why it is an order to a reviewer."""

    text: str
    location: Location
    order: str
    addressed: bool


def wants(utf8: bytes) -> bool:
    """Whether words of such a remark stand in a text in UTF-8."""
    return may_hold_order(utf8)


def remarks(file: ParsedFile) -> Iterator[Remark]:
    """The remarks that give an order that no person needs; ``addressed`` ones name whom they are for."""
    for text, location in _texts(file):
        found = order(text)
        if found is not None:
            yield Remark(text, location, found.words, found.addressed)


def _texts(file: ParsedFile) -> Iterator[tuple[str, Location]]:
    """Comment blocks (lines below each other are one), docstrings and other strings that stand alone."""
    block: list[str] = []
    place: Location | None = None
    for comment in file.comments:
        text = comment.text.lstrip("#!: ").rstrip()
        if place is not None and comment.line == place.end_line + 1 and comment.column == place.column:
            block.append(text)
            place = Location(place.path, place.line, place.column, comment.line, comment.column + len(comment.text))
            continue
        if place is not None:
            yield "\n".join(block)[:_LONGEST], place
        block = [text]
        place = Location(file.path, comment.line, comment.column, comment.line, comment.column + len(comment.text))
    if place is not None:
        yield "\n".join(block)[:_LONGEST], place
    captures = QueryCursor(syntax.query("(expression_statement . (string) @string .)")).captures(file.root)
    for node in captures.get("string", []):
        yield file.node_text(node).strip("rRuUbB\"'")[:_LONGEST], file.location(_first_line(node))


def _first_line(node: Node) -> Node:
    return node.named_children[0] if node.named_children and node.start_point.row != node.end_point.row else node
