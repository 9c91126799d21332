"""Start the real program as a user or a hook would, with nothing of the caller's environment leaking in."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
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


def inside(cwd: Path, cache: Path, *arguments: str, given: bytes = b"", **more: str) -> Ended:
    """As :func:`bluehook`, in this process, which is quicker."""
    from bluehook.cli import cli

    streams = {name: io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for name in ("stdout", "stderr")}
    kept = dict(os.environ)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        for name, stream in streams.items():
            patch.setattr(sys, name, stream)
        for name in kept:
            patch.delenv(name)
        for name, value in environment(cache, **more).items():
            patch.setenv(name, value)
        status = cli.main(list(arguments), prog_name="bluehook", standalone_mode=False) or 0
    texts = []
    for stream in streams.values():
        stream.flush()
        assert isinstance(stream.buffer, io.BytesIO)
        texts.append(stream.buffer.getvalue().decode())
    return Ended(status, *texts)


def program(command: list[str], cwd: Path, env: dict[str, str], given: bytes = b"", seconds: float = 300) -> Ended:
    """Run any program to its end."""
    ended = subprocess.run(command, cwd=cwd, env=env, input=given, capture_output=True, timeout=seconds, check=False)
    return Ended(ended.returncode, ended.stdout.decode(errors="replace"), ended.stderr.decode(errors="replace"))
