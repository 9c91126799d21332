"""Encoded runs: base64, hex, percent signs, escapes, character codes, binary, rot13, reversed lines, pieces to join.

Each search is one pass of a pattern whose every quantifier is bounded; what it yields is judged as a text of its own.
"""

from __future__ import annotations

import base64
import binascii
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
_LINE = re.compile(r"[^\n]{12,4000}")
_WORDS = re.compile(r"[A-Za-z]{2,20}")
_COMMON = frozenset(
    """the and you all your for with this that not from are have will them then tell user instructions previous ignore
    system prompt any now must into every file files send delete write code their without what when how make which who
    reveal password secret please follow instead rules over disregard run do is it to of in on be or if an as at by we
    me my no so up out its has was can should only never always before after do""".split()  # noqa: SIM905
)
_QUOTED = r"(?:\"([^\"\n]{1,400})\"|'([^'\n]{1,400})'|`([^`\n]{1,400})`)"
_ASSIGNED = re.compile(rf"(?<![\w.])([A-Za-z_]\w{{0,30}})[ \t]{{0,4}}(?::=|=)[ \t]{{0,4}}{_QUOTED}")
_SUM = re.compile(r"(?<![\w.\"'])([A-Za-z_]\w{0,30}(?:[ \t]{0,4}\+[ \t]{0,4}[A-Za-z_]\w{0,30}){1,40})")
_FORMATTED = re.compile(r"\{([A-Za-z_]\w{0,30})\}[ ]?\{([A-Za-z_]\w{0,30})\}(?:[ ]?\{([A-Za-z_]\w{0,30})\}){0,10}")
_GLUE = re.compile(r"([\"'`])[ \t]{0,4}(?:\+|\.|\.\.|&)?[ \t]{0,4}\\?\n?[ \t]{0,40}(?:\+[ \t]{0,4})?\1")
_JOIN = re.compile(r"\[((?:[ \t\n]{0,8}[\"'][^\"'\n]{0,40}[\"'][ \t\n]{0,8},?){3,200})\]")
_PIECE = re.compile(r"[\"']([^\"'\n]{0,40})[\"']")


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
    for pattern, name, decode in _CODECS:
        if not _may(name, text):
            continue
        for run in pattern.finditer(text):
            said = decode(run[0])
            if said and _legible(said):
                yield reading.decoded(run.start(), run.end(), said, name)
    yield from _turned(reading)
    yield from _assembled(reading)


def _may(name: str, text: str) -> bool:
    """A cheap look that saves most texts a pass."""
    return {"url-encoding": "%", "escapes": "\\"}.get(name, "") in text


def _base64(run: str) -> str:
    body = re.sub(r"[\s>=]", "", run)[:LONGEST]
    if body.isalpha() and (body.islower() or body.isupper()):
        return ""
    body = body.replace("-", "+").replace("_", "/")
    body = body[: len(body) - 1] if len(body) % 4 == 1 else body
    try:
        return _text(base64.b64decode(body + "=" * (-len(body) % 4), validate=True))
    except (binascii.Error, ValueError):
        return ""


def _base32(run: str) -> str:
    body = run.rstrip("=")[:LONGEST]
    body = body[: len(body) - len(body) % 8] if len(body) % 8 in (1, 3, 6) else body
    try:
        return _text(base64.b32decode(body + "=" * (-len(body) % 8)))
    except (binascii.Error, ValueError):
        return ""


def _hex(run: str) -> str:
    digits = re.sub(r"[^0-9A-Fa-f]", "", run.removeprefix("0x"))[:LONGEST]
    return _text(bytes.fromhex(digits[: len(digits) // 2 * 2]))


def _percent(run: str) -> str:
    return _text(unquote_to_bytes(run.replace("+", " ")))


def _escapes(run: str) -> str:
    try:
        return codecs.decode(run.encode("ascii"), "unicode_escape")
    except (UnicodeError, ValueError):
        return ""


def _codes(run: str) -> str:
    numbers = [int(n) for n in re.findall(r"\d+", run)]
    return "".join(map(chr, numbers)) if all(n in (9, 10, 13) or 32 <= n < 127 for n in numbers) else ""


def _binary(run: str) -> str:
    digits = re.sub(r"[^01]", "", run)
    return _text(bytes(int(digits[i : i + 8], 2) for i in range(0, len(digits) // 8 * 8, 8)))


_CODECS = (
    (_BASE64, "base64", _base64), (_BASE32, "base32", _base32), (_HEX, "hex", _hex),
    (_PERCENT, "url-encoding", _percent), (_ESCAPES, "escapes", _escapes), (_CODES, "character-codes", _codes),
    (_BINARY, "binary", _binary),
)  # fmt: skip


def _text(data: bytes) -> str:
    try:
        if len(data) > 3 and not any(data[1::2]) and all(data[::2]):
            return data[::2].decode("latin-1")
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _legible(text: str) -> bool:
    """Whether it is language rather than bytes that happen to decode."""
    if _BASE64.fullmatch(text) or _HEX.fullmatch(text):
        return len(text) >= _NESTED
    letters = sum(1 for c in text if c.isalpha() or c in " \n")
    return len(text) >= 8 and letters >= 0.7 * len(text) and text.isprintable() | ("\n" in text) and " " in text.strip()


def _turned(reading: Reading) -> Iterator[Reading]:
    """Lines that are language only after rot13, or read from their end, or word by word from its end."""
    for line in _LINE.finditer(reading.text):
        said = line[0]
        words = _WORDS.findall(said)
        if len(words) < 3:
            continue
        usual = _hits(words)
        if usual * 6 >= len(words):
            continue
        order = range(line.start(), line.end())
        for name, turned, places in (
            ("rot13", codecs.encode(said, "rot13"), order),
            ("reversed", said[::-1], order[::-1]),
            ("reversed-words", re.sub(r"\S{1,64}", lambda m: m[0][::-1], said), order),
        ):
            hits = _hits(_WORDS.findall(turned))
            if hits >= 3 and hits > 2 * usual and hits * 5 >= len(words):
                # The words of a reversed line are the same as those of reversed words: both orders are read.
                yield reading.respelt(line.start(), line.end(), turned, places, name)


def _hits(words: list[str]) -> int:
    return sum(1 for word in words if word.lower() in _COMMON)


def _assembled(reading: Reading) -> Iterator[Reading]:
    """Texts that are given in pieces: literals side by side, variables that are added up, lists of pieces."""
    text = reading.text
    if not ('"' in text or "'" in text or "`" in text):
        return
    glued = reading.edited([Edit(m.start(), m.end(), "") for m in _GLUE.finditer(text) if m.end() - m.start() > 2])
    if glued is not reading:
        yield Reading(glued.text, glued.starts, glued.ends, (*reading.disguises, "pieces"))
    for found in _JOIN.finditer(text):
        said = "".join(_PIECE.findall(found[0]))
        if len(said) >= 8:
            yield reading.decoded(found.start(), found.end(), said, "pieces")
    values = {m[1]: m[2] or m[3] or m[4] for m in _ASSIGNED.finditer(text)}
    if len(values) < 2:
        return
    for found in [*_SUM.finditer(text), *_FORMATTED.finditer(text)]:
        names = re.findall(r"[A-Za-z_]\w{0,30}", found[0])
        if sum(name in values for name in names) >= 2:
            between = " " if "} {" in found[0] else ""
            yield reading.decoded(found.start(), found.end(), between.join(values.get(n, "") for n in names), "pieces")
