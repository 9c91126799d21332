"""Helpers that nobody here knows: functions that hand a statement, a command or a path, put together on the spot, to a
call of which only its name or the text tells what it does. Hints, so that an attack can find out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from bluehook.detect.sinks.conditions import is_built
from bluehook.findings import Detection, Evidence, Says
from bluehook.parse import Function, ParsedFile
from bluehook.weaknesses import TABLE

_STATEMENT = re.compile(rb"\b(?i:select\b[^;]{1,400}?\bfrom|insert\s+into|update\b[^;]{1,200}?\bset|delete\s+from)\b")
_RUNNER = re.compile(rb"(?i)(?:^|[_.'\"\[])(?:run|exec|execute|ssh|cmd|command|shell|sudo|popen|getoutput|call)"
                     rb"(?:_\w+|['\"]\])?$")  # fmt: skip
_RUNS = re.compile(rb"(?i:run|exec|ssh|cmd|command|shell|sudo|popen|getoutput|call)\w*['\"\]]*\s*\(")
_JOINS = re.compile(rb"path\.join\s*\(")
_JOIN = re.compile(rb"(?:^|\.)path\.join$")
_NO_FILE = re.compile(
    rb"(?i)^(?:os|sys)\.|^(?:print|str|repr|len|isinstance|list|tuple|set|sorted|open)$|path\.\w+$|"
    rb"(?:^|[._])(?:log|debug|info|warn|warning|error|exception|append|add|extend|insert|format|startswith|endswith|"
    rb"join|replace|split)$"
)
TRIGGER = rb"(?i:insert\s+into|delete\s+from|\bselect\s|\bupdate\s)|" + _JOINS.pattern + rb"|" + _RUNS.pattern
"""What every file with such a helper contains."""
_SORTS = (("sql-injection", _STATEMENT), ("command-injection", _RUNS), ("path-traversal", _JOINS))
_COMMAND = re.compile(rb"[a-z][\w./-]*\s+\S|\s-{1,2}\w|\{\}\s+\w")
_CALLED = re.compile(rb"(?i)(?:^|_)(?:cmd|command)(?:_|$|line)")
_TEXTS = {"string", "binary_operator", "call", "concatenated_string", "parenthesized_expression"}
_MOST_NODES = 4_000
_LONGEST = 200


def detections(file: ParsedFile, known: set[tuple[str, str]]) -> Iterator[Detection]:
    """One hint a function and weakness, for those that are not ``known`` (weakness and function) already."""
    sorts = [(weakness, pattern) for weakness, pattern in _SORTS if pattern.search(file.utf8) is not None]
    for function in file.functions if sorts else ():
        text = file.utf8[function.node.start_byte : function.node.end_byte]
        for weakness, pattern in sorts:
            if (weakness, function.qualname) in known or pattern.search(text) is None:
                continue
            found = _FIND[weakness](function)
            if found is not None:
                yield _detection(file, found, weakness)


def _statement(function: Function) -> Node | None:
    """The first text put together in the function that reads like a statement."""
    return next((n for n in _nodes(function.node) if _is_text(n) and _STATEMENT.search(n.text or b"")), None)


def _command(function: Function) -> Node | None:
    """The first call of something named after running whose first argument is a command put together here."""
    made: set[bytes] = set()
    for node in _nodes(function.node):
        if node.type in ("assignment", "augmented_assignment"):
            right, left = node.child_by_field_name("right"), node.child_by_field_name("left")
            if right is not None and left is not None and (_is_command(right) or _is_called_command(left, right)):
                made.add(left.text or b"")
        elif node.type == "call":
            callee, given = node.child(0), node.child_by_field_name("arguments")
            if callee is None or given is None or not _RUNNER.search(callee.text or b""):
                continue
            first = next(iter(given.named_children), None)
            if first is not None and (first.text in made or _is_command(first)):
                return node
    return None


def _path(function: Function) -> Node | None:
    """The first call of something unknown that is given what ``os.path.join`` made of a parameter here."""
    held = {name.encode() for name in function.parameter_names} - {b"self", b"cls"}
    made: set[bytes] = set()
    for node in _nodes(function.node) if held else ():
        if node.type == "assignment":
            right, left = node.child_by_field_name("right"), node.child_by_field_name("left")
            if right is not None and left is not None and _is_joined(right, held):
                made.add(left.text or b"")
        elif node.type == "call":
            callee, given = node.child(0), node.child_by_field_name("arguments")
            if callee is None or given is None or _NO_FILE.search(callee.text or b""):
                continue
            if any(one.text in made or _is_joined(one, held) for one in given.named_children):
                return node
    return None


_FIND = {"sql-injection": _statement, "command-injection": _command, "path-traversal": _path}


def _is_joined(node: Node, held: set[bytes]) -> bool:
    """Whether the node joins a path of one of the names."""
    if node.type != "call":
        return False
    callee, given = node.child(0), node.child_by_field_name("arguments")
    if callee is None or given is None or not _JOIN.search(callee.text or b""):
        return False
    parts = (each for one in given.named_children if one.type != "attribute" for each in (one, *_nodes(one)))
    return any(each.type == "identifier" and each.text in held for each in parts)


def _is_command(node: Node) -> bool:
    text = node.text or b""
    if not _is_text(node) or _STATEMENT.search(text) is not None:
        return False
    return _COMMAND.search(text) is not None or _CALLED.search(text) is not None


def _is_called_command(left: Node, right: Node) -> bool:
    """Whether something that is put together is called a command."""
    return (
        _CALLED.search(left.text or b"") is not None
        and right.type in ("binary_operator", "call", "string")
        and (right.type == "binary_operator" or is_built(right))
    )


def _is_text(node: Node) -> bool:
    return node.type in _TEXTS and is_built(node)


def _nodes(top: Node) -> Iterator[Node]:
    """The nodes of a function in the order of the text, those of functions inside it left out."""
    pending = list(reversed(top.named_children))
    for _ in range(_MOST_NODES):
        if not pending:
            return
        node = pending.pop()
        if node.type not in ("function_definition", "class_definition", "lambda"):
            yield node
            pending.extend(reversed(node.named_children))


def _detection(file: ParsedFile, node: Node, weakness: str) -> Detection:
    text = " ".join((node.text or b"").decode("utf-8", "replace").split())
    shown = text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
    title = TABLE[weakness].title
    message = f"text that is put together here: {title[:1].lower()}{title[1:]}"
    evidence = Evidence("sinks", f"{weakness}:helper", Says.HINTS, message, details={"argument": shown})
    return Detection(weakness, file.location(node), evidence)
