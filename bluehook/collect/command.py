"""Running git: in English, asking nobody, and without the programs that a repository's configuration could name."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from bluehook import processes
from bluehook.findings import BluehookError

TIMEOUT = 60.0
"""Seconds that one git command may take. Ours are local and take milliseconds; only a dead disk needs longer."""

# The file system monitor is a program that the configuration of the repository names. Quoted paths are for people.
# Replacement objects would show us another content than the one that is committed.
_GLOBAL = (
    "--no-pager",
    "--no-replace-objects",
    "--literal-pathspecs",
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.quotePath=false"),
)

# These change what git prints, or contradict the options above.
_UNWANTED = frozenset(
    {
        "GIT_DIFF_OPTS",
        "GIT_EXTERNAL_DIFF",
        "GIT_GLOB_PATHSPECS",
        "GIT_NOGLOB_PATHSPECS",
        "GIT_ICASE_PATHSPECS",
        "GIT_LITERAL_PATHSPECS",
        "LANGUAGE",
    }
)


class Git:
    """Git, to be run in the directory ``cwd`` with the environment ``env``."""

    def __init__(self, cwd: Path, env: Mapping[str, str]) -> None:
        self.cwd = cwd
        self.env = {name: value for name, value in env.items() if name not in _UNWANTED}
        self.env |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}

    def offline(self) -> Git:
        """The same, with every transport forbidden, so that a partial clone fetches nothing."""
        return Git(self.cwd, self.env | {"GIT_ALLOW_PROTOCOL": "", "GIT_NO_LAZY_FETCH": "1"})

    def run(self, *arguments: str, given: bytes = b"", seconds: float = TIMEOUT) -> processes.Ended:
        """Run one command to its end; ``given`` is its standard input. Its failure is left to the caller to judge.

        Raises :class:`BluehookError` if there is no git, or it takes longer than ``seconds``.
        """
        command = self._command(arguments)
        try:
            ended = processes.run(command, stdin=given, cwd=self.cwd, env=self.env, seconds=seconds)
        except OSError as error:
            raise self._cannot_start(error) from error
        if ended.timed_out:
            raise BluehookError(
                f"git {arguments[0]} in {self.cwd} did not end within {seconds:g} s; run it by hand to see why"
            )
        return ended

    def output(self, *arguments: str, given: bytes = b"") -> bytes:
        """What one command prints. Raises :class:`BluehookError` also when it fails."""
        ended = self.run(*arguments, given=given)
        if ended.status:
            raise BluehookError(f"git {arguments[0]} failed in {self.cwd}: {reason(ended.stderr)}")
        return ended.stdout

    def start(self, *arguments: str, errors: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start a command that is talked to through pipes; it heads a process group of its own."""
        try:
            return subprocess.Popen(
                self._command(arguments),
                cwd=self.cwd,
                env=self.env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=os.name == "posix",
            )
        except OSError as error:
            raise self._cannot_start(error) from error

    def _command(self, arguments: tuple[str, ...]) -> list[str]:
        return [_program(), *_GLOBAL, *arguments]

    def _cannot_start(self, error: OSError) -> BluehookError:
        return BluehookError(f"cannot run git in {self.cwd}: {error.strerror}")


def reason(errors: bytes) -> str:
    """The line that says why git failed, out of what it wrote to standard error."""
    lines = errors.decode("utf-8", "replace").strip().splitlines()
    fatal = [line for line in lines if line.startswith(("fatal: ", "error: "))]
    return (fatal or lines or ["no reason given"])[0].removeprefix("fatal: ").removeprefix("error: ")


def _program() -> str:
    program = shutil.which("git")
    # Windows looks in the current directory first, which may be the repository that we do not trust.
    if program is None or (os.name == "nt" and Path(program).resolve().parent == Path.cwd()):
        raise BluehookError("git was not found on PATH; install git, or add its directory to PATH")
    return program
