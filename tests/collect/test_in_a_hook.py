"""What a hook sees, in hooks that git itself starts with the environment that it sets for them."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest
from gitrepo import GitRepo

HOOK = """
from pathlib import Path
from bluehook.collect import Repository, paths
repository = Repository.find(Path())
staged = sorted(f"{file.path}={file.data.decode().strip()}" for file in repository.staged().files)
tree = sorted(file.path for file in paths([Path()], repository.root).files)
print(staged, tree, file=open(SEEN, "w"))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="the hook is a POSIX script")
@pytest.mark.parametrize(
    ("arguments", "folder", "expected"),
    [
        (["commit", "-m", "x"], ".", "['new.py=1']"),
        (["commit", "-a", "-m", "x"], "sub", "['a.py=2', 'new.py=1', 'sub/b.py=2']"),
        (["commit", "-m", "x", "b.py"], "sub", "['sub/b.py=2']"),
        (["-C", "sub", "commit", "--include", "-m", "x", "b.py"], ".", "['new.py=1', 'sub/b.py=2']"),
        (["commit", "--amend", "-m", "x"], ".", "['new.py=1']"),
    ],
)
@pytest.mark.parametrize("worktree", [False, True])
def test_staged_is_what_this_commit_takes(
    repo: GitRepo, tmp_path: Path, worktree: bool, arguments: list[str], folder: str, expected: str
) -> None:
    repo.stage("a.py", "1\n")
    repo.stage("sub/b.py", "1\n")
    repo.commit()
    top = repo.path
    if worktree:
        top = tmp_path / "worktree"
        repo.git("worktree", "add", "-q", str(top))
    seen = tmp_path / "seen"
    hook = repo.write(".git/hooks/pre-commit", executable=True)
    program = HOOK.replace("SEEN", repr(str(seen)))
    hook.write_text(f"#!/bin/sh\nexec {shlex.quote(sys.executable)} -c {shlex.quote(program)}\n")
    (top / "new.py").write_text("1\n")
    repo.git("add", "new.py", cwd=top)
    (top / "a.py").write_text("2\n")
    (top / "sub/b.py").write_text("2\n")
    repo.git(*arguments, cwd=top / folder)
    assert seen.read_text() == f"{expected} ['a.py', 'new.py', 'sub/b.py']\n"
