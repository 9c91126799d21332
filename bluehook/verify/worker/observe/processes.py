"""Processes: commands given to a shell, and argument lists given to programs.

Real shells run, so that an injected command has its effect; every program that they would find by name is replaced
by one that does nothing and succeeds.
"""

from __future__ import annotations

import functools
import os
import re
import shutil
import sys
from collections.abc import Callable
from typing import Any

from .patch import later
from .record import RECORDER, as_text

_SHELLS = {"sh", "bash", "dash", "zsh", "ksh", "ash"}
_WORD = re.compile(r"(?:^|[;&|(`]\s*)\s*([A-Za-z][\w.+-]*)")
_TRUE = shutil.which("true") or "/bin/true"


class Programs:
    """The directory that stands alone in ``PATH`` while a run is on."""

    def __init__(self) -> None:
        self.directory = ""

    def use(self, directory: str) -> None:
        """Make the directory, with the shells in it."""
        os.makedirs(directory, exist_ok=True)
        self.directory = directory
        for shell in ("sh", "bash"):
            self._link("/bin/sh", shell)

    def provide(self, name: str) -> None:
        """Make sure that a program of this name exists and does nothing."""
        if self.directory and re.fullmatch(r"[\w.+-]+", name):
            self._link(_TRUE, name)

    def _link(self, target: str, name: str) -> None:
        try:
            os.symlink(target, os.path.join(self.directory, name))
        except OSError:
            return


PROGRAMS = Programs()


def shell_command(arguments: list[str]) -> str | None:
    """The command of ``sh -c command``, or ``None`` when the list is no such call."""
    if not arguments or os.path.basename(arguments[0]) not in _SHELLS:
        return None
    for i, one in enumerate(arguments[1:], 1):
        if one.startswith("-") and "c" in one[1:] and not one.startswith("--"):
            return arguments[i + 1] if i + 1 < len(arguments) else None
        if not one.startswith("-"):
            return None
    return None


def _program(executable: Any, arguments: Any, name: str) -> None:
    if isinstance(arguments, (str, bytes, os.PathLike)):
        arguments = [arguments]
    words = [as_text(one) for one in arguments or [executable]]
    command = shell_command(words)
    if command is not None:
        _shell(command, name)
        return
    RECORDER.emit("process", "\0".join(words), words=words, call=name)
    if words and RECORDER.on:
        _quietly(words[0])


def _shell(command: str, name: str) -> None:
    RECORDER.emit("shell", command, call=name)
    for word in _WORD.findall(command)[:12]:
        _quietly(word)


def _quietly(word: str) -> None:
    on, RECORDER.on = RECORDER.on, False
    try:
        PROGRAMS.provide(os.path.basename(word) if "/" not in word else "")
    finally:
        RECORDER.on = on


def _audit(event: str, args: tuple[Any, ...]) -> None:
    if not RECORDER.on:
        return
    if event == "subprocess.Popen":
        _program(args[0], args[1], event)
    elif event == "os.system":
        _shell(as_text(args[0]), event)
    elif event in ("os.exec", "os.posix_spawn"):
        if RECORDER.place(sys._getframe()) is not None and _inside_subprocess(sys._getframe()):
            return
        _program(args[0], args[1], event)
    elif event == "os.spawn":
        _program(args[1], args[2], event)
    elif event == "pty.spawn":
        _program(None, args[0], event)


def _inside_subprocess(frame: Any) -> bool:
    """``subprocess`` may start programs through ``posix_spawn``; that was told by its own event."""
    while frame is not None:
        if frame.f_globals.get("__name__") == "subprocess":
            return True
        if RECORDER.is_project(frame.f_code.co_filename):
            return False
        frame = frame.f_back
    return False


def _replacing(name: str) -> Any:
    """``os.exec*`` would replace the harness: tell what would have run, then leave the function as it would."""

    def execute(path: Any, *args: Any) -> Any:
        words = args[0] if args and isinstance(args[0], (list, tuple)) else [a for a in args if not isinstance(a, dict)]
        _program(path, words, "os." + name)
        raise SystemExit(0)

    return execute


def _started(original: Callable[..., Any]) -> Callable[..., Any]:
    """A program is started even where the folder that it shall work in is not here: what it is told matters."""

    @functools.wraps(original)
    def started(self: Any, *args: Any, **kwargs: Any) -> Any:
        if RECORDER.on and kwargs.get("cwd") is not None and not _is_here(kwargs["cwd"]):
            kwargs["cwd"] = None
        return original(self, *args, **kwargs)

    return started


def _is_here(folder: Any) -> bool:
    on, RECORDER.on = RECORDER.on, False
    try:
        return os.path.isdir(folder)
    except (TypeError, ValueError):
        return True  # an odd argument must fail in the real function, not here
    finally:
        RECORDER.on = on


def _install_subprocess() -> None:
    starter: Any = sys.modules["subprocess"].Popen
    starter.__init__ = _started(starter.__init__)


def install() -> None:
    """Add the audit hook, and keep ``exec*`` from replacing the harness."""
    sys.addaudithook(_audit)
    later("subprocess", _install_subprocess)
    for name in ("execv", "execve", "execvp", "execvpe", "execl", "execle", "execlp", "execlpe"):
        setattr(os, name, _replacing(name))
