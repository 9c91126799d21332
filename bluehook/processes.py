"""Other programs, started in one way: both pipes drained together, a deadline, and no survivors of it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_OWN_GROUP = os.name == "posix"


class Ended(NamedTuple):
    """How a program ended: its exit status (negative: the signal), what it printed, whether the deadline struck."""

    status: int
    stdout: bytes
    stderr: bytes
    timed_out: bool


def run(
    command: Sequence[str | Path],
    *,
    stdin: bytes = b"",
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    seconds: float,
) -> Ended:
    """Run a program to its end, or for ``seconds`` at most; then it and all that it started are killed.

    :raises OSError: the program could not be started.
    """
    process = subprocess.Popen(
        [os.fspath(part) for part in command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=cwd,
        env=None if env is None else dict(env),
        start_new_session=os.name == "posix",
    )
    _running.add(process)
    try:
        if _stopping.is_set():
            raise InterruptedError("interrupted")
        stdout, stderr = process.communicate(stdin, timeout=seconds)
    except subprocess.TimeoutExpired:
        kill_tree(process)
        stdout, stderr = process.communicate()
        return Ended(process.returncode, stdout, stderr, timed_out=True)
    except BaseException:
        kill_tree(process)
        process.wait()
        raise
    finally:
        _running.discard(process)
    return Ended(process.returncode, stdout, stderr, timed_out=False)


def stop_all() -> None:
    """Kill what :func:`run` waits for in other threads, which Ctrl-C does not reach, and let nothing new begin."""
    _stopping.set()
    for process in list(_running):
        kill_tree(process)


_running: set[subprocess.Popen[bytes]] = set()
_stopping = threading.Event()


def kill_tree(process: subprocess.Popen[bytes]) -> None:
    """Kill a program that was started in a session of its own, and all that it started; does not wait."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
