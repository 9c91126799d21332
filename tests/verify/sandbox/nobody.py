"""Runs a module as nobody: ``python nobody.py FOLDER MODULE [ARGUMENT...]``, started by root.

Nobody may not enter the home of root, where interpreter and sources may lie. So a mount namespace of its own shows
them below FOLDER, which must be open to everyone; the machine outside sees nothing of it.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bluehook.verify.sandbox.launch import kernel

NOBODY = 65534


def main(folder: Path, arguments: list[str]) -> None:
    """Become nobody and execute ``python -m`` with ``arguments``; does not return."""
    import msgspec

    import bluehook

    kernel.unshare(kernel.NEW_NS, "mount namespace")
    kernel.mount(None, "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    shown = {
        "python": Path(sys.base_prefix),
        "packages": Path(msgspec.__file__).parent.parent,
        "source": Path(bluehook.__file__).parent,
    }
    for name, path in shown.items():
        target = folder / "source" / "bluehook" if name == "source" else folder / name
        target.mkdir(parents=True)
        kernel.mount(str(path), str(target), None, kernel.MS_BIND | kernel.MS_REC)
    home = folder / "home"
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    # The change of user has made the process unreadable to itself; a new program is readable again.
    python = str(folder / "python" / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}")
    search = f"{folder / 'source'}:{folder / 'packages'}"
    environment = {"HOME": str(home), "PYTHONPATH": search, "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    os.chdir("/")
    os.execve(python, [python, "-m", *arguments], environment)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
