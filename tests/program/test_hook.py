"""The hooks under the real pre-commit and under git itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from calling import BAD, GOOD, Ended, environment, program
from gitrepo import GitRepo

CHECKOUT = Path(__file__).resolve().parents[2]
CONFIG = """\
repos:
  - repo: local
    hooks:
      - id: {id}
        name: bluehook
        entry: {python} -m bluehook scan --hook {stage}
        language: system
        types: [python]
        pass_filenames: false
        require_serial: true
        stages: [{stage}]
"""


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path / "cache", PRE_COMMIT_HOME=str(tmp_path / "pre-commit"))


@pytest.fixture
def repo(tmp_path: Path, env: dict[str, str]) -> GitRepo:
    """A repository with both hooks installed by pre-commit."""
    repo = GitRepo(tmp_path / "repo")
    commit = CONFIG.format(id="bluehook", python=sys.executable, stage="pre-commit")
    push = CONFIG.format(id="bluehook-push", python=sys.executable, stage="pre-push").split("hooks:\n")[1]
    repo.stage(".pre-commit-config.yaml", commit + push)
    for kind in ("pre-commit", "pre-push"):
        ended = program([sys.executable, "-m", "pre_commit", "install", "--hook-type", kind], repo.path, env)
        assert ended.status == 0, ended.err
    return repo


def git(repo: GitRepo, env: dict[str, str], *arguments: str) -> Ended:
    return program(["git", *arguments], repo.path, env)


def test_a_commit_is_blocked_and_its_mended_form_passes(repo: GitRepo, env: dict[str, str]) -> None:
    repo.stage("app.py", BAD)
    ended = git(repo, env, "commit", "-m", "With a hole")
    assert ended.status == 1
    assert "sql-injection" in ended.out + ended.err
    assert repo.git("rev-parse", "--verify", "-q", "HEAD", check=False) == b""
    repo.stage("app.py", GOOD)
    ended = git(repo, env, "commit", "-m", "Without")
    assert ended.status == 0, ended.out + ended.err


def test_a_partially_staged_file_is_judged_by_what_is_staged(repo: GitRepo, env: dict[str, str]) -> None:
    repo.stage("app.py", GOOD)
    repo.write("app.py", BAD)
    assert git(repo, env, "commit", "-m", "The good half").status == 0
    assert (repo.path / "app.py").read_text() == BAD, "the working tree is as it was"


def test_commit_with_a_path_uses_gits_temporary_index(repo: GitRepo, env: dict[str, str]) -> None:
    repo.stage("app.py", GOOD)
    assert git(repo, env, "commit", "-m", "Good").status == 0
    repo.write("app.py", BAD)
    assert git(repo, env, "commit", "-m", "Bad", "app.py").status == 1
    assert git(repo, env, "commit", "-a", "-m", "Bad").status == 1


def test_two_commits_at_once(repo: GitRepo, env: dict[str, str], tmp_path: Path) -> None:
    repo.stage("app.py", GOOD)
    assert git(repo, env, "commit", "-m", "Good").status == 0
    second = tmp_path / "second"
    repo.git("worktree", "add", "-q", "-b", "other", str(second))
    repo.stage("app.py", BAD)
    (second / "app.py").write_text(GOOD + "\n# more\n")
    subprocess.run(["git", "add", "app.py"], cwd=second, env=env, check=True)
    commits = [
        subprocess.Popen(["git", "commit", "-q", "-m", "At once"], cwd=folder, env=env, stderr=subprocess.DEVNULL)
        for folder in (repo.path, second)
    ]
    assert [commit.wait(300) for commit in commits] == [1, 0]


def test_all_files_means_the_whole_tree(repo: GitRepo, env: dict[str, str]) -> None:
    repo.stage("app.py", BAD)
    repo.git("commit", "-q", "--no-verify", "-m", "Past the hook")
    ended = program([sys.executable, "-m", "pre_commit", "run", "--all-files"], repo.path, env)
    assert ended.status == 1
    assert "app.py" in ended.out


def test_a_push_is_judged_by_what_it_brings(repo: GitRepo, env: dict[str, str], tmp_path: Path) -> None:
    repo.stage("old.py", BAD)
    repo.git("commit", "-q", "--no-verify", "-m", "Before the hook")
    remote = GitRepo(tmp_path / "remote", "--bare")
    repo.git("remote", "add", "origin", str(remote.path))
    repo.git("push", "-q", "--no-verify", "origin", "main")
    repo.stage("app.py", GOOD)
    assert git(repo, env, "commit", "-m", "Good").status == 0
    assert git(repo, env, "push", "origin", "main").status == 0
    repo.stage("bad.py", BAD)
    repo.git("commit", "-q", "--no-verify", "-m", "Bad")
    ended = git(repo, env, "push", "origin", "main")
    assert ended.status == 1
    assert "bad.py" in ended.out + ended.err
    assert "old.py" not in ended.out


def test_git_alone_without_pre_commit(tmp_path: Path, env: dict[str, str]) -> None:
    repo = GitRepo(tmp_path / "plain")
    hook = f'#!/bin/sh\nexec "{sys.executable}" -m bluehook scan --hook pre-commit\n'
    repo.write(".git/hooks/pre-commit", hook, executable=True)
    repo.stage("app.py", BAD)
    assert git(repo, env, "commit", "-m", "Bad").status == 1
    repo.stage("app.py", GOOD)
    assert git(repo, env, "commit", "-m", "Good").status == 0


def test_try_repo_installs_the_checkout_and_blocks(tmp_path: Path, env: dict[str, str]) -> None:
    """What a newcomer does first; pre-commit builds the hook's environment from this checkout."""
    repo = GitRepo(tmp_path / "newcomer")
    repo.stage("app.py", BAD)
    command = [sys.executable, "-m", "pre_commit", "try-repo", str(CHECKOUT), "bluehook", "--verbose"]
    ended = program(command, repo.path, env, seconds=900)
    assert ended.status == 1, ended.out + ended.err
    assert "sql-injection" in ended.out
