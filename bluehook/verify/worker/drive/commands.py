"""What drivers of command lines share: arguments as slots, the files that they name, standard input.

What a user types is the user's own business, and counts as far as the code composes it; only of a tool that runs with
another's rights does every argument come from outside. Files that arguments name and standard input come from others.
"""

from __future__ import annotations

import ast
import io
import os
import re
import sys
from types import ModuleType
from typing import Any

from ..inputs.slots import Inputs, Slot

_DROPS_RIGHTS = {"setuid", "seteuid", "setreuid", "setresuid", "setgid", "setegid", "setregid", "setresgid"}
_CALLED_BY = {"SUDO_USER", "SUDO_UID", "PKEXEC_UID"}
_TRIED = ("{number}", "1", "2024-05-17", "https://{word}.test/", "{word}@example.com", "{word}={word}", "{word}:1",
          "127.0.0.1", "{{}}")  # fmt: skip
"""What a type of the project's own may take where it takes no word."""


def is_privileged(tree: ast.AST) -> bool:
    """Whether the module is a tool with more rights than its caller: it gives them up, or asks who that is.

    A check for being root says nothing: whoever passes it is root.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in _DROPS_RIGHTS:
            return True
        if isinstance(node, ast.Constant) and node.value in _CALLED_BY:
            return True
    return False


def slot_of(inputs: Inputs, name: str, privileged: bool) -> Slot:
    """The slot of an option or argument."""
    return inputs.slot(name, "outside" if privileged else "parameter", kind="argument")


def value_of(inputs: Inputs, slot: Slot, converter: Any = None) -> str:
    """The text that is typed for the slot; ``converter`` is the project's own type, which has to take it."""
    if converter is not None and not slot.usual and slot.name not in inputs.assigned:
        _settle(slot, converter)
    return inputs.text(slot)


def _settle(slot: Slot, converter: Any) -> None:
    """Find out what a converter takes; numbers carry no attack."""
    try:
        taken = converter(slot.word)
    except Exception:
        for form in _TRIED:
            text = form.format(word=slot.word, number=slot.number)
            try:
                taken = converter(text)
            except Exception:
                continue
            slot.usual = text
            slot.trust = "sanitised" if isinstance(taken, (int, float)) else slot.trust
            return
    else:
        if hasattr(taken, "close") and hasattr(taken, "read"):
            taken.close()


def place(inputs: Inputs, slot: Slot, folder: bool = False) -> None:
    """Put the file (or folder) that the argument names where the program will look for it."""
    name = inputs.text(slot)
    if not re.fullmatch(r"[\w.-]+", name) or (os.path.lexists(name) and name not in _PLACED):
        return
    _PLACED.add(name)
    if folder:
        os.makedirs(name, exist_ok=True)
        return
    content = inputs.slot(f"content of the file named by {slot.name}", "outside")
    value = inputs.assigned.get(content.name)
    with open(name, "wb") as file:
        file.write(value if isinstance(value, bytes) else inputs.text(content).encode("utf-8", "replace"))


_PLACED: set[str] = set()
"""Files that stand here because arguments name them: each run writes its own content."""


class Stdin(io.TextIOWrapper):
    """Standard input: its content is a slot from the moment that it is read."""

    def __init__(self, inputs: Inputs) -> None:
        super().__init__(io.BufferedReader(_Raw(inputs)), encoding="utf-8", errors="surrogateescape")


class _Raw(io.RawIOBase):
    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs
        self._left: bytes | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._left is None:
            slot = self._inputs.slot("standard input", "outside")
            value = self._inputs.assigned.get(slot.name)
            self._left = value if isinstance(value, bytes) else self._inputs.text(slot).encode("utf-8", "replace")
        part, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


class Typed:
    """``sys.argv`` and ``sys.stdin`` of one run, put back afterwards."""

    def __init__(self, inputs: Inputs, arguments: list[str]) -> None:
        self._new = (["program", *arguments], Stdin(inputs))
        self._old: tuple[Any, Any] = (sys.argv, sys.stdin)

    def __enter__(self) -> None:
        self._old = (sys.argv, sys.stdin)
        sys.argv, sys.stdin = self._new

    def __exit__(self, *details: object) -> None:
        sys.argv, sys.stdin = self._old


def shown(way: Any, changed: dict[str, Any], name: str) -> str:
    """The call as a person would type it, as far as its values matter."""
    values = {**way.assigned, **changed}
    told = ", ".join(f"{slot}={value!r}"[:300] for slot, value in values.items())
    return f"{' '.join([name, way.kinds.get('command', '')]).strip()} with {told or 'benign values'}"


def module_functions(module: ModuleType) -> list[Any]:
    """The functions that the module defines itself."""
    return [value for value in list(vars(module).values())
            if getattr(value, "__module__", None) == module.__name__ and hasattr(value, "__code__")]  # fmt: skip
