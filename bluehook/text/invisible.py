"""Characters that no reader sees: zero-width ones, tags, variation selectors, bidirectional controls.

Some are ordinary where they stand: joiners in emoji and in scripts that need them, the selector that makes a sign an
emoji, the tags of a flag, the mark at the beginning of a file. The rest is taken out, and what it spells is read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bluehook.text.reading import Edit, Reading

ZERO_WIDTH = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff\uffa0"
)
BIDI = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
CONTROLS = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u180b-\u180d\u180f\u2065\u206a-\u206f\u3164\ufdd0-\ufdef\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
)
"""Ranges of what terminals, layout and notations are steered by: no part of a sentence."""

_CONTROL = re.compile(f"\x1b\\[[0-9;?]{{0,40}}[A-Za-z]|[^\b\n]\b|[{CONTROLS}]{{1,1000}}")
_RUN = re.compile(f"[{ZERO_WIDTH}{BIDI}\ufe00-\ufe0f\U000e0000-\U000e007f\U000e0100-\U000e01ef]{{1,100000}}")
_OVERRIDE = re.compile("[\u202d\u202e]([^\u202a-\u202e\u2066-\u2069\n]{1,2000})")
_LEAST = 4
"""Fewer hidden characters spell no sentence."""
_FLAG = "\U0001f3f4"
_JOINERS = "\u200c\u200d"


def uncontrolled(reading: Reading) -> Reading:
    """The reading without control characters and the sequences that terminals take, and without what was erased."""
    if reading.text.isprintable() or _CONTROL.search(reading.text) is None:
        return reading
    text = reading.text
    edits = []
    for found in _CONTROL.finditer(text):
        end = found.end()
        within = text[found.start() - 1 : found.start()].isalnum() and text[end : end + 1].isalnum()
        edits.append(Edit(found.start(), end, "", "control-characters" if within else ""))
    return reading.edited(edits)


def seen(text: str) -> bool:
    """Whether there is anything of the kind."""
    return not text.isascii() and _RUN.search(text) is not None


def uncover(reading: Reading) -> tuple[Reading, list[Reading]]:
    """The reading without what is invisible, and what that spells."""
    edits: list[Edit] = []
    found: list[Reading] = []
    for run in _RUN.finditer(reading.text):
        edits.append(Edit(run.start(), run.end(), "", "" if _ordinary(reading.text, run) else _kind(run[0])))
        said, kind = _spelt(reading.text, run)
        if len(said) >= _LEAST:
            found.append(reading.decoded(run.start(), run.end(), said, kind))
    found += _overridden(reading)
    return reading.edited(edits), found


def _ordinary(text: str, run: re.Match[str]) -> bool:
    before = text[run.start() - 1] if run.start() else ""
    after = text[run.end()] if run.end() < len(text) else ""
    if before == _FLAG and all("\U000e0020" <= c <= "\U000e007f" for c in run[0]) and len(run[0]) <= 8:
        return True
    if len(run[0]) > 2:
        return False
    if run[0] == "\ufeff" and not run.start():
        return True
    if all(c in "\ufe0e\ufe0f\u200d" for c in run[0]):
        return _symbol(before) or not before
    if all("\ufe00" <= c <= "\ufe0f" or "\U000e0100" <= c <= "\U000e01ef" for c in run[0]):
        return len(run[0]) == 1 and bool(before) and unicodedata.category(before) in ("Lo", "So", "Sm")
    if all(c in _JOINERS for c in run[0]):
        return not before.isascii() and not after.isascii()
    # Between words or at an edge such a character splits nothing: soft hyphens, leftovers of word processors.
    return run[0][0] in ZERO_WIDTH + "\u200e\u200f" and not (before.isalnum() and after.isalnum())


def _symbol(char: str) -> bool:
    return bool(char) and (
        unicodedata.category(char) in ("So", "Sk", "Sm", "Po", "Pd", "Mn", "Me", "Cn") or char in "0123456789#*©®™"
    )


def _kind(run: str) -> str:
    first = run[0]
    if first in BIDI:
        return "bidi"
    if first in ZERO_WIDTH:
        return "zero-width"
    return "tag-characters" if "\U000e0000" <= first <= "\U000e007f" else "variation-selectors"


def _spelt(text: str, run: re.Match[str]) -> tuple[str, str]:
    """What a run of hidden characters says, and by which trick."""
    if run.start() and text[run.start() - 1] == _FLAG and len(run[0]) <= 8:
        return "", ""
    tags = "".join(chr(ord(c) - 0xE0000) for c in run[0] if "\U000e0020" <= c <= "\U000e007e")
    if len(tags) >= _LEAST:
        return tags, "tag-characters"
    selectors = bytes(_byte(c) for c in run[0] if _byte(c) >= 0)
    if len(selectors) >= _LEAST:
        return selectors.decode("utf-8", "replace"), "variation-selectors"
    return _bits(run[0]), "zero-width"


def _byte(char: str) -> int:
    if "\ufe00" <= char <= "\ufe0f":
        return ord(char) - 0xFE00
    if "\U000e0100" <= char <= "\U000e01ef":
        return ord(char) - 0xE0100 + 16
    return -1


def _bits(run: str) -> str:
    """Two kinds of zero-width characters read as the bits of a text, whichever of them is the one."""
    kinds = list(dict.fromkeys(run))
    if len(run) < 8 * _LEAST or len(kinds) not in (2, 3):
        return ""
    for zero, one in ((kinds[0], kinds[1]), (kinds[1], kinds[0])):
        digits = "".join("0" if c == zero else "1" for c in run if c in (zero, one))
        data = bytes(int(digits[i : i + 8], 2) for i in range(0, len(digits) - 7, 8))
        if data and all(32 <= c < 127 or c in b"\t\n" for c in data):
            return data.decode("ascii")
    return ""


def _overridden(reading: Reading) -> Iterator[Reading]:
    """Runs that are displayed in the other direction than they are written in."""
    for run in _OVERRIDE.finditer(reading.text):
        if run[0][0] == "\u202e":
            order = range(run.end(1) - 1, run.start(1) - 1, -1)
            yield reading.respelt(run.start(1), run.end(1), run[1][::-1], order, "bidi")
