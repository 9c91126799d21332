"""Install bluehook as a user does: a wheel of this checkout, in a virtual environment of its own.

    python -m benchmarks.environment DIR

An editable checkout would be measured wrongly: pip compiles what it installs, and the start is where that shows.
The versions of everything else are those of the lock file, with the peers (semgrep, bandit) among them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


def programs(home: Path) -> Path:
    """The folder of an environment that holds its programs."""
    return home / ("Scripts" if os.name == "nt" else "bin")


def install(home: Path) -> Path:
    """Make the environment, or bring the bluehook in it up to date; the folder of its programs."""
    if not programs(home).is_dir():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
    pip = [str(programs(home) / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    with tempfile.TemporaryDirectory() as out:
        subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", out, str(CHECKOUT)], check=True)
        wheel = str(next(Path(out).glob("*.whl")))
        subprocess.run([*pip, "install", "--constraint", str(CHECKOUT / "requirements-dev.lock"), wheel], check=True)
        subprocess.run([*pip, "install", "--no-deps", "--force-reinstall", wheel], check=True)
    return programs(home)


def main() -> None:
    """Install into the directory that is named."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(install(Path(sys.argv[1]).resolve()))


if __name__ == "__main__":
    main()
