"""From the bytes of a Python file to its text, as the interpreter would read it (PEP 263, PEP 3120), and never failing.

Where the interpreter would refuse a file, it is read as far as that makes sense and a remark says so.
"""

from __future__ import annotations

import codecs
import re

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"^[ \t\f]*(?:#.*)?$")
_QUADRATIC = {"idna", "punycode"}
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def decode(data: bytes) -> tuple[str, list[str]]:
    """The text of ``data`` with every line ended by ``\\n``, and remarks on what the interpreter would not accept.

    Null characters become spaces, so that lines and columns stay where they were. Bytes that the declared encoding
    does not know are read as Latin-1, one character each.
    """
    remarks: list[str] = []
    text = _to_text(data, remarks)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        remarks.append(f"null byte on line {text.count(chr(10), 0, text.index(chr(0))) + 1}, read as a space")
        text = text.replace("\0", " ")
    return text, remarks


def _to_text(data: bytes, remarks: list[str]) -> str:
    if data.startswith(codecs.BOM_UTF8):
        data = data[len(codecs.BOM_UTF8) :]
    elif utf16 := _UTF16.get(data[:2]):
        remarks.append("UTF-16, which Python does not run")
        return data[2:].decode(utf16, "replace")
    encoding = _declared(data, remarks)
    try:
        return data.decode(encoding)
    except UnicodeError as error:
        line = data.count(b"\n", 0, error.start) + 1 if isinstance(error, UnicodeDecodeError) else 1
        remarks.append(f"line {line} is not {encoding}, read as Latin-1")
        return data.decode("latin-1")


def _declared(data: bytes, remarks: list[str]) -> str:
    """The encoding of the coding line in the first two lines, ``utf-8`` without one or when it names none."""
    for line in re.split(rb"\r\n?|\n", data[:1000])[:2] if b"coding" in data[:1000] else []:
        cookie = _COOKIE.match(line)
        if cookie:
            name = cookie[1].decode("ascii", "replace")
            if _is_text_encoding(name):
                return name
            remarks.append(f"unknown encoding {name[:40]!r} in the coding line, read as UTF-8")
            break
        if not _BLANK.match(line):
            break
    return "utf-8"


def _is_text_encoding(name: str) -> bool:
    """Whether it is a codec from bytes to text (zlib and hex are not) that takes time linear in the length."""
    try:
        if codecs.lookup(name).name in _QUADRATIC:
            return False
        "".encode(name)
        b"".decode(name)
    except (LookupError, UnicodeError, ValueError):
        return False
    return True
