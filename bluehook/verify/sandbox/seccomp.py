"""The seccomp program: which system calls the sandboxed program may not make, assembled for this machine.

It lists what is refused, since Python packages need a moving list of harmless calls, and refuses whatever is newer than
the newest call judged here. Reference: ``Documentation/userspace-api/seccomp_filter.rst`` and ``linux/bpf_common.h``.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterator

from bluehook.findings import BluehookError

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""``platform.machine()`` to AUDIT_ARCH_*."""

CALLS: dict[str, tuple[int | None, int | None]] = {
    # File systems and roots
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "fanotify_init": (300, 262),
    # Namespaces
    "unshare": (272, 97),
    "setns": (308, 268),
    # Other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "move_pages": (279, 239),
    "migrate_pages": (256, 238),
    # Keys: a session keyring is inherited and no namespace separates it
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    # Wide doors into the kernel
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "personality": (135, 92),
    "modify_ldt": (154, None),
    "uselib": (134, None),
    "ustat": (136, None),
    "sysfs": (139, None),
    "vmsplice": (278, 75),
    # The machine itself
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "reboot": (169, 142),
    "syslog": (103, 116),
    "acct": (163, 89),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "iopl": (172, None),
    "ioperm": (173, None),
    "vhangup": (153, 58),
    # Asked for arguments
    "clone": (56, 220),
    "socket": (41, 198),
    "ioctl": (16, 29),
    # Answered with "not implemented": callers know what to do then
    "clone3": (435, 435),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_setup": (206, 0),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
}
"""Name to its number on x86_64 and on aarch64 (``None``: not there). Linux, ``unistd_64.h`` and ``asm-generic``."""

NEWEST = 456
"""``futex_requeue``, Linux 6.7. Newer calls (among them ``statmount`` and ``open_tree_attr``) are not implemented."""

NOT_IMPLEMENTED = {
    # clone3 hides its flags behind a pointer, which a filter cannot follow; the C library falls back to clone.
    "clone3",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    # fs.aio-max-nr is one number for the whole machine.
    "io_setup",
    # Memory that belongs to no process, so no limit on processes counts it.
    "memfd_create",
    "memfd_secret",
    "shmget",
    "msgget",
    "semget",
}

CLONE_NEW_ANY = 0x7E020000
"""Every CLONE_NEW* flag that clone(2) takes."""
FAMILIES = (1, 2, 10)
"""AF_UNIX, AF_INET, AF_INET6."""
RAW_TYPES = (3, 10)
"""SOCK_RAW, SOCK_PACKET."""
PROTOCOLS = (0, 6, 17)
"""The default one, TCP, UDP."""
TERMINAL_REQUESTS = (0x5412, 0x541C)
"""TIOCSTI and TIOCLINUX, which type into a terminal."""

_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_LOAD, _AND, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16

Instruction = tuple[int, int, int, int]
"""A ``struct sock_filter``: code, jump if true, jump if false, constant."""


def program(machine: str) -> bytes:
    """The filter for ``machine`` (a name of ``platform.machine()``) as an array of ``struct sock_filter``.

    Raises ``BluehookError`` for a machine whose system calls are not known here.
    """
    if machine not in ARCHITECTURES:
        known = ", ".join(ARCHITECTURES)
        raise BluehookError(f"no system call filter for {machine} (known: {known}): use bubblewrap or a container")
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in assemble(machine))


def number(call: str, machine: str) -> int | None:
    """The number of a call of :data:`CALLS` on ``machine``; ``None`` where it does not exist."""
    return CALLS[call][list(ARCHITECTURES).index(machine)]


def assemble(machine: str) -> list[Instruction]:
    """The filter as instructions."""
    code: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, ARCHITECTURES[machine]),
        # A 32-bit call on a 64-bit kernel has other numbers: nobody here makes one by mistake.
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        # Also the x32 calls, whose numbers start at 2 ** 30.
        (_AT_LEAST, 0, 1, NEWEST + 1),
        (_RETURN, 0, 0, _ERRNO | errno.ENOSYS),
    ]
    asked = {"clone": _clone(), "socket": _socket(), "ioctl": _ioctl()}
    for call in CALLS:
        here = number(call, machine)
        if here is None:
            continue
        answer = errno.ENOSYS if call in NOT_IMPLEMENTED else errno.EPERM
        block = list(asked.get(call, iter([(_RETURN, 0, 0, _ERRNO | answer)])))
        code += [(_EQUAL, 0, len(block), here), *block]
    return [*code, (_RETURN, 0, 0, _ALLOW)]


def _argument(index: int) -> Instruction:
    """Load the low half of an argument; the kernel reads no more of a flag, family or request."""
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * index)


def _clone() -> Iterator[Instruction]:
    yield _argument(0)
    yield (_ANY_BIT, 0, 1, CLONE_NEW_ANY)
    yield (_RETURN, 0, 0, _ERRNO | errno.EPERM)
    yield (_RETURN, 0, 0, _ALLOW)


def _ioctl() -> Iterator[Instruction]:
    yield _argument(1)
    for request in TERMINAL_REQUESTS:
        yield (_EQUAL, 0, 1, request)
        yield (_RETURN, 0, 0, _ERRNO | errno.EPERM)
    yield (_RETURN, 0, 0, _ALLOW)


def _socket() -> Iterator[Instruction]:
    yield _argument(0)
    yield from _one_of(FAMILIES, errno.EAFNOSUPPORT)
    yield _argument(1)
    yield (_AND, 0, 0, 0xF)
    for kind in RAW_TYPES:
        yield (_EQUAL, 0, 1, kind)
        yield (_RETURN, 0, 0, _ERRNO | errno.EPERM)
    yield _argument(2)
    yield from _one_of(PROTOCOLS, errno.EPROTONOSUPPORT)
    yield (_RETURN, 0, 0, _ALLOW)


def _one_of(values: tuple[int, ...], otherwise: int) -> Iterator[Instruction]:
    """Go on after the block if the loaded value is among ``values``, else answer ``otherwise``."""
    for index, value in enumerate(values):
        yield (_EQUAL, len(values) - index, 0, value)
    yield (_RETURN, 0, 0, _ERRNO | otherwise)
