"""``bluehook init``, as a user starts it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from calling import environment, inside, program
from gitrepo import GitRepo

from bluehook.cli import doctor


def written(repo: GitRepo) -> str:
    return (repo.path / ".pre-commit-config.yaml").read_text(encoding="utf-8")


def test_texts_are_judged_where_there_are_some_for_agents(repo: GitRepo, tmp_path: Path) -> None:
    inside(repo.path, tmp_path, "init")
    assert "bluehook-instructions" not in written(repo)
    repo.stage("AGENTS.md", "Use tabs.\n")
    ended = inside(repo.path, tmp_path, "init")
    assert "AGENTS.md is there for coding agents" in ended.out
    assert "- id: bluehook-instructions" in written(repo)
    assert "- id: bluehook-commit-msg" in written(repo)
    before = written(repo)
    assert "has the hooks already" in inside(repo.path, tmp_path, "init").out
    assert written(repo) == before


@pytest.mark.parametrize(
    ("flags", "hooks"),
    [
        (["--no-push", "--instructions"], {"bluehook", "bluehook-instructions"}),
        (["--commit-msg"], {"bluehook", "bluehook-push", "bluehook-commit-msg"}),
    ],
)
def test_flags_choose_the_hooks(repo: GitRepo, tmp_path: Path, flags: list[str], hooks: set[str]) -> None:
    inside(repo.path, tmp_path, "init", *flags)
    assert {line.rpartition(" ")[2] for line in written(repo).splitlines() if "- id:" in line} == hooks


def test_bare_install_of_pre_commit_installs_every_stage(
    repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.stage("AGENTS.md", "Use tabs.\n")
    inside(repo.path, tmp_path, "init", "--local")
    env = environment(tmp_path, PRE_COMMIT_HOME=str(tmp_path / "home"))
    monkeypatch.chdir(repo.path)
    monkeypatch.delenv("CI", raising=False)
    before = doctor._hooks()
    assert (before.ok, "pre-commit, pre-push, commit-msg configured" in before.seen) == (False, True)
    ended = program([sys.executable, "-m", "pre_commit", "install"], repo.path, env)
    assert ended.status == 0, ended.err
    for stage in ("pre-commit", "pre-push", "commit-msg"):
        assert (repo.path / ".git" / "hooks" / stage).is_file()
    assert doctor._hooks() == ("", True, "pre-commit, pre-push, commit-msg installed")
