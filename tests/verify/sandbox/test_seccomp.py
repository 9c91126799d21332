"""The filter, run by a small interpreter of the same machine that the kernel has."""

from __future__ import annotations

import errno
import re
import struct
from pathlib import Path

import pytest

from bluehook.findings import BluehookError
from bluehook.verify.sandbox import seccomp

ALLOW, KILL = 0x7FFF0000, 0x80000000
MACHINES = list(seccomp.ARCHITECTURES)


def refused(number: int) -> int:
    return 0x00050000 | number


def answer(machine: str, call: int, *arguments: int, architecture: int | None = None) -> int:
    """What the assembled filter returns for one system call."""
    about = architecture if architecture is not None else seccomp.ARCHITECTURES[machine]
    data = struct.pack("=IIQ6Q", call, about, 0, *arguments, *[0] * (6 - len(arguments)))
    code = list(struct.iter_unpack("=HBBI", seccomp.program(machine)))
    accumulator, at = 0, 0
    while True:
        operation, if_true, if_false, constant = code[at]
        at += 1
        if operation == 0x20:
            accumulator = struct.unpack_from("=I", data, constant)[0]
        elif operation == 0x54:
            accumulator &= constant
        elif operation == 0x06:
            return int(constant)
        else:
            holds = {
                0x15: accumulator == constant,
                0x35: accumulator >= constant,
                0x45: bool(accumulator & constant),
            }[operation]
            at += if_true if holds else if_false


def number(call: str, machine: str) -> int:
    found = seccomp.number(call, machine)
    assert found is not None
    return found


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("call", sorted(set(seccomp.CALLS) - {"clone", "socket", "ioctl"}))
def test_every_listed_call_is_refused(machine: str, call: str) -> None:
    here = seccomp.number(call, machine)
    if here is None:
        pytest.skip(f"{call} does not exist on {machine}")
    expected = errno.ENOSYS if call in seccomp.NOT_IMPLEMENTED else errno.EPERM
    assert answer(machine, here) == refused(expected)


@pytest.mark.parametrize("machine", MACHINES)
def test_what_is_not_listed_is_allowed(machine: str) -> None:
    listed = {seccomp.number(call, machine) for call in seccomp.CALLS}
    for call in range(seccomp.NEWEST + 1):
        if call not in listed:
            assert answer(machine, call) == ALLOW, call


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("call", [457, 600, 2**30 + 1, 2**32 - 1])
def test_calls_newer_than_the_list_and_x32_calls_are_not_implemented(machine: str, call: int) -> None:
    assert answer(machine, call) == refused(errno.ENOSYS)


@pytest.mark.parametrize("machine", MACHINES)
def test_another_architecture_is_killed(machine: str) -> None:
    assert answer(machine, 1, architecture=0x40000003) == KILL


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("family", "kind", "protocol", "expected"),
    [
        (1, 1, 0, ALLOW),
        (2, 1, 6, ALLOW),
        (2, 2 | 0o2000000 | 0o4000, 17, ALLOW),
        (10, 1, 0, ALLOW),
        (2, 3, 1, refused(errno.EPERM)),
        (2, 3 | 0o2000000, 1, refused(errno.EPERM)),
        (2, 2, 1, refused(errno.EPROTONOSUPPORT)),
        (2, 10, 0, refused(errno.EPERM)),
        (16, 3, 0, refused(errno.EAFNOSUPPORT)),
        (17, 3, 0, refused(errno.EAFNOSUPPORT)),
        (38, 5, 0, refused(errno.EAFNOSUPPORT)),
        (40, 1, 0, refused(errno.EAFNOSUPPORT)),
    ],
)
def test_sockets_by_family_type_and_protocol(
    machine: str, family: int, kind: int, protocol: int, expected: int
) -> None:
    assert answer(machine, number("socket", machine), family, kind, protocol) == expected


@pytest.mark.parametrize("machine", MACHINES)
def test_clone_makes_processes_and_threads_but_no_namespaces(machine: str) -> None:
    clone = number("clone", machine)
    assert answer(machine, clone, 0x1200011) == ALLOW
    assert answer(machine, clone, 0x3D0F00) == ALLOW
    for flag in (0x10000000, 0x20000, 0x40000000, 0x20000000, 0x2000000, 0x4000000, 0x8000000):
        assert answer(machine, clone, flag | 17) == refused(errno.EPERM)


@pytest.mark.parametrize("machine", MACHINES)
def test_only_typing_into_a_terminal_is_refused_of_ioctl(machine: str) -> None:
    ioctl = number("ioctl", machine)
    assert answer(machine, ioctl, 0, 0x5413) == ALLOW
    # The kernel looks at the low half of the request only, and so does the filter.
    for request in (0x5412, 0x541C, 0x5412 | 1 << 32):
        assert answer(machine, ioctl, 0, request) == refused(errno.EPERM)


@pytest.mark.parametrize("machine", MACHINES)
def test_the_program_fits_the_kernel(machine: str) -> None:
    code = seccomp.assemble(machine)
    assert len(code) < 4096
    assert all(jump < 256 for instruction in code for jump in instruction[1:3])
    assert code[-1][0] == 0x06


def test_an_unknown_machine_is_refused_with_the_way_out() -> None:
    with pytest.raises(BluehookError, match="no system call filter for riscv64"):
        seccomp.program("riscv64")


@pytest.mark.parametrize(
    ("machine", "header", "pattern"),
    [
        ("x86_64", "/usr/include/x86_64-linux-gnu/asm/unistd_64.h", r"#define __NR_(\w+) (\d+)"),
        ("aarch64", "/usr/include/asm-generic/unistd.h", r"#define __NR(?:3264)?_(\w+) (\d+)"),
    ],
)
def test_the_numbers_are_those_of_the_kernel_headers(machine: str, header: str, pattern: str) -> None:
    if not Path(header).exists():
        pytest.skip(f"{header} is not installed")
    known = {name: int(found) for name, found in re.findall(pattern, Path(header).read_text("utf-8"))}
    ours = {call: seccomp.number(call, machine) for call in seccomp.CALLS}
    assert {call: found for call, found in ours.items() if call in known} == {
        call: known[call] for call in ours if call in known
    }
