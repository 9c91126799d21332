"""Out of the network namespace: addresses, sockets of other families, Unix sockets, inherited descriptors."""

from __future__ import annotations

import errno
import os
import socket
import struct

from .registry import NETWORK, attack, first

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .registry import Facts


_UNREACHABLE = {errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EPERM, errno.EACCES, errno.EAFNOSUPPORT, errno.ENETDOWN}
_OUTSIDE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
"""Addresses reserved for documentation (RFC 5737, RFC 3849): should a packet get out, nobody answers it."""


@attack(NETWORK)
def tcp_outward(facts: Facts) -> str | None:
    """Connect to addresses that only a default route reaches."""
    return first(_left(family, socket.SOCK_STREAM, (address, 80)) for family, address in _OUTSIDE)


@attack(NETWORK)
def udp_outward(facts: Facts) -> str | None:
    """Send datagrams the same way, and to broadcast and multicast."""
    targets = [*_OUTSIDE, (socket.AF_INET, "255.255.255.255"), (socket.AF_INET, "224.0.0.251")]
    return first(_left(family, socket.SOCK_DGRAM, (address, 53)) for family, address in targets)


@attack(NETWORK)
def icmp_outward(facts: Facts) -> str | None:
    """Raw and datagram ICMP."""
    echo = struct.pack("!BBHHH", 8, 0, 0xF7FF, 0, 0)
    for kind in (socket.SOCK_RAW, socket.SOCK_DGRAM):
        try:
            with socket.socket(socket.AF_INET, kind, socket.IPPROTO_ICMP) as ping:
                ping.sendto(echo, ("192.0.2.1", 0))
        except OSError:
            continue
        return "an echo request was sent"
    return None


@attack(NETWORK)
def other_families(facts: Facts) -> str | None:
    """Packet sockets, netlink, the hypervisor's vsock, Bluetooth, the kernel's crypto sockets."""
    opened = []
    for name, family, kind in (
        ("packet", 17, 3),
        ("vsock", 40, 1),
        ("bluetooth", 31, 3),
        ("alg", 38, 5),
        ("xdp", 44, 3),
    ):
        try:
            socket.socket(family, kind).close()
        except OSError:
            continue
        opened.append(name)
    return "opened a socket of " + ", ".join(opened) if opened else None


@attack(NETWORK)
def host_loopback(facts: Facts) -> str | None:
    """Reach servers on the host's 127.0.0.1 and ::1, by TCP and UDP."""
    for family, address, port in facts["servers"]:
        kind = socket.AF_INET6 if family == "6" else socket.AF_INET
        try:
            with socket.socket(kind, socket.SOCK_STREAM) as client:
                client.settimeout(1)
                client.connect((address, port))
            return f"connected to the host's {address}:{port}"
        except OSError:
            pass
        try:
            with socket.socket(kind, socket.SOCK_DGRAM) as client:
                client.sendto(facts["token"].encode(), (address, port))
        except OSError:
            continue
    return None


@attack(NETWORK)
def host_unix_socket(facts: Facts) -> str | None:
    """Connect to a Unix socket of the host by its path, and to well-known ones."""
    known = ["/run/docker.sock", "/var/run/docker.sock", "/run/dbus/system_bus_socket", "/run/systemd/private"]
    return first(map(_connected, [facts["unix"], *known]))


@attack(NETWORK)
def host_abstract_socket(facts: Facts) -> str | None:
    """Connect to an abstract Unix socket, which no file permission guards."""
    return _connected("\0" + facts["abstract"])


@attack(NETWORK)
def inherited_descriptors(facts: Facts) -> str | None:
    """Find a descriptor that was open in the parent."""
    for descriptor in range(3, 4096):
        try:
            kind = os.fstat(descriptor).st_mode
        except OSError:
            continue
        return f"descriptor {descriptor} is open (mode {kind:o})"
    return None


def _left(family: int, kind: int, address: tuple[str, int]) -> str | None:
    try:
        with socket.socket(family, kind) as client:
            client.settimeout(1)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            client.connect(address)
            client.send(b"bluehook")
    except OSError as error:
        # A refusal by our own kernel names its reason; silence means that a packet went out.
        return None if error.errno in _UNREACHABLE else f"{address[0]}: {error}"
    return "sent to " + address[0]


def _connected(path: str) -> str | None:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(1)
            client.connect(path)
    except OSError:
        return None
    return "connected to " + repr(path)
