"""Characters that nobody sees: text in tag characters or variation selectors, reversed order, letters of other scripts.

What is ordinary stays quiet: right-to-left text with its own marks, joiners in scripts that need them, selectors
after an emoji, and anything written as an escape, which a reader does see.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

_WORTH_A_LOOK = re.compile(
    rb"\xe2\x80[\x8b-\x8d\xaa-\xae]|\xe2\x81[\xa0-\xa9]|\xf3\xa0[\x80-\x87]|(?:\xef\xb8[\x80-\x8f]){4}"
    rb"|[A-Za-z_](?:\xd0[\xb0-\xbf\x90-\xaf]|\xd1[\x80-\x8f])|(?:\xd0[\xb0-\xbf\x90-\xaf]|\xd1[\x80-\x8f])[A-Za-z_]"
)
_TAGS = re.compile("[\U000e0000-\U000e007f]+")
_FLAG = "\U0001f3f4"
_TAG_END = "\U000e007f"
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_OPEN = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"} | dict.fromkeys(
    "\u2066\u2067\u2068", "\u2069"
)
_ZERO_WIDTH = re.compile("[\u200b-\u200d\u2060-\u2064\ufeff\u180e]{8,}")
_SPLIT_WORD = re.compile("[A-Za-z][\u200b\u2060\u2063\ufeff][A-Za-z]")
_MIXED = re.compile(r"\b(?=\w*[A-Za-z])(?=\w*[\u0430-\u044f\u0410-\u042f\u0455\u0456\u0458\u0501])[\w]{2,60}\b")
_LOOKALIKES = dict(zip("аеорсухАВЕКМНОРСТХіѕјԁ", "aeopcyxABEKMHOPCTXisjd", strict=True))
_MOST = 20
_SPLIT_WORDS_THAT_HIDE = 3


class Hidden(NamedTuple):
    """A run of characters by offsets in the text; ``says`` is what it shows once it is read, ``what`` what it is."""

    start: int
    end: int
    what: str
    says: str
    sure: bool


def wants(utf8: bytes) -> bool:
    """Whether any such character may stand in a file."""
    return not utf8.isascii() and _WORTH_A_LOOK.search(utf8) is not None


def hidden(text: str) -> Iterator[Hidden]:
    """What a text hides, a few of each kind."""
    for found in (_tags, _selectors, _bidi, _zero_width, _split_words):
        for number, item in enumerate(found(text)):
            if number == _MOST:
                break
            yield item


def lookalike(name: str) -> str:
    """What an identifier looks like, where Cyrillic letters in it pass for Latin ones; empty for every other name."""
    if not _MIXED.fullmatch(name):
        return ""
    foreign = [letter for letter in name if not letter.isascii()]
    return "".join(_LOOKALIKES.get(letter, letter) for letter in name) if set(foreign) <= set(_LOOKALIKES) else ""


def _tags(text: str) -> Iterator[Hidden]:
    for match in _TAGS.finditer(text):
        is_flag = text[match.start() - 1 : match.start()] == _FLAG and match[0].endswith(_TAG_END) and len(match[0]) < 9
        if not is_flag:
            says = "".join(chr(ord(letter) - 0xE0000) for letter in match[0])
            yield Hidden(match.start(), match.end(), "tag characters", _shown(says), sure=True)


def _selectors(text: str) -> Iterator[Hidden]:
    for match in _SELECTORS.finditer(text):
        values = [ord(letter) - (0xFE00 if ord(letter) < 0xFE10 else 0xE0100 - 16) for letter in match[0]]
        says = bytes(values).decode("utf-8", "replace")
        yield Hidden(match.start(), match.end(), "variation selectors", _shown(says), sure=True)


def _bidi(text: str) -> Iterator[Hidden]:
    start = 0
    for line in text.split("\n"):
        controls = list(_BIDI.finditer(line))
        if controls and not (_is_closed(controls) and _has_right_to_left(line)):
            first, last = controls[0].start(), controls[-1].end()
            says = _shown(_BIDI.sub("", line).strip())
            yield Hidden(start + first, start + last, "bidirectional controls", says, sure=True)
        start += len(line) + 1


def _is_closed(controls: list[re.Match[str]]) -> bool:
    waiting: list[str] = []
    for control in controls:
        if control[0] in _OPEN:
            waiting.append(_OPEN[control[0]])
        elif not waiting or waiting.pop() != control[0]:
            return False
    return not waiting and not any(control[0] in "\u202d\u202e" for control in controls)


def _has_right_to_left(line: str) -> bool:
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in line)


def _zero_width(text: str) -> Iterator[Hidden]:
    for match in _ZERO_WIDTH.finditer(text):
        yield Hidden(match.start(), match.end(), "invisible characters", _bits(match[0]), sure=True)


def _split_words(text: str) -> Iterator[Hidden]:
    found = list(_SPLIT_WORD.finditer(text))
    if len(found) >= _SPLIT_WORDS_THAT_HIDE:
        says = re.sub("[\u200b\u2060\u2063\ufeff]", "", text[found[0].start() : found[-1].end()])
        yield Hidden(found[0].start(), found[-1].end(), "invisible characters inside words", _shown(says), sure=False)


def _bits(run: str) -> str:
    """What a run of two invisible characters says when they are read as bits; empty when that is no text."""
    kinds = sorted(set(run))
    if len(kinds) != 2:
        return ""
    for one in kinds:
        bits = "".join("1" if letter == one else "0" for letter in run)
        said = bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits) - 7, 8))
        if said and all(32 <= byte < 127 for byte in said):
            return _shown(said.decode())
    return ""


def _shown(says: str) -> str:
    printable = "".join(letter if letter.isprintable() else " " for letter in says)
    text = " ".join(printable.split())
    return text if len(text) <= 120 else text[:117] + "..."
