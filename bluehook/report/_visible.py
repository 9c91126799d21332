"""Untrusted text made harmless: what cannot be seen, or steers a terminal, is written as an escape.

A source line or a file name can hold ANSI sequences, bidirectional overrides (CVE-2021-42574, "Trojan Source"),
zero-width characters and bytes that are not text. Reports show them the way ``repr`` would, so that nobody is fooled
and nothing is hidden.
"""

from __future__ import annotations

import re

# Letters and marks by category that yet draw nothing (Unicode: Default_Ignorable_Code_Point, and the Braille blank).
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0") | frozenset(
    map(chr, range(0xE0100, 0xE01F0))
)
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SURROGATE = re.compile("[\ud800-\udfff]")


def visible(text: str, keep: str = "") -> str:
    """The text with every invisible or controlling character spelt as a backslash escape, but for those in ``keep``.

    A byte that was not UTF-8 (a surrogate escape) becomes ``\\xff``. Backslashes of the text itself stay single: this
    is for reading, not for reading back.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c in keep or (c.isprintable() and c not in _BLANK) else escaped(c) for c in text)


def one_line(text: str) -> str:
    """:func:`visible`, with runs of white space folded to single spaces."""
    return visible(" ".join(text.split()))


def well_formed(text: str) -> str:
    """The text with only its surrogates escaped, which neither UTF-8 nor strict JSON can carry."""
    return _SURROGATE.sub(lambda match: escaped(match.group()), text)


def escaped(character: str) -> str:
    r"""One character as ``\n``, ``\x1b``, ``\u202e`` or ``\U000e0041``; a surrogate escape as its byte."""
    if character in _SHORT:
        return _SHORT[character]
    number = ord(character)
    if 0xDC80 <= number <= 0xDCFF:
        return f"\\x{number - 0xDC00:02x}"
    if number <= 0xFF:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"


def encodable(text: str, encoding: str) -> str:
    """The text with every character that ``encoding`` does not have as a backslash escape; ASCII if it is unknown."""
    if text.isascii():
        return text
    try:
        return text.encode(encoding, "backslashreplace").decode(encoding)
    except LookupError:
        return text.encode("ascii", "backslashreplace").decode("ascii")
