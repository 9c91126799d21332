"""What every sandbox backend is asked, and what it answers."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

if TYPE_CHECKING:
    from bluehook.verify.sandbox.process import Process

MIB = 1024 * 1024


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Bounds on one sandbox, from its start to its end.

    ``wall_seconds`` holds for all of its life. ``cpu_seconds`` and ``memory_bytes`` (address space) hold for each
    process in it, ``tree_bytes`` for the resident memory of all of them, shared pages counted once. ``file_bytes``
    bounds one file, ``disk_bytes`` the private directory, ``output_bytes`` each of standard output and standard error,
    ``processes`` the processes and threads alive at a time, ``descriptors`` the open files of one process.
    """

    wall_seconds: float = 60.0
    cpu_seconds: int = 60
    memory_bytes: int = 2048 * MIB
    tree_bytes: int = 2048 * MIB
    processes: int = 64
    descriptors: int = 512
    file_bytes: int = 64 * MIB
    disk_bytes: int = 128 * MIB
    output_bytes: int = 64 * MIB


class Spec(msgspec.Struct, frozen=True, kw_only=True):
    """One program to run: a Python interpreter with its arguments, and all that it may see.

    ``argv[0]`` is the absolute path of the interpreter; what it needs of its installation is shown by itself.
    ``readable`` are absolute paths shown read-only at their own place; ``hidden`` are paths below them that appear
    empty. ``env`` is the whole environment: nothing is inherited, ``HOME`` and ``TMPDIR`` are set to the private
    directory unless given. ``cwd`` is where the program starts, the private directory if ``None``.
    """

    argv: tuple[str, ...]
    readable: tuple[Path, ...] = ()
    hidden: tuple[Path, ...] = ()
    env: Mapping[str, str] = {}
    limits: Limits = Limits()
    cwd: Path | None = None


class Status(msgspec.Struct, frozen=True):
    """Whether a backend can be used here, and each of its layers: ``"on"``, ``"on: detail"`` or ``"off: why"``.

    ``reason`` says in one line why it cannot be used, with the next step; it is empty when it can.
    """

    usable: bool
    layers: Mapping[str, str] = {}
    reason: str = ""


class Reason(str, enum.Enum):
    """Why a sandbox ended."""

    EXITED = "exited"
    """The program returned; ``code`` is its exit status."""
    SIGNAL = "signal"
    """The program died of a signal; ``code`` is its number. 24 (SIGXCPU) and 9 may be the processor limit's."""
    TIMEOUT = "timeout"
    """``wall_seconds`` were over."""
    MEMORY = "memory"
    """All processes together held more than ``tree_bytes``."""
    PROCESSES = "processes"
    """More processes than ``processes`` were seen; where the kernel enforces the limit, forks fail instead."""
    OUTPUT = "output"
    """More than ``output_bytes`` came out."""
    KILLED = "killed"
    """The caller ended it."""
    FAILED = "failed"
    """The sandbox itself could not be set up or broke; ``detail`` says at which step."""


class Ended(msgspec.Struct, frozen=True):
    """How a sandbox ended. ``code`` as in :class:`Reason`; ``peak_bytes`` is the largest resident size seen.

    ``stderr`` holds the last kilobytes that the program wrote there.
    """

    reason: Reason
    code: int | None = None
    peak_bytes: int | None = None
    detail: str = ""
    stderr: bytes = b""


class Backend(Protocol):
    """One way of confining a program. A module of this package offers one as its ``backend``."""

    name: str
    rank: int
    """Smaller is better: the order in which :func:`bluehook.verify.sandbox.choose` asks."""

    def available(self) -> Status:
        """Whether it works on this machine, tried rather than guessed. The answer is kept for the process's life."""
        ...

    def start(self, spec: Spec) -> Process:
        """Start the program; returns once it was executed. Raises ``BluehookError`` if the sandbox cannot be set up."""
        ...
