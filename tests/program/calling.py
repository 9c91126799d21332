"""Start the real program as a user or a hook would, with nothing of the caller's environment leaking in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from gitrepo import clean_environment

BAD = """\
from flask import request


def user(connection):
    name = request.args["name"]
    return connection.execute("SELECT * FROM users WHERE name = '" + name + "'").fetchone()
"""
GOOD = """\
from flask import request


def user(connection):
    name = request.args["name"]
    return connection.execute("SELECT * FROM users WHERE name = ?", (name,)).fetchone()
"""

_LEAKS = ("BLUEHOOK_", "PRE_COMMIT", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "CI")


class Ended(NamedTuple):
    """How a program ended, its output decoded."""

    status: int
    out: str
    err: str


def environment(cache: Path, **more: str) -> dict[str, str]:
    """The environment without what would change an answer; ``cache`` is where answers are kept. Nothing is attacked
    unless the call asks for it.
    """
    kept = {name: value for name, value in clean_environment().items() if not name.startswith(_LEAKS)}
    return {**kept, "BLUEHOOK_CACHE_DIR": str(cache), "BLUEHOOK_VERIFY": "0", **more}


def bluehook(cwd: Path, cache: Path, *arguments: str, given: bytes = b"", **more: str) -> Ended:
    """Run ``bluehook`` in a folder."""
    return program([sys.executable, "-m", "bluehook", *arguments], cwd, environment(cache, **more), given)


def program(command: list[str], cwd: Path, env: dict[str, str], given: bytes = b"", seconds: float = 300) -> Ended:
    """Run any program to its end."""
    ended = subprocess.run(command, cwd=cwd, env=env, input=given, capture_output=True, timeout=seconds, check=False)
    return Ended(ended.returncode, ended.stdout.decode(errors="replace"), ended.stderr.decode(errors="replace"))
