"""Conditions on a call that make it a candidate: what an argument is built of, and what is given or left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from tree_sitter import Node

from bluehook.parse import Argument, Call, is_constant


class When(NamedTuple):
    """A condition on a call: ``test`` gives the argument that matters, the call's own text for a use, or ``None``.

    ``fires`` and ``quiet`` are argument lists with which the condition holds and does not; ``quiet`` is ``None`` where
    every call is a candidate.
    """

    test: Callable[[Call], Argument | None]
    fires: str
    quiet: str | None


def _own(call: Call) -> Argument:
    """The call itself in the place of an argument, for what is a weakness by its use."""
    return Argument(None, call.name, call.node)


def _is_dynamic(argument: Argument | None) -> bool:
    return argument is not None and not argument.text.rpartition(".")[2].isupper() and not is_constant(argument.node)


def dynamic(at: int = 0, *keywords: str) -> When:
    """The argument at a position (or by a keyword) is neither a literal nor an UPPER_CASE constant."""

    def test(call: Call) -> Argument | None:
        argument = call.argument(at, *keywords)
        return argument if _is_dynamic(argument) else None

    return When(test, "'x', " * at + "value", "'x', " * at + "'constant'")


_MOST_OPERANDS = 100
_FORMATTED = re.compile(r"\.format(?:_map)?$")


def is_built(node: Node) -> bool:
    """Whether an expression puts a text together: an f-string, ``%``, ``+`` or ``format`` of what varies."""
    while node.type == "parenthesized_expression" and node.named_child(0) is not None:
        node = node.named_child(0) or node
    if node.type == "string":
        return any(child.type == "interpolation" for child in node.named_children)
    if node.type == "call":
        callee = node.child(0)
        return callee is not None and bool(_FORMATTED.search((callee.text or b"").decode("utf-8", "replace")))
    if node.type == "concatenated_string":
        return not is_constant(node)
    operands = [node] if node.type == "binary_operator" else []
    for _ in range(_MOST_OPERANDS):
        if not operands:
            return False
        current = operands.pop()
        if current.type in ("string", "concatenated_string"):
            return True
        if current.type == "binary_operator":
            operands.extend(current.named_children)
    return False


def built(at: int = 0, *keywords: str) -> When:
    """The argument is text put together on the spot: an f-string, ``%``, ``+`` or ``format`` of what varies."""

    def test(call: Call) -> Argument | None:
        argument = call.argument(at, *keywords)
        return argument if argument is not None and _is_dynamic(argument) and is_built(argument.node) else None

    return When(test, "'x', " * at + "f'a {value}'", "'x', " * at + "'a ' 'b'")


_QUERY = re.compile(r"(?i)\b(?:select|where|values|call|insert\s+into|update|delete\s+from|replace\s+into|merge)\b")


def query(at: int = 0, *keywords: str) -> When:
    """As :func:`built`, and it reads like a query: names in CREATE, SET, PRAGMA and the like cannot be parameters."""
    text_is_built = built(at, *keywords).test

    def test(call: Call) -> Argument | None:
        argument = text_is_built(call)
        return argument if argument is not None and _QUERY.search(argument.text) else None

    return When(test, "f'SELECT {value}'", "f'PRAGMA {value}'")


def _shell(call: Call) -> Argument | None:
    shell = call.argument(-1, "shell")
    if shell is None or shell.text in ("False", "None", "0"):
        return None
    command = call.argument(0, "args", "cmd", "command")
    return command if _is_dynamic(command) else None


def _no_shell(call: Call) -> Argument | None:
    command = call.argument(0, "args", "cmd")
    return command if _is_dynamic(command) and _shell(call) is None else None


def given(keyword: str, pattern: str, fires: str, quiet: str, at: int = -1) -> When:
    """The keyword (or the argument at a position) is written so that the whole pattern matches its text."""
    wanted = re.compile(pattern)

    def test(call: Call) -> Argument | None:
        argument = call.argument(at, keyword)
        return argument if argument is not None and wanted.fullmatch(argument.text) else None

    return When(test, fires, quiet)


def without(keyword: str, quiet: str, at: int = 0, also: str = "") -> When:
    """A dynamic argument at a position, and the keyword that would make it safe is missing or switched off."""
    off = {"False", "None", "0", *also.split()}

    def test(call: Call) -> Argument | None:
        safe = call.argument(-1, keyword)
        argument = call.argument(at)
        return argument if _is_dynamic(argument) and (safe is None or safe.text in off) else None

    return When(test, "'x', " * at + "value", quiet)


def lacking(keyword: str, value: str) -> When:
    """Any call in which the keyword is missing or switched off."""

    def test(call: Call) -> Argument | None:
        safe = call.argument(-1, keyword)
        unpacked = any(argument.keyword == "**" for argument in call.arguments)
        return _own(call) if not unpacked and (safe is None or safe.text in ("False", "None", "0")) else None

    return When(test, "'a', 'b'", f"'a', 'b', {keyword}={value}")


def _loads_objects(call: Call) -> Argument | None:
    loader = call.argument(1, "Loader")
    argument = call.argument(0)
    safe = loader is not None and re.search(r"Safe|BaseLoader$", loader.text)
    return argument if _is_dynamic(argument) and not safe else None


def _insecure_hash(call: Call) -> Argument | None:
    used = call.argument(-1, "usedforsecurity")
    return _own(call) if used is None or used.text != "False" else None


ANY = When(_own, "", None)
SHELL = When(_shell, "value, shell=True", "'ls', shell=True")
NO_SHELL = When(_no_shell, "[value]", "['ls']")
LOADER = When(_loads_objects, "value, yaml.Loader", "value, Loader=yaml.SafeLoader")
HASH = When(_insecure_hash, "b''", "b'', usedforsecurity=False")
NOT_VERIFIED = given("verify", "False|0", "'u', verify=False", "'u', verify=True")
OPEN_TO_ALL = r"0o?[0-7]*[2367]|.*\bS_I(?:RWX|W)OTH\b.*|.*\bS_IRWXO\b.*"
