"""macOS: the ``sandbox-exec`` profile language (seatbelt).

Written from the profiles that macOS ships in ``/System/Library/Sandbox/Profiles`` and **not yet run on a real Mac**:
its profile is tested as text only. There are no namespaces here: processes of the host can be listed, though neither
signalled nor traced; the private directory would be a folder of the host without a quota; and no kernel
object ends a daemonised child with its parent. Until the conformance suite has passed on a Mac it says *not usable*,
so that nothing untrusted runs behind a wall that nobody has tried.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Iterable
from pathlib import Path

from bluehook.findings import BluehookError
from bluehook.verify.sandbox import views
from bluehook.verify.sandbox.model import Spec, Status
from bluehook.verify.sandbox.process import Process

PROGRAM = "/usr/bin/sandbox-exec"
SYSTEM = ("/usr/lib", "/usr/share", "/usr/bin", "/bin", "/System/Library", "/System/Volumes/Preboot/Cryptexes")
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
UNTESTED = "the seatbelt backend has not been run on a real Mac, and nothing unproven is used for untrusted code"


class Seatbelt:
    """See the module."""

    name = "seatbelt"
    rank = 40

    @functools.cache  # noqa: B019 - one object for each process
    def available(self) -> Status:
        """Never usable so far: the conformance suite has not passed on a Mac."""
        if sys.platform != "darwin":
            return Status(False, reason=f"needs macOS, this is {sys.platform}")
        return Status(False, {"profile": "off: untested"}, UNTESTED)

    def start(self, spec: Spec) -> Process:
        """Raises ``BluehookError``: see :meth:`available`."""
        raise BluehookError(UNTESTED)


def profile(spec: Spec, private: Path) -> str:
    """The seatbelt profile of ``spec`` with the private directory ``private``.

    Everything is denied that is not allowed; the last rule that matches decides. Raises ``BluehookError`` for an
    interpreter or a path that cannot be shown.
    """
    shown = views.view([*views.interpreter(Path(spec.argv[0])), *spec.readable])
    readable = [*SYSTEM, *shown.binds, str(private)]
    rules = [
        "(version 1)",
        "(deny default)",
        "(allow process-fork)",
        _allow("process-exec", _below(readable)),
        _allow("file-read*", _below(readable), _exactly([*DEVICES, *shown.links])),
        # The names on the way to what is granted, not what else lies beside it.
        _allow("file-read-metadata", _exactly(_ancestors([*readable, *shown.links]))),
        _allow("file-write*", _below([str(private)])),
        _allow("file-write-data", _exactly(DEVICES)),
        "(allow signal (target same-sandbox))",
        "(allow sysctl-read)",
        # Loopback is the host's own here, so only sockets below the private directory are allowed.
        "(deny network*)",
        _allow("network*", [f"(local unix-socket (subpath {_quoted(str(private))}))"]),
    ]
    if spec.hidden:
        rules.append("(deny file-read*\n" + "\n".join(f"  {rule}" for rule in _below(map(str, spec.hidden))) + ")")
    return "\n".join(rules) + "\n"


def _allow(operation: str, *filters: Iterable[str]) -> str:
    lines = [f"  {rule}" for group in filters for rule in group]
    return f"(allow {operation}\n" + "\n".join(lines) + ")"


def _below(paths: Iterable[str]) -> list[str]:
    return [f"(subpath {_quoted(path)})" for path in paths]


def _exactly(paths: Iterable[str]) -> list[str]:
    return [f"(literal {_quoted(path)})" for path in paths]


def _ancestors(paths: Iterable[str]) -> list[str]:
    return sorted({str(parent) for path in paths for parent in Path(path).parents})


def _quoted(path: str) -> str:
    """A string of the profile language (a Scheme). Raises ``BluehookError`` for a path that cannot be one."""
    if any(ord(character) < 32 for character in path):
        raise BluehookError(f"the sandbox cannot show {path!r}: control characters have no place in a seatbelt profile")
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'


backend = Seatbelt()
