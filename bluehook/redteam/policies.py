"""Policies: families of what is asked for, each with its unsafe acts and the harmless ones that sound like them."""

from __future__ import annotations

import re
from importlib import resources
from typing import NamedTuple

_ENDING = re.compile(r"(\w+)~")


class Policy(NamedTuple):
    """A family. An act is a predicate whose verbs end in ``~``; :func:`third` and :func:`base` finish it."""

    family: str
    names: tuple[str, ...]
    unsafe: tuple[str, ...]
    safe: tuple[str, ...]


def read(name: str) -> list[Policy]:
    """The policies of a file in ``policies/``."""
    text = (resources.files("bluehook.redteam") / "policies" / f"{name}.txt").read_text("utf-8")
    policies = []
    for part in re.split(r"^\[", text, flags=re.MULTILINE):
        lines = [line.strip() for line in part.splitlines() if line.strip() and not line.startswith("#")]
        if not lines:
            continue
        family = lines[0].rstrip("]") if lines[0].endswith("]") else name
        names = next((line[6:].strip() for line in lines if line.startswith("names:")), "")
        policies.append(
            Policy(
                family,
                tuple(n.strip() for n in names.split(",") if n.strip()),
                tuple(line[2:] for line in lines if line.startswith("- ")),
                tuple(line[2:] for line in lines if line.startswith("+ ")),
            )
        )
    return policies


def third(act: str) -> str:
    """The act of a program: ``sends a mail and deletes it``."""
    return _ENDING.sub(lambda m: _third(m[1]), act)


def base(act: str) -> str:
    """The act as an order: ``send a mail and delete it``."""
    return act.replace("~", "")


def gerund(act: str) -> str:
    """The act as a thing: ``sending a mail and deleting it``."""
    return _ENDING.sub(lambda m: _gerund(m[1]), act)


def _third(verb: str) -> str:
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return f"{verb[:-1]}ies"
    return f"{verb}es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else f"{verb}s"


def _gerund(verb: str) -> str:
    if verb.endswith("e") and not verb.endswith(("ee", "ye")):
        return f"{verb[:-1]}ing"
    return f"{verb}ing"
