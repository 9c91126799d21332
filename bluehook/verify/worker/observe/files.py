"""Files: opened, listed, deleted, renamed, their mode set. Seen by audit hooks, so C code is seen as well.

``stat`` raises no audit event, and ``realpath`` calls ``lstat`` before any guard has spoken: neither counts as an
access. While a run is on, files whose name carries a live canary are said to exist and can be read, so that checks
for existence do not hide what follows them; a missing file that the code itself opens has a content of the harness.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import io
import os
import os.path
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable
from typing import Any

from .patch import later, wrap
from .record import RECORDER, as_text

_ONE_PATH = {
    "os.remove": "delete", "os.rmdir": "delete", "shutil.rmtree": "delete", "os.listdir": "list",
    "os.scandir": "list", "os.mkdir": "make", "os.truncate": "write", "os.chdir": "enter", "glob.glob": "list",
}  # fmt: skip
_TWO_PATHS = {"os.rename": "move", "os.link": "link", "os.symlink": "link", "shutil.copyfile": "copy",
              "shutil.copytree": "copy", "shutil.move": "move"}  # fmt: skip


class Files:
    """What the harness says of files that do not exist: whether a path belongs to this target, what is in it,
    which names a folder holds, and whether the project opens a file of settings there.
    """

    def __init__(self) -> None:
        self.names: Callable[[str], list[str]] = lambda path: []
        self.exists: Callable[[str], bool] = lambda path: False
        self.content: Callable[[str], bytes] = lambda path: b""
        self.settings: Callable[[str], bool] = lambda path: False


FILES = Files()
MADE: set[str] = set()
"""What ``tempfile`` made for the code, in a run or before it: its owner's alone."""
_NEW: dict[str, None] = {}
_MOST_NEW = 200


def _audit(event: str, args: tuple[Any, ...]) -> None:
    if event in ("tempfile.mkdtemp", "tempfile.mkstemp"):
        MADE.add(as_text(args[0]))
    if not RECORDER.on:
        return
    if event == "open":
        path, mode, flags = args
        if isinstance(path, (str, bytes, os.PathLike)):
            if (flags or 0) & os.O_CREAT:
                _note_new(path)
            writes = any(c in "wax+" for c in mode) if isinstance(mode, str) else bool((flags or 0) & os.O_ACCMODE)
            RECORDER.emit("file", path, action="write" if writes else "read", flags=flags, mode=mode)
    elif event in _ONE_PATH:
        if not isinstance(args[0], int):
            if event == "os.mkdir":
                _note_new(args[0])
            RECORDER.emit("file", args[0], action=_ONE_PATH[event])
    elif event in _TWO_PATHS:
        if _TWO_PATHS[event] == "link" or os.path.abspath(as_text(args[0])) in _NEW:
            _note_new(args[1])
        for path in args[:2]:
            RECORDER.emit("file", path, action=_TWO_PATHS[event])
    elif event == "os.chmod" and not isinstance(args[0], int):
        RECORDER.emit("chmod", args[0], mode=args[1])


def _note_new(path: Any) -> None:
    """Remember a file that is about to be made, unless it is there already or has a name that no run meets again."""
    full = os.path.abspath(as_text(path))
    if full not in MADE and len(_NEW) < _MOST_NEW and not _is_there(full):
        _NEW[full] = None


def tidy() -> None:
    """Take away what the last run made, which would be in the way of the next: between runs only."""
    for path in reversed(list(_NEW)):
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                os.unlink(path)
    _NEW.clear()


def _existing(original: Callable[..., Any]) -> Callable[..., Any]:
    def check(path: Any = None, *args: Any, **kwargs: Any) -> Any:
        if RECORDER.on and RECORDER.directly(sys._getframe(1)):
            RECORDER.emit("check", path, call=original.__name__)
        answer = original(path, *args, **kwargs)
        if not answer and RECORDER.on and FILES.exists(as_text(path)):
            return RECORDER.place(sys._getframe(1)) is not None
        return answer

    return check


def _opening(original: Callable[..., Any]) -> Callable[..., Any]:
    def opened(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        # Before 3.10, a text with ``__int__``, as a stand-in is, would be a descriptor to ``open``.
        if sys.version_info < (3, 10) and RECORDER.on and isinstance(file, str):
            file = as_text(file)
        try:
            return original(file, mode, *args, **kwargs)
        except OSError as error:
            if isinstance(file, int):
                raise
            path = as_text(file)
            missing = isinstance(error, FileNotFoundError) and not any(c in mode for c in "wax+")
            if missing and FILES.settings(path):
                return _made(original, path, mode, args, kwargs)
            if not RECORDER.on or RECORDER.place(sys._getframe(1)) is None:
                raise
            # To be read, or written in a folder that is not there: where the program runs, it is.
            usual = not any(c in mode for c in "wax+") or isinstance(error, FileNotFoundError)
            if not FILES.exists(path) and not (usual and RECORDER.directly(sys._getframe(1))):
                raise
            return _made(original, path, mode, args, kwargs)

    return opened


def _listing(original: Callable[..., Any]) -> Callable[..., Any]:
    """``os.listdir`` that finds something in folders which only the target knows of."""

    def listed(path: Any = ".", *args: Any) -> Any:
        try:
            return original(path, *args)
        except FileNotFoundError:
            if not RECORDER.on or RECORDER.place(sys._getframe(1)) is None or not FILES.exists(as_text(path)):
                raise
            return FILES.names(as_text(path))

    return listed


def _gone(original: Callable[..., Any]) -> Callable[..., Any]:
    """A function that takes files away: those that only the target knows of are gone without an error."""

    def done(path: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return original(path, *args, **kwargs)
        except FileNotFoundError:
            if not RECORDER.on or RECORDER.place(sys._getframe(1)) is None or not FILES.exists(as_text(path)):
                raise
            return None

    return done


def _made(original: Callable[..., Any], path: str, mode: str, args: Any, kwargs: Any) -> Any:
    """An open file that takes the place of one that is not there."""
    on, RECORDER.on = RECORDER.on, False
    try:
        handle, name = tempfile.mkstemp(prefix="made-")
        os.write(handle, FILES.content(path))
        os.close(handle)
        kwargs.pop("opener", None)
        return original(name, mode.replace("x", "w"), *args, **kwargs)
    finally:
        RECORDER.on = on


def _joining(original: Callable[..., str]) -> Callable[..., str]:
    """``os.path.join`` that remembers what it made: whatever takes that, takes a path."""

    @functools.wraps(original)
    def join(*parts: Any) -> str:
        path = original(*parts)
        if RECORDER.on and len(parts) > 1 and isinstance(path, str):
            RECORDER.paths.add(path)
        return path

    return join


def _sent(path_or_file: Any, *args: Any, **kwargs: Any) -> None:
    path = path_or_file
    if isinstance(path, (str, os.PathLike)):
        full = os.path.join(kwargs.get("_root_path") or "", os.fspath(path))
        RECORDER.emit("file", full, action="read", flags=0, mode="rb")


def _created(original: Callable[..., Any]) -> Callable[..., Any]:
    def opened(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
        made = RECORDER.on and bool(flags & os.O_CREAT) and RECORDER.directly(sys._getframe(1)) and not _is_there(path)
        descriptor: int = original(path, flags, *args, **kwargs)
        if made:
            RECORDER.emit("chmod", path, mode=stat.S_IMODE(os.fstat(descriptor).st_mode), made=True)
        return descriptor

    return opened


def _is_there(path: Any) -> bool:
    try:
        os.lstat(path)
    except OSError:
        return False
    return True


def _answered(answer: Any, path: Any, *args: Any, **kwargs: Any) -> None:
    """An answer that is a file: the server opens it later, when nobody sees whose it was."""
    RECORDER.emit("file", path, action="read", flags=0, mode="rb")


def install() -> None:
    """Add the audit hook and the benevolent file system."""
    os.open = _created(os.open)
    os.listdir = _listing(os.listdir)
    os.path.join = _joining(os.path.join)  # type: ignore[assignment]
    for name in ("remove", "unlink", "rmdir"):
        setattr(os, name, _gone(getattr(os, name)))
    os.access = _existing(os.access)
    later("werkzeug.utils", lambda: wrap("werkzeug.utils", "send_file", _sent))
    for module in ("aiohttp.web_fileresponse", "starlette.responses"):
        later(module, lambda module=module: wrap(module, "FileResponse.__init__", _answered))  # type: ignore[misc]
    sys.addaudithook(_audit)
    for name in ("exists", "isfile", "lexists", "isdir"):
        setattr(os.path, name, _existing(getattr(os.path, name)))
    import pathlib

    for name in ("exists", "is_file", "is_dir"):
        setattr(pathlib.Path, name, _existing(getattr(pathlib.Path, name)))
    opened = _opening(io.open)
    builtins.open = io.open = opened
