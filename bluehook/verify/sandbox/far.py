"""The far end of a sandbox that another program makes: the command line that confines itself and runs the program."""

from __future__ import annotations

import marshal
from pathlib import Path
from typing import Any

import msgspec

from bluehook.verify.sandbox import views
from bluehook.verify.sandbox.model import Spec

FOLDER = Path(__file__).parent / "launch"
"""Must be readable inside, at its own place."""

NODES = ("null", "zero", "full", "random", "urandom")
_RUN = "import sys; sys.path.append(sys.argv[1]); from launch.inside import main; main()"


def limits(spec: Spec) -> dict[str, Any]:
    """The limits as the launcher takes them."""
    return msgspec.structs.asdict(spec.limits)


def command(
    spec: Spec, private: str, seen: views.View, program: bytes, *, as_nobody: bool = False, count: bool = True
) -> list[str]:
    """``spec`` behind ``launch/inside.py``, which applies its limits, Landlock, and the seccomp ``program``.

    With ``as_nobody`` it also gives up root; without ``count`` the number of processes is limited by another.
    """
    plan = {
        "argv": list(spec.argv),
        "env": {"HOME": private, "TMPDIR": private, **spec.env},
        "cwd": str(spec.cwd or private),
        "limits": {**limits(spec), **({} if count else {"processes": None})},
        "as_nobody": as_nobody,
        "visible": [*seen.binds, *seen.links],
        "private": private,
        "nodes": NODES,
        "seccomp": program,
    }
    # Version 2 of the format is read by every Python 3.
    text = marshal.dumps(plan, 2).hex()
    return [spec.argv[0], "-I", "-S", "-c", _RUN, str(FOLDER.parent), text]
