"""GitHub code scanning's own name for a line, ``primaryLocationLineHash``.

GitHub's upload action computes it for reports that lack it and warns where a report's own value differs. The rule, as
``src/fingerprints.ts`` of github/codeql-action describes it: line breaks become ``\\n``, blanks and tabs vanish, a
marker of 65535 ends the file, zeros follow; the hash of a line is the polynomial in 37 over the 100 UTF-16 units from
its start, modulo 2**64, in hexadecimal; a colon and a number tell equal hashes of one file apart.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator

_WINDOW = 100
_BASE = 37
_MASK = (1 << 64) - 1
_BASE_TO_WINDOW = pow(_BASE, _WINDOW, 1 << 64)
_END_OF_FILE = 0xFFFF
_LINE_FEED = 0x0A


def line_hashes(data: bytes) -> list[str]:
    """The hash of every line of a file, the first at index 0."""
    seen: Counter[int] = Counter()
    hashes = []
    for value in _raw_hashes(_units(data)):
        seen[value] += 1
        hashes.append(f"{value:x}:{seen[value]}")
    return hashes


def _units(data: bytes) -> list[int]:
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    dense = text.replace(" ", "").replace("\t", "")
    native = dense.encode("utf-16-le" if sys.byteorder == "little" else "utf-16-be")
    return [*memoryview(native).cast("H"), _END_OF_FILE]


def _raw_hashes(units: list[int]) -> Iterator[int]:
    # The hash of a window is the difference of two prefixes, so one pass over the file serves all lines.
    prefixes = [0]
    for unit in units + [0] * _WINDOW:
        prefixes.append((prefixes[-1] * _BASE + unit) & _MASK)
    starts = [0] + [index + 1 for index, unit in enumerate(units) if unit == _LINE_FEED]
    for start in starts:
        yield (prefixes[start + _WINDOW] - prefixes[start] * _BASE_TO_WINDOW) & _MASK
