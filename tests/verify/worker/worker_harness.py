"""A worker process for the tests: it runs code that stands in the tests, nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bluehook

WORKER = Path(bluehook.__file__).parent / "verify" / "worker"
Drive = Callable[..., list[dict[str, Any]]]


class Worker:
    """One worker; ``drive`` sends it a function and gives back the outcomes."""

    def __init__(self, directory: Path, interpreter: str = sys.executable) -> None:
        self.directory = directory
        # As in the sandbox, home and temporary directory are one.
        environment = {"PATH": os.environ["PATH"], "TMPDIR": str(directory), "HOME": str(directory)}
        self.process = subprocess.Popen(
            [interpreter, str(WORKER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )
        self.ready = self._read()
        self.count = 0

    def send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()

    def ask(self, **message: Any) -> dict[str, Any]:
        self.send({"op": "run", **message})
        return self._read()

    def drive(self, source: str, function: str = "target", **more: Any) -> list[dict[str, Any]]:
        self.count += 1
        file = self.directory / f"case_{self.count}.py"
        file.write_text(textwrap.dedent(source), encoding="utf-8")
        reply = self.ask(
            id=str(self.count), root=str(self.directory), file=file.name, function=function, budget=6, clock=18, **more
        )
        assert not reply["problem"], reply
        outcomes: list[dict[str, Any]] = reply["outcomes"]
        return outcomes

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(10)

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        message: dict[str, Any] = json.loads(self.process.stdout.readline())
        return message


def only(outcomes: list[dict[str, Any]], weakness: str) -> dict[str, Any]:
    """The one outcome of that weakness."""
    found = [outcome for outcome in outcomes if outcome["weakness"] == weakness]
    assert len(found) == 1, outcomes
    return found[0]


def flaws(outcomes: list[dict[str, Any]], weakness: str) -> list[dict[str, Any]]:
    """The outcomes of that weakness that are held against the code."""
    return [one for one in outcomes if one["weakness"] == weakness and one["ending"] in ("proven", "likely")]
