"""The pieces of a reproduction: Python source in the folder ``pieces/``, 3.9 and the standard library only.

``text`` puts constants before them: ``MODULE``, ``ATTACK`` and ``BENIGN`` (what is called), ``PAYLOAD``, ``MARK`` (what
the attack carries and nothing else does) and ``WORD`` (what the benign call carries in its place). A piece of
``calls/``, one file a way to call, defines ``call(given)``, which gives what was returned or raised, an ``Answer`` for
a request. A piece of ``effects/``, one file a weakness, defines ``check(folder)``, which fails when the effect is seen;
it may add a function to ``LISTENERS``, which is then told of every audit event.

``surroundings`` lets the code run (a database that knows every table, folders that are there: what is missing on the
way must not hide the hole), and ``guard`` keeps the test harmless to whoever runs it.
"""

from __future__ import annotations

import functools
from pathlib import Path

_FOLDER = Path(__file__).parent / "pieces"
_SEEN_AS = {"deserialization": "code-injection", "log-injection": "header-injection"}
"""Weaknesses whose effect is seen as that of another one is."""
_NEEDS = {"code-injection": "gadget", "template-injection": "gadget"}
"""What an effect's piece builds upon."""


@functools.cache
def piece(name: str) -> str:
    """The source of a piece by its path below the folder, without the ending."""
    return (_FOLDER / f"{name}.py").read_text(encoding="utf-8").strip()


def call(framework: str) -> str | None:
    """How requests to a framework are sent (``call``: how a function is called); ``None`` if nobody has written it."""
    return piece(f"calls/{framework}") if framework in _files("calls") else None


def effect(weakness: str) -> list[str] | None:
    """How the effect of a weakness is seen; ``None`` if nobody has written it."""
    seen_as = _SEEN_AS.get(weakness, weakness)
    stem = seen_as.replace("-", "_")
    if stem not in _files("effects"):
        return None
    needed = [piece(_NEEDS[seen_as])] if seen_as in _NEEDS else []
    return [*needed, piece(f"effects/{stem}")]


@functools.cache
def _files(folder: str) -> frozenset[str]:
    """The pieces that are there: names come from the worker, and must not lead to any other file."""
    return frozenset(file.stem for file in (_FOLDER / folder).glob("*.py"))
