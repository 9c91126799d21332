"""Real git repositories for tests: made in a temporary folder, deaf to the configuration of whoever runs the tests."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_WHO = {
    f"GIT_{role}_{what}": value
    for role in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Ada"), ("EMAIL", "ada@example.org"), ("DATE", "2024-01-01T00:00:00Z"))
}


def clean_environment() -> dict[str, str]:
    """The environment without git's own variables, so that a test run inside a hook meets no other repository."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | _WHO | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "LC_ALL": "C"}


class GitRepo:
    """A repository with its working tree at ``path``."""

    def __init__(self, path: Path, *options: str) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", *options)

    def git(self, *arguments: str | bytes, given: bytes = b"", cwd: Path | None = None, check: bool = True) -> bytes:
        """Run git here; its standard output. A failure fails the test in git's own words, unless ``check`` is off."""
        ended = subprocess.run(
            ["git", "-c", "commit.gpgSign=false", "-c", "protocol.file.allow=always", *arguments],
            cwd=cwd or self.path,
            env=clean_environment(),
            input=given,
            capture_output=True,
            check=False,
        )
        if check and ended.returncode:
            raise AssertionError(f"git {arguments}: {ended.stderr.decode(errors='replace')}")
        return ended.stdout

    def write(self, name: str, content: str | bytes = "", executable: bool = False) -> Path:
        """Write a file of the working tree, with its folders."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        if executable:
            path.chmod(0o755)
        return path

    def add(self, *names: str) -> None:
        """Stage files; everything if none is named."""
        self.git("add", "-A", *(["--", *names] if names else []))

    def stage(self, name: str, content: str | bytes = "", executable: bool = False) -> None:
        """Write and stage one file."""
        self.write(name, content, executable)
        self.add(name)

    def commit(self, message: str = "Change") -> str:
        """Commit what is staged; the id of the commit."""
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD").decode().strip()
