"""Whose hand a value comes from, and whether the function answers for what becomes of it.

An effect alone shows nothing: what runs commands for its caller runs commands. So a parameter is *composed* where the
code joins it with text of its own and so claims to confine it, and *whole* where it is handed on as it came; what is
named after the sink, or is part of a program's command line, does what it is told.
"""

from __future__ import annotations

import ast
import re
import sys
from typing import Any

from . import protocol
from .inputs.wire import TYPED
from .probes.base import Probe, Sighting

_TOLD = re.compile(
    r"(pickle|unpickle|marshal|yaml|json)?_?(loads?|dumps?|deserialize|unserialize|decode)|execute(many|script)?|run|"
    r"system|popen|spawn|eval|exec|compile|open|read|write|unlink|remove|send|fetch|request|get|post|parse|fromstring"
)
"""Names of methods that say what a sink does, and so what their objects are for."""

_COMMAND = {"add_arguments", "add_options", "handle", "finalize_options", "initialize_options", "create_parser"}
"""Methods of classes that are commands of a program; two of them, or one with ``run``, make a class one."""

_OPERATORS = {"path-traversal", "ssrf", "sql-injection", "regex-dos", "cross-site-scripting", "open-redirect"}
"""What somebody who may start the program can do without it."""


_TYPED = {"path-traversal", "ssrf", "regex-dos"}
"""What a person who types a command line can do without the program as well."""

_ANSWERED = {"ssrf", "log-injection", "csv-injection"}
"""What the host that answers may be trusted with by whoever asks it: it could send a client elsewhere anyway."""

_RUN_AS_TYPED = {"command-injection", "code-injection", "deserialization"}
"""What no program does with a line that it asked for, unless it is a shell itself."""

_LOADED = {"code-injection", "deserialization"}
"""What runs when it is loaded, so that whoever names a file for it trusts who wrote it."""

_NAMED = ("content of the file named by option", "content of the file named by argument")

_OF_A_FIELD = re.compile(
    r"\.(GET|POST|COOKIES|META|args|values|cookies|headers|query_params)(\.get)?(\[[^\]]*\]|\([^)]*\))\.\w+(\(\))?$"
)
"""An attribute of a field: fields are texts, which have none of the program's own."""


def trust_of(probe: Probe, sighting: Sighting, target: Any = None) -> str:
    """Whose hand the value comes from, as the sink tells: a parameter is composed or whole."""
    if sighting.slot.trust == "outside":
        return protocol.ASSUMED if _OF_A_FIELD.search(sighting.slot.name) else protocol.OUTSIDE
    if sighting.slot.trust == "parameter":
        if probe.weakness in _OPERATORS and is_command(target):
            return protocol.WHOLE
        return protocol.COMPOSED if probe.composed(sighting) else protocol.WHOLE
    return protocol.ASSUMED


def strength_of(probe: Probe, sighting: Sighting, trust: str, target: Any = None) -> str:
    """``strong`` when an effect should be mended in this function, ``weak`` when it may be its caller's business.

    Weak are a value that is handed on whole to a sink whose purpose that is, and one that no constant of the code
    confines; a document parsed by a dangerous loader is the function's own business even so (unless it is a method that
    is named after the loader), and the content of a file that a parameter names is as good as the parameter. A browser
    leaves for a path that begins with two slashes, but hardly a route lets one in. Which file or host is meant, who
    types a command line may say, unless the program has more rights than he has; a link in a reply is there to be
    followed.
    """
    if probe.weakness == "open-redirect" and sighting.slot.name.endswith(".path"):
        return "weak"
    if probe.weakness in _ANSWERED and sighting.slot.name.startswith("reply of another host"):
        return "weak"
    typed = sighting.slot.kind == "argument" and sighting.slot.trust == "parameter"
    if probe.weakness in _TYPED and (typed or sighting.slot.name == "standard input"):
        return "weak"
    if trust in (protocol.OUTSIDE, protocol.COMPOSED):
        return "strong"
    if trust == protocol.WHOLE or sighting.slot.name.startswith("content of the file named by parameter"):
        key = probe.weakness == "path-traversal" and _is_made_text(target, sighting.slot.name)
        return "strong" if probe.answers_for(sighting) and not key and not does_as_told(target) else "weak"
    if probe.weakness == "code-injection" and _is_of_a_module(sighting.slot.name):
        return "weak"
    if sighting.slot.name == TYPED and probe.weakness in _RUN_AS_TYPED:
        return "weak" if is_command(target) or does_as_told(target) else "strong"
    own = probe.answers_for(sighting) or probe.composed(sighting)
    return "strong" if probe.assumed_will_do and own else "weak"


def _is_made_text(target: Any, slot: str) -> bool:
    """Whether the function makes a text of the parameter: to the code it is a number, or an object of its own."""
    calls = [each for each in ast.walk(getattr(target, "node", ast.Pass())) if isinstance(each, ast.Call)]
    made = [each.args[0] for each in calls if isinstance(each.func, ast.Name) and each.func.id == "str" and each.args]
    return any(isinstance(each, ast.Name) and slot == f"parameter {each.id!r}" for each in made)


def _is_of_a_module(slot: str) -> bool:
    """Whether the slot is what a module holds that is not there: more of the program's own code."""
    return "(" not in slot and slot.partition(".")[0] in sys.modules


def can_prove(probe: Probe, sighting: Sighting, trust: str) -> bool:
    """Whether an effect through an input of this trust is a proof.

    Whether what a function puts into its page was made harmless before, only its caller knows; a view has none. Nor is
    a parameter that reaches a few things only the way in that a text from outside would be. Who names a file on a
    command line has a say in what is loaded from it.
    """
    if trust == protocol.COMPOSED:
        by_caller = sighting.slot.name.startswith("parameter ")
        return not by_caller or (probe.weakness != "cross-site-scripting" and probe.at_will(sighting))
    vouched = probe.weakness in _LOADED and sighting.slot.name.startswith(_NAMED)
    return trust == protocol.OUTSIDE and not vouched


def does_as_told(target: Any) -> bool:
    """Whether the function is a method that is named after what it hands its argument to."""
    owner = getattr(target, "owner", None)
    return owner is not None and _TOLD.fullmatch(getattr(target.node, "name", "")) is not None


def is_command(target: Any) -> bool:
    """Whether the function belongs to a class that is a command: its arguments come from who started the program."""
    owner = getattr(target, "owner", None)
    if not isinstance(owner, type):
        return False
    own = {name for base in owner.__mro__ if base is not object for name in vars(base)}
    return len(own & _COMMAND) + ("run" in own and bool(own & _COMMAND)) >= 2
