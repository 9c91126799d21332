"""What of a text is language: everything but the lines of code in it. Their comments, headers and docstrings stay."""

from __future__ import annotations

import re

from bluehook.text.capabilities import pieces

_KEPT = re.compile(
    r"^[ \t]*(?:#(?!include)|//|/?\*|<!--|--|rem |def |class |async def |function |public |private |fn |func )",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"\"{3}|'{3}")


def prose(text: str) -> str:
    """The text with lines of code blanked, every other character at its place."""
    parts = []
    done = 0
    for start, end in pieces(text):
        parts += [text[done:start], _blanked(text[start:end])]
        done = end
    return "".join([*parts, text[done:]]) if parts else text


def _blanked(code: str) -> str:
    inside = False
    lines = []
    for line in code.split("\n"):
        quotes = len(_QUOTE.findall(line))
        lines.append(line if inside or quotes or _KEPT.match(line) else " " * len(line))
        inside ^= quotes % 2 == 1
    return "\n".join(lines)
