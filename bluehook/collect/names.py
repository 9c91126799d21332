"""Paths between bytes, text and the file system.

In findings a path is text with ``/`` between its parts, decoded as UTF-8 whatever the locale; bytes that are not UTF-8
are kept as surrogate escapes.
"""

from __future__ import annotations

import os
from pathlib import Path


def decoded(name: bytes) -> str:
    """A path as git prints it, as text for findings."""
    return name.decode("utf-8", "surrogateescape")


def native(path: str) -> str:
    """A path of a finding as the operating system takes it."""
    return os.fsdecode(path.encode("utf-8", "surrogateescape")) if os.name == "posix" else path


def relative(path: Path, root: Path) -> str:
    """A path of the operating system as text for findings, seen from ``root``; ``..`` leads out of it."""
    full, top = os.fspath(path), os.path.join(root, "")  # noqa: PTH118 - asked for every file of a tree
    if full.startswith(top):
        shown = full[len(top) :]
    else:
        try:
            shown = os.path.relpath(path, root)
        except ValueError:  # another drive
            shown = full
    return decoded(os.fsencode(shown)) if os.name == "posix" else shown.replace("\\", "/")


def printable(path: str | Path) -> str:
    """A path for an error message: surrogates and control characters escaped, so that any terminal can show it."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in str(path))
