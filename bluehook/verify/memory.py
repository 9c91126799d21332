"""Answers of earlier runs, believed only while all that they depended on is as it was.

An answer is kept with a digest of each project file that the attempt read and of the names in each folder that it
searched for modules, so neither a proof nor a refutation survives a change of what it was made from.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

import msgspec

from bluehook import __version__
from bluehook.cache import Cache, key
from bluehook.verify.interpreter import site_packages
from bluehook.verify.model import Attempt, Reply, Target
from bluehook.verify.pool import WORKER

_LARGEST = 16 * 1024 * 1024
_SHARE = 0.9
"""An attempt that used more of its time than this was cut, and says less than another one would."""


class _Kept(msgspec.Struct, frozen=True):
    reply: Reply
    depends: dict[str, str]


class Memory:
    """What is known of attacks on the files below ``root``, on one interpreter; without a cache it knows nothing."""

    def __init__(self, cache: Cache | None, root: Path, python: Path) -> None:
        self._cache = cache
        self._root = root
        self._digests: dict[str, str] = {}
        self._key = key("attacked", __version__, *_surroundings(python)) if cache is not None else b""

    def recall(self, targets: Sequence[Target]) -> dict[str, Attempt]:
        """The attempts that still hold, by the name of their target."""
        if self._cache is None:
            return {}
        by_key = {self._name(target): target for target in targets}
        found = {}
        for name, value in self._cache.get_many(list(by_key)).items():
            try:
                kept = msgspec.msgpack.decode(value, type=_Kept)
            except msgspec.MsgspecError:
                continue
            if all(self._digest(path) == digest for path, digest in kept.depends.items()):
                found[by_key[name].name] = Attempt(target=by_key[name], reply=kept.reply)
        return found

    def keep(self, attempts: Iterable[Attempt]) -> None:
        """Remember those that came to an end by themselves and told what they depend on."""
        if self._cache is None:
            return
        packed = {}
        for attempt in attempts:
            depends = self._depends(attempt)
            if depends is not None:
                packed[self._name(attempt.target)] = msgspec.msgpack.encode(_Kept(attempt.reply, depends))
        self._cache.put_many(packed)

    def _depends(self, attempt: Attempt) -> dict[str, str] | None:
        reply = attempt.reply
        if reply.problem or reply.loaded is None or reply.timings.get("total", 0.0) > attempt.seconds * _SHARE:
            return None
        paths = {attempt.target.path, *reply.loaded}
        if not all(_is_inside(path) for path in paths):
            return None
        return {path: self._digest(path) for path in paths}

    def _name(self, target: Target) -> bytes:
        return key(self._key, msgspec.msgpack.encode(msgspec.structs.replace(target, rank=())))

    def _digest(self, path: str) -> str:
        if path not in self._digests:
            self._digests[path] = _digest(self._root / path)
        return self._digests[path]


def _is_inside(path: str) -> bool:
    parts = PurePosixPath(path)
    return not parts.is_absolute() and ".." not in parts.parts


def _digest(path: Path) -> str:
    """Of a file its content, of a folder the names in it; of anything else that it is neither."""
    try:
        status = path.stat()
        if stat.S_ISREG(status.st_mode) and status.st_size <= _LARGEST:
            return hashlib.sha256(path.read_bytes()).hexdigest()
        if stat.S_ISDIR(status.st_mode):
            names = sorted(each.name for each in path.iterdir() if not each.name.startswith((".", "__pycache__")))
            return hashlib.sha256("\0".join(names).encode("utf-8", "surrogateescape")).hexdigest()
    except OSError:
        return "absent"
    return f"{status.st_size} {status.st_mtime_ns}"


def _surroundings(python: Path) -> list[str]:
    """The worker's own code, the interpreter, and the packages that are installed for it."""
    found = [str(python), os.path.realpath(python)]
    for path in [*sorted(WORKER.rglob("*.py")), Path(os.path.realpath(python))]:
        status = path.stat()
        found.append(f"{path.name} {status.st_size} {status.st_mtime_ns}")
    for folder in site_packages(python):
        found += sorted(each.name for each in folder.iterdir() if each.suffix in (".dist-info", ".egg-info", ".pth"))
    return found
