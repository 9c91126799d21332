"""Telling Python from everything else: by name, by first line, by content. Pure functions over names and bytes."""

from __future__ import annotations

import re

SNIFFED = 256
"""How many bytes of a file suffice to read its ``#!`` line (Linux itself reads as many)."""

_ENDINGS = frozenset({".py", ".pyi", ".pyw"})
_INTERPRETER = re.compile(r"(?:python|pypy)w?[\d.]*t?(?:\.exe)?")
_RUNNERS = frozenset({"uv", "pipx"})
_CONTROLS = bytes(c for c in range(32) if c not in b"\t\n\f\r\x1b")
_HEAD = 8000


def has_python_ending(path: str) -> bool:
    """Whether the name alone says Python: ``.py``, ``.pyi`` or ``.pyw``, in any case."""
    return _ending(path) in _ENDINGS


def may_have_shebang(path: str, executable: bool) -> bool:
    """Whether the first line must be read to know: a name without ending, or a file that can be executed."""
    return not has_python_ending(path) and (executable or not _ending(path))


def is_notebook(path: str) -> bool:
    """Whether the name is that of a Jupyter notebook."""
    return _ending(path) == ".ipynb"


def is_python(path: str, first_bytes: bytes) -> bool:
    """Whether a file is Python: by its ending, else by a ``#!`` line within ``first_bytes``.

    Seen through are ``env`` with its options and assignments, versions, free-threaded builds and PyPy, and the script
    runners of PEP 723 (``uv run``, ``pipx run``).
    """
    return has_python_ending(path) or _has_python_shebang(first_bytes)


def _ending(path: str) -> str:
    # What pathlib calls the suffix, at a tenth of its price: this is asked for every file of a tree.
    name = path.rpartition("/")[2]
    dot = name.rfind(".")
    return name[dot:].lower() if 0 < dot < len(name) - 1 else ""


def _has_python_shebang(first_bytes: bytes) -> bool:
    if not first_bytes.startswith(b"#!"):
        return False
    words = first_bytes[2:].split(b"\n", 1)[0].decode("utf-8", "replace").split()
    if words and _program(words[0]) == "env":
        words = [w for w in words[1:] if "=" not in w and not w.startswith("-")]
    if not words:
        return False
    program = _program(words[0])
    return bool(_INTERPRETER.fullmatch(program)) or (program in _RUNNERS and "run" in words[1:])


def _program(word: str) -> str:
    return word.replace("\\", "/").rsplit("/", 1)[-1]


def looks_binary(data: bytes) -> bool:
    """Whether the bytes are no source text: more than one in twenty of the first 8,000 is a control character.

    A stray null byte stays text, for the parser to deal with: it would be too cheap a way not to be looked at.
    """
    head = data[:_HEAD]
    if b"\0" not in head:
        return False
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls > 4 and controls * 20 > len(head)
