"""Read a configuration file: its table of keys, and where a key stands in it."""

from __future__ import annotations

import codecs
import re
import stat
import sys
from pathlib import Path
from typing import Any, NoReturn

from bluehook.findings import BluehookError

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""How a file begins that a shell of Windows wrote in UTF-16, which TOML is not: our name in it would not be found."""

FILES = ("bluehook.toml", "pyproject.toml")
"""Files that can hold a configuration: the first has the keys at its top, the second in [tool.bluehook]."""

_MAX_BYTES = 4 * 1024 * 1024
_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


class Source:
    """A place that settings come from.

    ``name`` is how the file is called in messages ("" for the defaults), ``directory`` the folder that the paths in it
    start from, ``section`` the table that holds the keys ("" for the top), ``raw`` that table.
    """

    def __init__(
        self, name: str, directory: Path, section: str = "", raw: dict[str, Any] | None = None, text: str = ""
    ) -> None:
        self.name = name
        self.directory = directory
        self.section = section
        self.raw = raw or {}
        self._text = text

    def place(self, key: str) -> str:
        """``pyproject.toml:12`` for a dotted key; without the line where it cannot be told."""
        from bluehook.config import trail

        line = trail.line_of(self._text, self.full(key))
        return f"{self.name}:{line}" if line else self.name

    def full(self, key: str) -> str:
        """The key as it reads from the top of the file: ``tool.bluehook.fail-on``."""
        return f"{self.section}.{key}".strip(".")

    def refuse(self, key: str, sentence: str) -> NoReturn:
        """Raise the error for a key of this file."""
        raise BluehookError(f"{self.place(key)}: {self.full(key)}: {sentence}")


def read(file: Path, name: str, *, required: bool = False) -> Source | None:
    """The configuration that a file holds, or None when there is no such file or it has no section of ours.

    :param required: the file was named by the user, so that None would be wrong.
    :raises BluehookError: it cannot be read, is not TOML, or is required and has nothing of ours.
    """
    data = _bytes(file, name, required)
    in_section = file.name == "pyproject.toml"
    # Most repositories have a pyproject.toml that says nothing of us; the parser's import alone takes milliseconds.
    if data is None:
        return None
    told = b"bluehook" in data or data.startswith(_WIDE)
    if in_section and not told and not required:
        return None
    table, text = _parse(data, name)
    if not in_section and not _has_section(table):
        return Source(name, file.parent, "", table, text)
    if not _has_section(table):
        if required:
            raise BluehookError(f"{name}: has no [tool.bluehook] section; add it or name another file.")
        return None
    raw = table["tool"]["bluehook"]
    source = Source(name, file.parent, "tool.bluehook", raw if isinstance(raw, dict) else {}, text)
    if not isinstance(raw, dict):
        source.refuse("", f"expected a table, found {raw!r}")
    return source


def _has_section(table: dict[str, Any]) -> bool:
    tool = table.get("tool")
    return isinstance(tool, dict) and "bluehook" in tool


def _bytes(file: Path, name: str, required: bool) -> bytes | None:
    try:
        status = file.stat()
        # A named pipe in the place of the file would hold the commit for ever.
        if stat.S_ISREG(status.st_mode) and status.st_size <= _MAX_BYTES:
            return file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        if required:
            raise BluehookError(f"{name}: no such file; check the path given with --config.") from None
        return None
    except (OSError, ValueError) as error:
        raise BluehookError(f"{name}: cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    if stat.S_ISREG(status.st_mode):
        raise BluehookError(f"{name}: larger than {_MAX_BYTES} bytes; this is no configuration file.")
    if required:
        raise BluehookError(f"{name}: not a regular file.")
    return None


def _parse(data: bytes, name: str) -> tuple[dict[str, Any], str]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    try:
        text = data.decode()
        return tomllib.loads(text), text
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BluehookError(f"{name}:{line}: not valid TOML: the file is not UTF-8.") from error
    except RecursionError as error:
        raise BluehookError(f"{name}: not valid TOML: nested too deeply.") from error
    except tomllib.TOMLDecodeError as error:
        found = _POSITION.search(str(error))
        place = f":{found[1]}:{found[2]}" if found and found[1] else f":{text.count(chr(10)) + 1}"
        raise BluehookError(f"{name}{place}: not valid TOML: {_POSITION.sub('', str(error))}.") from error
