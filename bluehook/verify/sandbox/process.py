"""A program in a sandbox as its caller sees it: lines in, lines out, and how it ended."""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import subprocess  # nosec B404
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from bluehook.findings import BluehookError
from bluehook.verify.sandbox.model import Ended, Limits, Reason

LAUNCH = "import sys; sys.path.append(sys.argv[1]); from launch.run import main; main(int(sys.argv[2]))"
_CHUNK = 65536
_GRACE = 10.0
"""Seconds that the launcher has for its report after everything was killed, and for setting up."""


class Process:
    """A running sandbox. Leaving its ``with`` block kills it with all that came from it.

    ``private`` is the one directory that the program can write to, as the program sees it; ``layers`` are those of
    :class:`~bluehook.verify.sandbox.model.Status`, as they came out for this run.
    """

    def __init__(self, plan: dict[str, Any], limits: Limits, private: str) -> None:
        """Hand ``plan`` to a launcher; returns when the program was executed, else raises ``BluehookError``."""
        self.private = private
        self.layers: dict[str, str] = {}
        self._limits = limits
        self._lines = bytearray()
        self._seen = 0
        self._reports = b""
        self._ended: Ended | None = None
        self._overflowed = False
        ours, theirs = socket.socketpair()
        with theirs:
            self._control = ours
            self._launcher = _launch(theirs.fileno())
        assert self._launcher.stdin
        assert self._launcher.stdout
        self._input, self._output = self._launcher.stdin.fileno(), self._launcher.stdout.fileno()
        os.set_blocking(self._input, False)
        self._send_plan(plan)
        self._await_start()

    def __enter__(self) -> Process:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.kill()

    def send(self, data: bytes, timeout: float | None = None) -> None:
        """Write ``data`` to the program's standard input.

        Raises ``TimeoutError`` after ``timeout`` seconds of it not reading, ``BrokenPipeError`` when it has gone.
        """
        deadline = _deadline(timeout)
        left = memoryview(data)
        while left:
            if not select.select([], [self._input], [], _remaining(deadline))[1]:
                raise TimeoutError("the program in the sandbox does not read")
            with contextlib.suppress(BlockingIOError):
                left = left[os.write(self._input, left) :]

    def receive(self, timeout: float | None = None) -> bytes:
        """The next line that the program writes, without its newline.

        Raises ``TimeoutError`` after ``timeout`` seconds without a whole line, ``EOFError`` when no more will come.
        """
        deadline = _deadline(timeout)
        while b"\n" not in self._lines:
            if self._output < 0:
                raise EOFError("the program in the sandbox has ended")
            if not self._pump(deadline):
                raise TimeoutError("the program in the sandbox does not answer")
        line, _, self._lines = self._lines.partition(b"\n")
        return bytes(line)

    def close_input(self) -> None:
        """Let the program read the end of its standard input."""
        assert self._launcher.stdin  # nosec B101
        with contextlib.suppress(OSError):
            self._launcher.stdin.close()

    def kill(self) -> Ended:
        """End it now with all that came from it; returns once none of it is alive. Later calls change nothing."""
        if self._ended is None:
            with contextlib.suppress(OSError):
                self._control.shutdown(socket.SHUT_WR)
        return self.wait(_GRACE)

    def wait(self, timeout: float | None = None) -> Ended:
        """How it ended. Raises ``TimeoutError`` if it has not after ``timeout`` seconds."""
        deadline = _deadline(timeout)
        while self._ended is None:
            if not self._pump(deadline):
                raise TimeoutError("the program in the sandbox still runs")
        return self._ended

    def _pump(self, deadline: float | None) -> bool:
        """Take what is there from the program or the launcher; false when ``deadline`` passed with nothing."""
        sources = [self._control.fileno()] if self._ended is None else []
        sources += [self._output] if self._output >= 0 else []
        ready = select.select(sources, [], [], _remaining(deadline))[0]
        if self._output in ready:
            self._take_output()
        if self._ended is None and self._control.fileno() in ready:
            self._take_report()
        return bool(ready)

    def _take_output(self) -> None:
        data = os.read(self._output, _CHUNK)
        self._seen += len(data)
        if not data:
            self._output = -1
        elif self._seen <= self._limits.output_bytes:
            self._lines += data
        elif not self._overflowed:
            self._overflowed = True
            with contextlib.suppress(OSError):
                self._control.shutdown(socket.SHUT_WR)

    def _take_report(self) -> None:
        data = self._control.recv(_CHUNK)
        self._reports += data
        *lines, self._reports = self._reports.split(b"\n")
        for line in lines:
            report = json.loads(line)
            if "layers" in report:
                self.layers = report["layers"]
            else:
                self._finish(report)
        if not data and self._ended is None:
            self._finish({"reason": "failed", "detail": "the launcher died"})

    def _finish(self, report: dict[str, Any]) -> None:
        stderr = bytes.fromhex(report.pop("stderr", ""))
        reason = Reason(report.pop("reason"))
        if self._overflowed and reason is Reason.KILLED:
            reason = Reason.OUTPUT
        self._ended = Ended(reason, stderr=stderr, **report)
        self.close_input()
        self._launcher.wait(_GRACE)
        self._control.close()

    def _send_plan(self, plan: dict[str, Any]) -> None:
        import marshal

        # Launcher and caller run on the same interpreter, and no format is read faster.
        data = marshal.dumps(plan)
        with contextlib.suppress(OSError):
            self._control.sendall(len(data).to_bytes(8, "big") + data)

    def _await_start(self) -> None:
        deadline = _deadline(_GRACE)
        while not self.layers and self._ended is None:
            if not self._pump(deadline):
                self.kill()
                raise BluehookError(f"the sandbox could not be set up: nothing happened for {_GRACE:.0f} s")
        if self._ended is not None and self._ended.reason is Reason.FAILED:
            raise BluehookError(f"the sandbox could not be set up: {self._ended.detail}")


def _launch(control: int) -> subprocess.Popen[bytes]:
    """Start the launcher, isolated, on the interpreter that runs bluehook, with nothing of our environment."""
    environment = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return subprocess.Popen(  # nosec B603
        [sys.executable, "-I", "-S", "-c", LAUNCH, str(Path(__file__).parent), str(control)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        pass_fds=(control,),
        env=environment,
        cwd="/",
        start_new_session=True,
    )


def _deadline(timeout: float | None) -> float | None:
    return None if timeout is None else time.monotonic() + timeout


def _remaining(deadline: float | None) -> float | None:
    return None if deadline is None else max(0.0, deadline - time.monotonic())
