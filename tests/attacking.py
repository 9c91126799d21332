"""Endings of attacks as tests make them up, and a sandbox where there is one."""

from __future__ import annotations

from typing import Any

import pytest

from bluehook.findings import BluehookError
from bluehook.verify import sandbox
from bluehook.verify.model import Attempt, Outcome, Reply, Target


def no_sandbox() -> str:
    try:
        sandbox.choose()
    except BluehookError as error:
        return str(error)
    return ""


needs_sandbox = pytest.mark.skipif(bool(no_sandbox()), reason="no sandbox can be used here")
TARGET = Target(path="shop.py", function="show", lines=(3, 9), weaknesses=("sql-injection",))


def outcome(ending: str, **more: Any) -> Outcome:
    given: dict[str, Any] = {"weakness": "sql-injection", "trust": "outside", "sink_line": 5, "slot": "parameter 'n'"}
    return Outcome(ending=ending, **{**given, **more})  # type: ignore[arg-type]


def attempt(*outcomes: Outcome, target: Target = TARGET, **reply: Any) -> Attempt:
    return Attempt(target=target, reply=Reply(id=target.name, outcomes=list(outcomes), **reply), seconds=4.0)
