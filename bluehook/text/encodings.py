"""Encoded runs: base64, base32, hex, percent signs, escapes, character codes, binary.

Each search is one pass of a pattern whose every quantifier is bounded; what it yields is judged as a text of its own.
"""

from __future__ import annotations

import base64
import codecs
import html
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from bluehook.text.reading import Edit, Reading

LONGEST = 20_000
"""Characters of one run that are decoded."""
_NESTED = 24
"""Characters from which what was decoded may be encoded once more."""

_BASE64 = re.compile(
    r"(?<![A-Za-z0-9+/=_-])(?:[A-Za-z0-9+/_-]{16,20000}"
    r"|(?:[A-Za-z0-9+/_-]{8,76}\r?\n[ \t>]{0,8}){1,200}[A-Za-z0-9+/_-]{2,76})={0,2}"
)
_BASE32 = re.compile(r"(?<![A-Z2-7=])[A-Z2-7]{24,20000}={0,6}(?![A-Za-z0-9])")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:0x)?((?:[0-9A-Fa-f]{2}[ :,]?){12,10000})(?![0-9A-Za-z])")
_PERCENT = re.compile(r"(?:[\w.~+-]{0,40}%[0-9A-Fa-f]{2}){3,2000}[\w.~+-]{0,40}")
_ESCAPES = re.compile(r"(?:\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\[0-7]{3}){4,5000}")
_ENTITIES = re.compile(r"&(?:amp;){0,3}(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,31});")
_ESCAPED = re.compile(r"\\(?:u00([2-7][0-9A-Fa-f])|U000000([2-7][0-9A-Fa-f])|u\{0{0,4}([2-7][0-9A-Fa-f])\})")
_CODES = re.compile(r"(?<![\d.])(?:\d{2,3}[ ,;]{1,2}){8,5000}\d{2,3}(?![\d.])")
_BINARY = re.compile(r"(?<![01])(?:[01]{8}[ ,]?){6,5000}(?![01])")


def plain(reading: Reading) -> Reading:
    """Character references of HTML as the characters."""
    if "&" not in reading.text:
        return reading
    edits = []
    for found in _ENTITIES.finditer(reading.text):
        said = found[0]
        for _ in range(1 + said.count("amp;")):
            said = html.unescape(said)
        if said != found[0]:
            edits.append(Edit(found.start(), found.end(), said, "character-references" if said.isalnum() else ""))
    return reading.edited(edits)


def unescaped(reading: Reading) -> Reading:
    """Escapes of plain letters among others as the letters; long runs of them are read apart."""
    if "\\" not in reading.text:
        return reading
    edits = []
    for found in _ESCAPED.finditer(reading.text):
        said = chr(int(found[1] or found[2] or found[3], 16))
        edits.append(Edit(found.start(), found.end(), said, "escapes"))
    return reading.edited(edits) if any(edit.new.isalpha() for edit in edits) else reading


def decoded(reading: Reading) -> Iterator[Reading]:
    """All that a reading holds in encoded form."""
    text = reading.text
    for name, character, pattern, decode in _CODECS:
        if character not in text:
            continue
        for run in pattern.finditer(text):
            try:
                said = decode(run[0])
            except ValueError:  # not what it looked like
                continue
            if _legible(said):
                yield reading.decoded(run.start(), run.end(), said, name)


def _base64(run: str) -> str:
    body = re.sub(r"[\s>=]", "", run)[:LONGEST]
    if body.isalpha() and (body.islower() or body.isupper()):
        return ""
    body = body.replace("-", "+").replace("_", "/")
    body = body[: len(body) - 1] if len(body) % 4 == 1 else body
    return _text(base64.b64decode(body + "=" * (-len(body) % 4), validate=True))


def _base32(run: str) -> str:
    body = run.rstrip("=")[:LONGEST]
    body = body[: len(body) - len(body) % 8] if len(body) % 8 in (1, 3, 6) else body
    return _text(base64.b32decode(body + "=" * (-len(body) % 8)))


def _hex(run: str) -> str:
    digits = re.sub(r"[^0-9A-Fa-f]", "", run.removeprefix("0x"))[:LONGEST]
    return _text(bytes.fromhex(digits[: len(digits) // 2 * 2]))


def _percent(run: str) -> str:
    return _text(unquote_to_bytes(run.replace("+", " ")))


def _escapes(run: str) -> str:
    return codecs.decode(run.encode("ascii"), "unicode_escape")


def _codes(run: str) -> str:
    numbers = [int(n) for n in re.findall(r"\d+", run)]
    return "".join(map(chr, numbers)) if all(n in (9, 10, 13) or 32 <= n < 127 for n in numbers) else ""


def _binary(run: str) -> str:
    digits = re.sub(r"[^01]", "", run)
    return _text(bytes(int(digits[i : i + 8], 2) for i in range(0, len(digits) // 8 * 8, 8)))


_CODECS = (
    ("base64", "", _BASE64, _base64),
    ("base32", "", _BASE32, _base32),
    ("hex", "", _HEX, _hex),
    ("url-encoding", "%", _PERCENT, _percent),
    ("escapes", "\\", _ESCAPES, _escapes),
    ("character-codes", "", _CODES, _codes),
    ("binary", "", _BINARY, _binary),
)
"""Each with a character that saves most texts a pass: without it, none of the kind is there."""


def _text(data: bytes) -> str:
    """The text in UTF-8, or in UTF-16 where every other byte is empty."""
    if len(data) > 3 and not any(data[1::2]) and all(data[::2]):
        return data[::2].decode("latin-1")
    return data.decode("utf-8")


def _legible(text: str) -> bool:
    """Whether it is language rather than bytes that happen to decode."""
    if _BASE64.fullmatch(text) or _HEX.fullmatch(text):
        return len(text) >= _NESTED
    letters = sum(1 for c in text if c.isalpha() or c in " \n")
    return len(text) >= 8 and letters >= 0.7 * len(text) and text.isprintable() | ("\n" in text) and " " in text.strip()
