"""Builds the file system that the program sees: an empty one with read-only views of what it was granted.

Called in new user and mount namespaces. The host's root is moved to ``/old``, views are bound from there, then it
is detached: after that no path leads to anything that was not bound (the way of bubblewrap and of pivot_root(2)).
"""

from __future__ import annotations

import os

from . import kernel
from .kernel import MS_BIND, MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_RDONLY, MS_REC, MS_REMOUNT, KernelError, mount

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NODES = ("null", "zero", "full", "random", "urandom")
_OLD = "/old"
_OPTIONS = {
    "ro": MS_RDONLY,
    "nosuid": MS_NOSUID,
    "nodev": MS_NODEV,
    "noexec": MS_NOEXEC,
    "noatime": kernel.MS_NOATIME,
    "nodiratime": kernel.MS_NODIRATIME,
    "relatime": kernel.MS_RELATIME,
}


def build(plan: dict[str, Any]) -> dict[str, str]:
    """Build the root of ``plan`` and enter it; returns the layers that depend on the machine."""
    os.umask(0o022)
    mount(None, "/", None, MS_REC | kernel.MS_PRIVATE)
    base = next((path for path in ("/tmp", "/run", "/mnt", "/home") if os.path.isdir(path)), "/")  # nosec
    mount("sandbox", base, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,nr_inodes=4096,mode=755")
    os.mkdir(base + _OLD)
    kernel.pivot_root(base, base + _OLD)
    os.chdir("/")
    _private(plan["private"], plan["limits"]["disk_bytes"])
    _devices(plan["private"])
    proc = _proc(plan["masked"])
    for source, target in plan["binds"]:
        _bind(source, target)
    _seal([target for _, target in plan["binds"]])
    for path in plan["hidden"]:
        _hide(path)
    for target, path in plan["links"]:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.symlink(target, path)
    for path, text in plan["files"].items():
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    kernel.detach(_OLD)
    os.rmdir(_OLD)
    mount(None, "/", None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)
    return {"proc": proc}


def _private(path: str, size: int) -> None:
    os.makedirs(path)
    # An inode costs the kernel about a kilobyte that "size" does not count.
    inodes = min(max(size // 4096, 1024), 65536)
    mount("private", path, "tmpfs", MS_NOSUID | MS_NODEV, f"size={size},nr_inodes={inodes},mode=1777")


def _devices(private: str) -> None:
    os.mkdir("/dev")
    for name in NODES:
        path = "/dev/" + name
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o666))
        mount(_OLD + path, path, None, MS_BIND)
    os.symlink("/proc/self/fd", "/dev/fd")
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        os.symlink(f"/proc/self/fd/{number}", "/dev/" + name)
    os.symlink(private, "/dev/shm")  # nosec


def _proc(masked: list[str]) -> str:
    os.mkdir("/proc")
    flags = MS_NOSUID | MS_NODEV | MS_NOEXEC
    try:
        mount("proc", "/proc", "proc", flags, "subset=pid")
        return "on: processes only"
    except KernelError:
        pass
    try:
        # Before Linux 5.8. Inside nobody is root of the host, so what root alone may write there stays safe.
        mount("proc", "/proc", "proc", flags)
        for path in masked:
            mount("/dev/null", path, None, MS_BIND)
        return "on: tells of the kernel too"
    except KernelError as error:
        return f"off: {error} (a container that masks parts of /proc forbids it)"


def _bind(source: str, target: str) -> None:
    if os.path.isdir(_OLD + source):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o600))
    mount(_OLD + source, target, None, MS_BIND | MS_REC)


def _seal(targets: list[str]) -> None:
    """Make each bound view and every mount below it read-only, keeping the options that the host has locked."""
    prefixes = tuple(target.rstrip("/") + "/" for target in targets)
    with open(_OLD + "/proc/self/mountinfo", "rb") as table:
        rows = [line.split(b" ") for line in table]
    for row in rows:
        path = os.fsdecode(_unescape(row[4]))
        if not (path + "/").startswith(prefixes):
            continue
        flags = MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV
        for option in row[5].decode("ascii", "replace").split(","):
            flags |= _OPTIONS.get(option, 0)
        mount(None, path, None, flags)


def _unescape(path: bytes) -> bytes:
    for code in (b"040", b"011", b"012", b"134"):
        path = path.replace(b"\\" + code, bytes([int(code, 8)]))
    return path


def _hide(path: str) -> None:
    if os.path.isdir(path):
        mount("hidden", path, "tmpfs", MS_NOSUID | MS_NODEV | MS_RDONLY, "size=4k,nr_inodes=1,mode=755")
    elif os.path.exists(path):
        mount("/dev/null", path, None, MS_BIND)
