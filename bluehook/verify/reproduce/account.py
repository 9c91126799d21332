"""The worker's account of an attack, checked before anything of it is written down.

The code under attack may have made the worker say anything, and what is written runs outside of any sandbox later.
So each part has to be a literal, a name, or one of the few calls that :data:`_MADE` lists.
"""

from __future__ import annotations

import ast
import base64
import re
from typing import Any

import msgspec

from bluehook.verify.model import Outcome

_MARK = re.compile(r"zq[a-z0-9]{9}|\d{6,16}")
_SETTING = re.compile(r"zq[a-z0-9]{9}|http://zq[a-z0-9]{9}\.invalid|\d")
"""What variables of the environment may be set to: nothing that anybody chose."""
_MADE = {"Path": 1, "io.BytesIO": 1, "StandIn": 0, "connection": 0, "connection().cursor": 0, "set": 0}
"""The calls that may stand in an argument's text, and how many literals each takes."""


class UnwritableError(Exception):
    """A proof that has no standalone form; the text says why."""


class Call(msgspec.Struct, frozen=True, tag="call", tag_field="kind"):
    """A call of a function or method, as ``worker/drive/replay.py`` describes it."""

    arguments: list[str] = []
    named: dict[str, str] = {}
    owner: str = ""
    made: bool = False
    needed: list[str] = []
    files: dict[str, str] = {}


class Request(msgspec.Struct, frozen=True, tag="request", tag_field="kind"):
    """A request, as ``worker/drive/replay.py`` describes it."""

    framework: str
    route: str
    method: str
    target: str
    headers: list[tuple[str, str]]
    body: str
    arguments: list[str] = []
    named: dict[str, str] = {}


class Replay(msgspec.Struct, frozen=True):
    """The attack, the harmless call beside it, and the environment that both had."""

    attack: Call | Request
    benign: Call | Request
    environment: dict[str, str] = {}


def replay(outcome: Outcome) -> Replay:
    """What has to be called to see the effect again.

    :raises UnwritableError: the worker did not tell, or not in order.
    """
    found = outcome.evidence.get("replay")
    if found is None:
        reason = outcome.evidence.get("unrepeatable")
        raise UnwritableError(str(reason or "the call cannot be repeated outside of the worker"))
    try:
        told = msgspec.convert(found, Replay)
    except msgspec.ValidationError as error:
        raise UnwritableError(f"the worker's account of the call is not in order: {error}") from None
    for name, value in told.environment.items():
        if not name.isidentifier() or not _SETTING.fullmatch(value):
            raise UnwritableError("the worker's account of the environment is not in order")
    return told


def mark(outcome: Outcome) -> str:
    """What the attack carries and nothing else does."""
    told = outcome.evidence.get("mark")
    if isinstance(told, str) and _MARK.fullmatch(told):
        return told
    found = _MARK.search(outcome.payload)
    return found[0] if found else ""


def word(outcome: Outcome) -> str:
    """What the harmless call carries in its place."""
    told = outcome.evidence.get("slot_word")
    return told if isinstance(told, str) and _MARK.fullmatch(told) else "zqnothing"


def decoded(text: str) -> bytes:
    """Bytes that are told in base64.

    :raises UnwritableError: they are not.
    """
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise UnwritableError("the worker's account of the call is not in order: bytes are not in base64") from None


def dotted(name: str) -> str:
    """The name, if it is one or several with dots between them.

    :raises UnwritableError: it is anything else.
    """
    if not all(part.isidentifier() for part in name.split(".")):
        raise UnwritableError(f"{name[:80]!a} is not a name that can be written down")
    return name


def argument(text: str) -> str:
    """The text of an argument, if it is made of literals and of calls that are known to be harmless.

    :raises UnwritableError: it is anything else.
    """
    try:
        tree: Any = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise UnwritableError("an argument is too special to be repeated as text") from None
    if not _is_harmless(tree):
        raise UnwritableError("an argument is no literal")
    return ast.unparse(tree)


def _is_harmless(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, (ast.USub, ast.UAdd)) and isinstance(node.operand, ast.Constant)
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return all(_is_harmless(each) for each in node.elts)
    if isinstance(node, ast.Dict):
        return all(each is not None and _is_harmless(each) for each in (*node.keys, *node.values))
    if isinstance(node, ast.Call) and not node.keywords:
        takes = _MADE.get(ast.unparse(node.func))
        return takes == len(node.args) and all(isinstance(each, ast.Constant) for each in node.args)
    return False
