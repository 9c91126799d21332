from __future__ import annotations

import sys
from pathlib import Path

import pytest
from gitrepo import GitRepo
from looking import by_path, opened, staged

from bluehook.collect import Repository, blobs, command
from bluehook.collect.command import Git
from bluehook.findings import BluehookError

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX scripts")


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_found_from_the_top_a_subfolder_and_a_file(repo: GitRepo) -> None:
    repo.stage("deep/er/a.py", "x = 1\n")
    for start in (repo.path, repo.path / "deep/er", repo.path / "deep/er/a.py"):
        repository = opened(start)
        assert repository.root == repo.path.resolve()
        assert list(by_path(repository.staged())) == ["deep/er/a.py"], "all that is staged, wherever one stands"


def test_found_from_a_relative_path(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    (repo.path / "sub").mkdir()
    monkeypatch.chdir(repo.path / "sub")
    assert opened(Path()).root == repo.path.resolve()


def test_no_repository(tmp_path: Path) -> None:
    assert Repository.find(tmp_path) is None


def test_outside_of_a_repository_git_is_not_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert Repository.find(tmp_path) is None


def test_a_folder_that_only_looks_like_a_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert Repository.find(tmp_path) is None


def test_a_directory_with_a_line_feed_in_its_name(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "two\nlines\n")
    repo.stage("a.py", "x = 1\n")
    assert opened(repo.path).root == repo.path.resolve()
    assert list(staged(repo.path)[0]) == ["a.py"]


def test_inside_the_git_directory(repo: GitRepo) -> None:
    with pytest.raises(BluehookError, match=r"inside a \.git directory; change to the working tree"):
        Repository.find(repo.path / ".git")


@pytest.fixture
def worktree(repo: GitRepo, tmp_path: Path) -> Path:
    repo.stage("a.py", "x = 1\n")
    repo.commit()
    path = tmp_path / "worktree"
    repo.git("worktree", "add", "-q", str(path))
    (path / "sub").mkdir()
    (path / "only_here.py").write_text("y = 1\n")
    repo.git("add", "only_here.py", cwd=path)
    return path


def test_a_worktree_has_its_own_index(repo: GitRepo, worktree: Path) -> None:
    assert list(staged(worktree / "sub")[0]) == ["only_here.py"]
    assert staged(repo.path) == ({}, {})


@pytest.mark.parametrize("start", [".", "sub"])
def test_a_hook_in_a_worktree_is_given_git_dir(
    repo: GitRepo, worktree: Path, monkeypatch: pytest.MonkeyPatch, start: str
) -> None:
    git_dir = repo.path / ".git/worktrees/worktree"
    monkeypatch.setenv("GIT_DIR", str(git_dir))
    monkeypatch.setenv("GIT_INDEX_FILE", str(git_dir / "index"))
    monkeypatch.chdir(worktree)
    repository = opened(Path(start))
    assert repository.root == worktree.resolve()
    assert list(by_path(repository.staged())) == ["only_here.py"]


def test_git_dir_of_one_repository_does_not_rule_another(
    repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = GitRepo(tmp_path / "other")
    other.stage("b.py", "x = 1\n")
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", str(repo.path / ".git/index"))
    monkeypatch.chdir(repo.path)
    assert opened(repo.path).root == repo.path.resolve()
    assert list(staged(other.path)[0]) == ["b.py"]


def test_a_separate_working_tree_is_found_by_the_environment(
    repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = tmp_path / "tree"
    (tree / "sub").mkdir(parents=True)
    monkeypatch.setenv("GIT_DIR", str(repo.path / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tree))
    monkeypatch.chdir(tree)
    assert opened(tree / "sub").root == tree.resolve()
    assert Repository.find(tmp_path) is None


def test_no_git(repo: GitRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BluehookError, match=r"git was not found on PATH; install git"):
        Repository.find(repo.path)


def test_a_repository_of_somebody_else(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(BluehookError, match=r"if you trust it: git config --global --add safe\.directory"):
        Repository.find(repo.path)


@posix
def test_no_program_named_by_the_repository_is_run(repo: GitRepo, tmp_path: Path) -> None:
    trace = tmp_path / "ran"
    program = script(tmp_path / "program", f'echo "$0 $*" >> {trace}\ncat')
    repo.stage("a.py", "x = 1\n")
    repo.commit()
    repo.write(".gitattributes", "*.py diff=evil filter=evil\n")
    for setting in ("diff.external", "diff.evil.command", "diff.evil.textconv", "core.fsmonitor", "core.pager",
                    "filter.evil.clean", "filter.evil.smudge", "core.sshCommand"):  # fmt: skip
        repo.git("config", setting, str(program))
    for hook in ("post-index-change", "fsmonitor-watchman"):
        script(repo.path / ".git/hooks" / hook, str(program))
    blob = repo.git("hash-object", "-w", "--stdin", given=b"x = 1\ny = 2\n").decode().strip()
    repo.git("update-index", "--cacheinfo", f"100644,{blob},a.py")
    trace.unlink(missing_ok=True)

    repository = opened(repo.path)
    assert list(by_path(repository.staged())) == ["a.py"]
    assert by_path(repository.between("HEAD..HEAD")) == {}
    assert repository.tree(repository.root) == [".gitattributes", "a.py"]
    assert not trace.exists()
    repo.git("status", check=False)
    assert trace.exists(), "the trap itself works"


@posix
def test_a_git_that_hangs_is_ended_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repo: GitRepo
) -> None:
    script(tmp_path / "git", "sleep 600 & wait")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(BluehookError, match=r"git status .* did not end within 0\.2 s"):
        Git(tmp_path, {"PATH": str(tmp_path) + ":/bin:/usr/bin"}).run("status", seconds=0.2)


@posix
def test_an_object_reader_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path / "git", "sleep 600 & wait")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    git = Git(tmp_path, {"PATH": str(tmp_path) + ":/bin:/usr/bin"})
    with (
        blobs.open_blobs(git, seconds=0.1) as reader,
        pytest.raises(BluehookError, match=r"git cat-file in .* broke off"),
    ):
        reader.read("0" * 40, 10)


@posix
@pytest.mark.parametrize("answer", ["", "0 blob 100", "0 blob 3\\nab"])
def test_an_object_reader_that_breaks_off_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    script(tmp_path / "git", f"printf '{answer}'; echo 'fatal: disk on fire' >&2; exit 128")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with blobs.open_blobs(Git(tmp_path, {})) as reader, pytest.raises(BluehookError, match="disk on fire"):
        reader.read("0" * 40, 10)


def test_a_reader_gives_sizes_and_beginnings(repo: GitRepo) -> None:
    names = [
        repo.git("hash-object", "-w", "--stdin", given=content).decode().strip()
        for content in (b"", b"abc\n", b"x" * 300_000)
    ]
    with blobs.open_blobs(opened(repo.path).git) as reader:
        assert reader.read(names[2], 2) == blobs.Blob(300_000, b"xx")
        assert reader.read(names[0], 10) == blobs.Blob(0, b"")
        assert reader.read("1" * 40, 10) is None
        assert reader.read(names[1], 10) == blobs.Blob(4, b"abc\n")


def test_blobs_over_the_limit_or_missing_are_left_out(repo: GitRepo) -> None:
    name = repo.git("hash-object", "-w", "--stdin", given=b"abc").decode().strip()
    repository = opened(repo.path)
    assert repository.read_blobs([name, "1" * 40]) == {name: b"abc"}
    assert repository.read_blobs([name], limit=2) == {}


def test_the_reason_is_the_line_that_tells_it() -> None:
    assert command.reason(b"hint: a\nwarning: b\nfatal: bad thing\nhint: c\n") == "bad thing"
    assert command.reason(b"something else\n") == "something else"
    assert command.reason(b"") == "no reason given"


def test_a_damaged_index_is_an_error(repo: GitRepo) -> None:
    repo.stage("a.py", "x = 1\n")
    repo.commit()
    (repo.path / ".git/index").write_bytes(b"DIRC garbage")
    with pytest.raises(BluehookError, match="git diff-index failed"):
        opened(repo.path).staged()
