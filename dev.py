#!/usr/bin/env python3
"""Everything a developer runs, with nothing but Python 3.10 or newer installed.

    python3 dev.py demo     scan examples/ and show what bluehook says
    python3 dev.py test     run the tests (further arguments go to pytest)
    python3 dev.py lint     ruff and mypy
    python3 dev.py docs     write the parts of the documentation that come from the code
    python3 dev.py lock     resolve the dependencies anew into requirements-dev.lock

Each command first makes the virtual environment .venv from the lock file if it is missing or older than the lock.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "requirements-dev.lock"
VENV = ROOT / ".venv"
STAMP = VENV / "bluehook-lock"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")


def run(*command: str | Path, env: dict[str, str] | None = None) -> int:
    """Run a program from the root of the checkout; its exit status."""
    return subprocess.run([str(part) for part in command], cwd=ROOT, env={**os.environ, **(env or {})}).returncode


def ensure_environment() -> None:
    """Make .venv fit the lock file; leave with a sentence when that fails."""
    wanted = LOCK.read_text() + (ROOT / "pyproject.toml").read_text()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return
    print(f"setting up {VENV.name} from {LOCK.name}", file=sys.stderr, flush=True)
    pip = [BIN / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    steps: list[list[str | Path]] = [
        [sys.executable, "-m", "venv", VENV],
        [*pip, "-r", LOCK],
        [*pip, "--no-deps", "--editable", ROOT],
    ]
    for step in steps:
        if run(*step) != 0:
            sys.exit(f"dev.py: could not set up {VENV}; the message above says why")
    STAMP.write_text(wanted)


def demo() -> int:
    """Scan the example application; findings are the point, so they do not count as failure."""
    status = run(BIN / "bluehook", "scan", "examples/shop", "examples/shop_mended", "--verify", "--show-all")
    return 0 if status in (0, 1) else status


def test(*arguments: str) -> int:
    """Run the tests in two processes, or as pytest is told."""
    return run(BIN / "python", "-m", "pytest", *(arguments or ("-n", "2")))


def lint() -> int:
    """Style, format and types."""
    checks = [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)]
    return max([run(BIN / "python", "-m", *check) for check in checks])


def docs() -> int:
    """Generate what tests/test_docs.py holds to be current."""
    return run(BIN / "python", "docs/generate.py")


def lock() -> int:
    """Resolve all dependencies for every supported Python and write the lock file."""
    if run(BIN / "python", "-m", "pip", "install", "--quiet", "uv") != 0:
        return 1
    flags = ["--all-groups", "--no-emit-project", "--no-hashes", "--no-header", "--no-annotate", "--upgrade", "--quiet"]
    status = run(BIN / "uv", "export", "--format", "requirements-txt", *flags, "-o", LOCK)
    (ROOT / "uv.lock").unlink(missing_ok=True)
    return status


COMMANDS = {"demo": demo, "test": test, "lint": lint, "docs": docs, "lock": lock}


def main(arguments: list[str]) -> int:
    """Run the named command with the rest of the arguments."""
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__, file=sys.stderr)
        return 2
    ensure_environment()
    return COMMANDS[arguments[0]](*arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
