"""The system calls that the standard library lacks, through ctypes; a failure is a :class:`KernelError` with its step.

Standard library only and Python 3.9: this folder runs as a program of its own, never as part of the package.
Numbers and structures: linux/capability.h, linux/landlock.h, linux/prctl.h, linux/sched.h, linux/seccomp.h.
"""

from __future__ import annotations

import ctypes
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    pass

NEW_NS, NEW_CGROUP, NEW_UTS, NEW_IPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
NEW_USER, NEW_PID, NEW_NET = 0x10000000, 0x20000000, 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_NOATIME, MS_NODIRATIME, MS_BIND, MS_REC, MS_PRIVATE, MS_RELATIME = 1024, 2048, 4096, 16384, 1 << 18, 1 << 21
MNT_DETACH = 2

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 4, 22, 24
PR_SET_SECUREBITS, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 28, 36, 38, 47
PR_CAP_AMBIENT_RAISE, SECCOMP_MODE_FILTER = 2, 2
SECURE_NOROOT, SECURE_NO_SETUID_FIXUP = 0b11, 0b1100
CAP_DAC_READ_SEARCH, CAPABILITY_VERSION_3 = 2, 0x20080522

LANDLOCK_CREATE, LANDLOCK_ADD_RULE, LANDLOCK_RESTRICT = 444, 445, 446

libc = ctypes.CDLL(None, use_errno=True)


class KernelError(Exception):
    """The kernel refused a step: ``KernelError("mount /proc", errno)``."""

    def __init__(self, step: str, number: int = 0) -> None:
        super().__init__(step + (": " + os.strerror(number) if number else ""))
        self.number = number


def _checked(result: int, step: str) -> int:
    if result < 0:
        raise KernelError(step, ctypes.get_errno())
    return result


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else os.fsencode(text)


def unshare(flags: int, step: str) -> None:
    """Leave the namespaces named by ``flags`` for new ones."""
    _checked(libc.unshare(ctypes.c_int(flags)), step)


def mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    """mount(2); raises :class:`KernelError`."""
    result = libc.mount(_bytes(source), _bytes(target), _bytes(kind), ctypes.c_ulong(flags), _bytes(data))
    _checked(result, "mount " + target)


def pivot_root(new: str, old: str) -> None:
    """Make ``new`` the root and put the former one on ``old``, below it."""
    number = {"x86_64": 155, "aarch64": 41}[os.uname().machine]
    _checked(libc.syscall(ctypes.c_long(number), _bytes(new), _bytes(old)), "pivot_root")


def detach(path: str) -> None:
    """Unmount ``path`` and all below it."""
    _checked(libc.umount2(_bytes(path), ctypes.c_int(MNT_DETACH)), "unmount " + path)


def prctl(option: int, first: int, second: int = 0, third: int = 0, fourth: int = 0) -> int:
    """prctl(2), the result unchecked: some options fail where there is nothing to do."""
    arguments = [ctypes.c_ulong(value) for value in (first, second, third, fourth)]
    return int(libc.prctl(ctypes.c_int(option), *arguments))


def loopback_up() -> None:
    """Bring ``lo`` of the own network namespace up (SIOCSIFFLAGS, IFF_UP | IFF_RUNNING)."""
    any_socket = _checked(libc.socket(ctypes.c_int(2), ctypes.c_int(2), ctypes.c_int(0)), "loopback")
    request = b"lo".ljust(16, b"\0") + b"\x41\0".ljust(24, b"\0")
    _checked(libc.ioctl(ctypes.c_int(any_socket), ctypes.c_ulong(0x8914), request), "loopback")
    os.close(any_socket)


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Capabilities(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in ("effective", "permitted", "inheritable")]


def keep_capabilities(mask: int) -> None:
    """Give up every capability but those of ``mask`` (the low 32), which survive an exec as ambient ones."""
    for number in range(64):
        if not mask >> number & 1:
            prctl(PR_CAPBSET_DROP, number)
    header, data = _Header(CAPABILITY_VERSION_3, 0), (_Capabilities * 2)()
    data[0].effective = data[0].permitted = data[0].inheritable = mask
    _checked(libc.capset(ctypes.byref(header), data), "capabilities")
    for number in range(32):
        if mask >> number & 1:
            _checked(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number), "ambient capability")


def no_new_privileges() -> None:
    """From here on no exec gains anything: set-user-ID and file capabilities are void."""
    _checked(prctl(PR_SET_NO_NEW_PRIVS, 1), "no_new_privs")


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]


def filter_calls(code: bytes) -> None:
    """Install a seccomp program (struct sock_filter[]) for this process and all that come from it."""
    program = _Program(len(code) // 8, code)
    result = libc.prctl(ctypes.c_int(PR_SET_SECCOMP), ctypes.c_ulong(SECCOMP_MODE_FILTER), ctypes.byref(program))
    _checked(result, "seccomp")


class _Ruleset(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("files", "net", "scoped")]


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


LANDLOCK_EXECUTE, LANDLOCK_WRITE_FILE, LANDLOCK_READ_FILE, LANDLOCK_READ_DIR = 1, 2, 4, 8
LANDLOCK_TRUNCATE, LANDLOCK_IOCTL_DEV = 1 << 14, 1 << 15
_FILE_RIGHTS = LANDLOCK_EXECUTE | LANDLOCK_WRITE_FILE | LANDLOCK_READ_FILE | LANDLOCK_TRUNCATE | LANDLOCK_IOCTL_DEV
_RIGHTS_BY_ABI = (0, (1 << 13) - 1, (1 << 14) - 1, (1 << 15) - 1, (1 << 15) - 1, (1 << 16) - 1)
_SCOPE_ABSTRACT_AND_SIGNALS = 3


def landlock_version() -> int:
    """The Landlock ABI of the kernel; 0 when it has none or it was not enabled at boot."""
    version = libc.syscall(ctypes.c_long(LANDLOCK_CREATE), None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    return max(int(version), 0)


def landlock(rules: dict[str, int]) -> int:
    """Allow below each path only the rights given with it, elsewhere none; returns the ABI used, 0 for none.

    From ABI 6 on, signals and abstract sockets of processes outside are out of reach too.
    """
    version = landlock_version()
    if not version:
        return 0
    handled = _RIGHTS_BY_ABI[min(version, len(_RIGHTS_BY_ABI) - 1)]
    ruleset = _Ruleset(handled, 0, _SCOPE_ABSTRACT_AND_SIGNALS if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    descriptor = _checked(
        libc.syscall(ctypes.c_long(LANDLOCK_CREATE), ctypes.byref(ruleset), ctypes.c_size_t(size), ctypes.c_uint32(0)),
        "landlock",
    )
    for path, rights in rules.items():
        _allow(descriptor, path, rights & handled)
    _checked(libc.syscall(ctypes.c_long(LANDLOCK_RESTRICT), ctypes.c_int(descriptor), ctypes.c_uint32(0)), "landlock")
    os.close(descriptor)
    return version


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        # A path that is not there needs no right.
        return
    if not os.path.isdir(path):
        rights &= _FILE_RIGHTS
    rule = _Beneath(rights, parent)
    arguments = (ctypes.c_int(ruleset), ctypes.c_int(1), ctypes.byref(rule), ctypes.c_uint32(0))
    result = libc.syscall(ctypes.c_long(LANDLOCK_ADD_RULE), *arguments)
    os.close(parent)
    _checked(result, "landlock rule for " + path)
