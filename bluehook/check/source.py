"""Python source as it is shown and compared: without comments, with its secrets and prose taken out, line by line."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from bluehook.findings import SourceFile
from bluehook.parse import parse

if TYPE_CHECKING:
    from tree_sitter import Node

_WORDS = re.compile(r"[^\W\d_]{2,}")
_MOST_WORDS = 5
"""Words of a string or an identifier beyond which it may be speaking to its reader."""
_SQL = re.compile(r"\s*(?:select|insert|update|delete|create|alter|drop|with|merge|replace|pragma)\b", re.IGNORECASE)


class Spoken(NamedTuple):
    """A piece of a source in which somebody may speak: its line (from 1), what it is, and its text."""

    line: int
    kind: str
    text: str


def normalised(text: str) -> str:
    """Code as memory knows it: moved left, without trailing blanks and empty lines."""
    lines = [line.rstrip() for line in textwrap.dedent(text).splitlines()]
    return "\n".join(line for line in lines if line)


def bare(text: str) -> str:
    """Code without anything in which its author can speak to a reader: comments, docstrings, other strings that stand
    for themselves, prose in strings, and identifiers of many words (renamed, the same one alike). Statements stay.
    """
    root, data = _grown(text)
    cuts: list[tuple[int, int, bytes]] = []
    names: dict[bytes, bytes] = {}
    for node in _walk(root):
        start, end = node.byte_range
        if node.type == "comment":
            cuts.append((start, end, b""))
        elif node.type == "expression_statement" and _is_string(node):
            cuts.append((start, end, b"pass"))
        elif node.type == "string_content" and _is_prose(data[start:end]) and not _inside(node, cuts):
            cuts.append((start, end, b"<prose>" + b"\n" * data[start:end].count(b"\n")))
        elif node.type == "identifier" and _is_wordy(data[start:end]):
            known = names.setdefault(data[start:end], b"name_%d" % (len(names) + 1))
            cuts.append((start, end, known))
    for start, end, instead in sorted(cuts, reverse=True):
        data = data[:start] + instead + data[end:]
    return normalised(data.decode("utf-8", "replace"))


def spoken(text: str) -> Iterator[Spoken]:
    """Comments, strings and wordy identifiers of a source, each once, in the order of the text."""
    root, data = _grown(text)
    seen = set()
    for node in _walk(root):
        kind = {"comment": "comment", "string_content": "string", "identifier": "identifier"}.get(node.type, "")
        if not kind:
            continue
        content = data[slice(*node.byte_range)]
        if kind == "identifier" and not _is_wordy(content):
            continue
        found = Spoken(node.start_point.row + 1, kind, content.decode("utf-8", "replace"))
        if found.text not in seen:
            seen.add(found.text)
            yield found


def _grown(text: str) -> tuple[Node, bytes]:
    file = parse(SourceFile(path="span.py", data=textwrap.dedent(text).encode("utf-8", "surrogatepass")))
    return file.root, file.utf8


def _walk(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.children))


def _is_string(node: Node) -> bool:
    children = node.named_children
    return bool(children) and all(child.type in ("string", "concatenated_string") for child in children)


def _inside(node: Node, cuts: list[tuple[int, int, bytes]]) -> bool:
    return any(start <= node.start_byte and node.end_byte <= end for start, end, _ in cuts[-4:])


def _is_prose(content: bytes) -> bool:
    text = content.decode("utf-8", "replace")
    return len(_WORDS.findall(text)) > _MOST_WORDS and not _SQL.match(text)


def _is_wordy(name: bytes) -> bool:
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.decode("utf-8", "replace"))
    return len([part for part in text.split("_") if len(part) > 1]) > _MOST_WORDS
