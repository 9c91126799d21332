"""The worker processes of the detectors, as far as nothing else shows it."""

from __future__ import annotations

import signal
import sys

import pytest

from bluehook import crew, detect
from bluehook.findings import SourceFile
from bluehook.parse import parse


@pytest.mark.skipif(
    sys.platform == "win32" or sys.version_info < (3, 11), reason="no workers, or no signals as POSIX's"
)
def test_workers_are_deaf_to_interrupts_from_their_first_moment() -> None:
    files = [parse(SourceFile(path=f"m{number}.py", data=b"x = eval(y)\n")) for number in range(64)]
    team = crew.Crew([detect.load("sinks")], detect.Settings(jobs=2))
    try:
        assert team.run(files).detections.keys() == {file.path for file in files}
        assert team._pool is not None
        held = team._pool.submit(signal.pthread_sigmask, signal.SIG_BLOCK, set()).result()
    finally:
        team.close()
    assert signal.SIGINT in held, "held back before the worker could say that it ignores it"
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, set()), "this process hears it again"
