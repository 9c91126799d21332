"""Where the files live that are shipped beside the code: ``rules/`` and ``constitutions/``."""

from __future__ import annotations

from pathlib import Path

from bluehook.findings import BluehookError


def folder(name: str) -> Path:
    """The shipped folder of this name, in an installed wheel or in a checkout.

    :raises BluehookError: the installation lacks the folder.
    """
    package = Path(__file__).resolve().parent
    for candidate in (package / name, package.parent / name):
        if candidate.is_dir():
            return candidate
    raise BluehookError(f"{package / name}: missing from this installation; reinstall bluehook")
