"""From the bytes of a file to its functions, calls, names, entry points, statements and comments."""

from __future__ import annotations

from bluehook.parse.calls import is_constant, literal_string
from bluehook.parse.file import ParsedFile, parse
from bluehook.parse.model import (
    Argument,
    Call,
    Class,
    Comment,
    Definition,
    EntryPoint,
    Function,
    Parameter,
    Statement,
)

__all__ = [
    "Argument",
    "Call",
    "Class",
    "Comment",
    "Definition",
    "EntryPoint",
    "Function",
    "Parameter",
    "ParsedFile",
    "Statement",
    "is_constant",
    "literal_string",
    "parse",
]
