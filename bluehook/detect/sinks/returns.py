"""What functions hand back that others will send, log, follow or show, as their own words say.

No call of an API ends there, so the table of sinks does not see it: a line for a log, the headers of an answer, an
address to go to. These are hints alone, for the stage that attacks. Pages are left to the data flow, which knows
markup from a helper that puts one element around what it is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from bluehook.detect.sinks.table import HINTS
from bluehook.findings import Detection, Evidence
from bluehook.parse import Function, ParsedFile, is_constant
from bluehook.weaknesses import TABLE

_MOST_NODES = 3_000


class Convention(NamedTuple):
    """A name that says what a function's result is for, and what goes wrong there."""

    weakness: str
    names: re.Pattern[str]


CONVENTIONS = (
    Convention("log-injection", re.compile(r"(?i)(^|_)log(_|$|s$|line|entry|message)")),
    Convention("header-injection", re.compile(r"(?i)^(?!.*(pars|read|decod|split|unpack)).*header")),
    Convention("open-redirect", re.compile(r"(?i)redirect|next_url|return_url|callback|login_url|location")),
    Convention("ssrf", re.compile(r"(?i)^(?!.*redirect).*(url|uri|endpoint)")),
)
_NAMED = re.compile(rb"(?i)\bdef\s+\w*(?:log|header|redirect|next_url|return_url|callback|location|url|uri|endpoint)")


def worth_a_look(file: ParsedFile) -> bool:
    """Whether any function of the file could be meant; cheap, and never false where one is."""
    return b"return" in file.utf8 and _NAMED.search(file.utf8) is not None


def detections(file: ParsedFile) -> Iterator[Detection]:
    """A hint for each function of the file that hands back such a thing, at its first return of one."""
    if not worth_a_look(file):
        return
    for function in file.functions:
        meant = [one.weakness for one in CONVENTIONS if one.names.search(function.name)]
        returned = _returned(function) if meant and function.parameter_names - {"self", "cls"} else None
        if returned is not None:
            for weakness in meant:
                yield _detection(file, returned, weakness)


def _returned(function: Function) -> Node | None:
    """What the first return that hands back more than a constant hands back."""
    body = function.node.child_by_field_name("body")
    pending = [body] if body is not None else []
    for _ in range(_MOST_NODES):
        if not pending:
            return None
        node = pending.pop()
        if node.type == "return_statement":
            value = next(iter(node.named_children), None)
            if value is not None and value.type not in ("none", "true", "false") and not is_constant(value):
                return value
        elif node.type not in ("function_definition", "class_definition", "lambda"):
            pending += reversed(node.named_children)
    return None


def _detection(file: ParsedFile, node: Node, weakness: str) -> Detection:
    title = TABLE[weakness].title
    message = f"what is handed back here: {title[:1].lower()}{title[1:]}"
    return Detection(weakness, file.location(node), Evidence("sinks", f"{weakness}:return", HINTS, message))
