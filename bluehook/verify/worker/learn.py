"""What a run teaches: the values that comparisons ask for, the kinds and the contents that errors ask for."""

from __future__ import annotations

import gzip
import io
import re
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from .inputs.fitting import fitting
from .inputs.slots import Slot
from .observe.record import Event

DOCUMENT = '<r name="WORD"><a>WORD</a><item name="WORD" id="1">WORD</item></r>'
"""What a slot is filled with that an XML parser reads."""

_WANTED = [
    (re.compile(r"bytes-like|must be bytes|buffer|has no attribute 'decode'|not str'?$|without a string"), "bytes"),
    (re.compile(r"argument after \*\* must be a mapping|string indices must be|has no attribute '(get|items|keys|"
                r"values|pop|update|setdefault|copy|iteritems)'"), "mapping"),
    (re.compile(r"has no attribute '(append|extend|insert|sort|remove)'"), "list"),
    (re.compile(r"has no attribute '(read|readline|readlines|seek|chunks)'"), "stream"),
    (re.compile(r"has no attribute|cannot unpack|to unpack|does not support item|not callable|context manager|"
                r"is not an iterator|does not support"), "object"),
    (re.compile(r"not supported between|real number|unsupported operand|cannot be interpreted as an integer|"
                r"integer is required|must be (an )?int|invalid literal|could not convert|bad operand|can't multiply"),
     "number"),
    (re.compile(r"^(TypeError|ValueError)"), "number"),
]  # fmt: skip
"""What an exception's text says of the kind of value that the code wants; the first that fits counts."""
_SHALLOW = re.compile(
    r"string indices must be|unsupported operand|'(Watched|str)' object has no attribute|to unpack|KeyError: \d"
)
"""Errors of code that looks for structure inside of what it takes for a document."""
_CHECKS = {"match", "fullmatch", "search"}
_MOST_SHAPES = 8
_MOST_FITTED = 2
"""How many of the texts that a pattern takes are tried: its own, and one with more around it."""
_ADDRESS = re.compile(r"(?i)unknown url type|no scheme|missing *schema|invalid url|invalid schema|url.*protocol")


def kind_wanted(error: str) -> str:
    """The kind of value that the code wants instead of a text, by what it raised; empty when that says nothing."""
    return next((kind for pattern, kind in _WANTED if pattern.search(error)), "")


def wants_structure(error: str) -> bool:
    """Whether the code looks for structure inside of what it takes for a document."""
    return _SHALLOW.search(error) is not None


def suggested(slot: Slot, operator: str, other: Any, lengths: Sequence[int] = ()) -> list[Any]:
    """Values that make such a comparison come out the other way, with the canary kept where there is room for it.

    ``lengths`` are the numbers of parts that the code asks for.
    """
    if isinstance(other, bytes):
        other = other.decode("latin-1")
    if not isinstance(other, str):
        return [other - 1, other, other + 1] if operator == "<" and isinstance(other, int) else [other]
    return {
        "==": [other],
        "contains": [slot.word + other + slot.word],
        "startswith": [other + slot.word],
        "endswith": [slot.word + other],
        "split": [slot.word + other + slot.word, *(other.join([slot.word] * count) for count in lengths)],
        "truth": [other],
    }.get(operator, [other])


def fitted(slot: Slot, event: Event, given: Any) -> list[str]:
    """Values that the pattern takes which the code held the slot's value against, remembered as shapes of the slot;
    nothing where the event is no such check, or not of this slot. ``given`` is the value that the slot had.
    """
    if event.kind != "regex" or event.details["call"] not in _CHECKS or not isinstance(given, str):
        return []
    text = event.text
    is_whole = text.lower() == given.strip().lower()
    if not is_whole and not (slot.word in text and text in given):
        return []
    pattern = event.details["pattern"]
    if isinstance(pattern, bytes):
        pattern = pattern.decode("latin-1")
    flags = event.details["flags"] & ~re.DEBUG
    made = fitting(pattern, flags, event.details["call"], slot.word, slot.number)
    values = [one if is_whole else given.replace(text, one, 1) for one in made.texts]
    for value in values[0 if made.is_telling else 1 :]:
        if value not in slot.shapes and len(slot.shapes) < _MOST_SHAPES:
            slot.shapes.append(value)
    return values[:_MOST_FITTED]


def wants_address(error: str) -> bool:
    """Whether a client turned a text away because it is no address."""
    return _ADDRESS.search(error) is not None


def content_wanted(error: str, word: str) -> bytes | None:
    """The content of a file that the code can read where a mere word was none; ``None`` when that is no help."""
    return next((make(word) for pattern, make in _CONTENTS if pattern.match(error)), None)


def _zip(word: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(word + ".txt", word)
    return stream.getvalue()


def _tar(word: str) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        member = tarfile.TarInfo(word + ".txt")
        member.size = len(word)
        archive.addfile(member, io.BytesIO(word.encode("ascii")))
    return stream.getvalue()


_CONTENTS: list[tuple[re.Pattern[str], Callable[[str], bytes]]] = [
    (re.compile(r"BadZipFile|BadZipfile"), _zip),
    (re.compile(r"(ReadError|CompressionError|HeaderError)\b"), _tar),
    (re.compile(r"BadGzipFile|.*Not a gzipped file"), lambda word: gzip.compress(word.encode("ascii"))),
    (re.compile(r"(ParseError|ExpatError|XMLSyntaxError|SAXParseException)\b"),
     lambda word: DOCUMENT.replace("WORD", word).encode("ascii")),
    (re.compile(r"JSONDecodeError"), lambda word: f'{{"{word}": "{word}"}}'.encode("ascii")),
    (re.compile(r"MissingSectionHeaderError|ParsingError"),
     lambda word: f"[{word}]\n{word} = {word}\n".encode("ascii")),
]  # fmt: skip
"""Errors of readers, and a small document that each of them takes."""
