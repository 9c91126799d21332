"""What a loader of YAML builds: plain data, or any object that the document names.

Projects have loaders of their own, with tags of theirs; what they inherit from says what else they build.
"""

from __future__ import annotations

import re

from bluehook.parse import ParsedFile

_PLAIN = re.compile(r"(?:\w+\.)*C?(?:Safe|Base)Loader$|(?:\w+\.)*Safe\w*Loader$")
_ANY = re.compile(r"(?:\w+\.)*(?:C?(?:Unsafe|Full)?Loader)$")
_DEEPEST = 8
"""Classes that inherit from one another."""


def builds_objects(file: ParsedFile, loader: str) -> bool | None:
    """Whether a loader, by its name in a file, builds more than plain data; ``None`` where that is not in sight."""
    return _of(file, loader, 0)


def _of(file: ParsedFile, loader: str, depth: int) -> bool | None:
    own = next((found for found in file.classes if found.qualname == loader), None)
    if own is None:
        return False if _PLAIN.match(loader) else True if _ANY.match(loader) else None
    if depth == _DEEPEST:
        return None
    found = {_of(file, base, depth + 1) for base in own.bases}
    if True in found:
        return True
    return None if None in found or not found else False
