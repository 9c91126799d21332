"""Eight well-kept packages to measure a tree on: download their wheels and unpack them, running none of their code.

python -m benchmarks.packages DIR
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PACKAGES = (
    "celery==5.5.2",
    "django==5.2.1",
    "fastapi==0.115.12",
    "flask==3.1.0",
    "httpx==0.28.1",
    "requests==2.32.3",
    "scrapy==2.13.0",
    "sqlalchemy==2.0.41",
)


def unpack(directory: Path) -> None:
    """Lay the packages out in a directory."""
    with tempfile.TemporaryDirectory() as wheels:
        download = ["download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"]
        subprocess.run([sys.executable, "-m", "pip", *download, "--dest", wheels, *PACKAGES], check=True)
        for wheel in sorted(Path(wheels).glob("*.whl")):
            zipfile.ZipFile(wheel).extractall(directory)


def main() -> None:
    """Unpack into the directory that is named, and say how much it is."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    directory = Path(sys.argv[1])
    unpack(directory)
    files = list(directory.rglob("*.py"))
    lines = sum(file.read_bytes().count(b"\n") for file in files)
    print(f"{len(files)} files, {lines} lines in {directory}")


if __name__ == "__main__":
    main()
