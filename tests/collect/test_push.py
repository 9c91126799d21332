from __future__ import annotations

from pathlib import Path

import pytest
from gitrepo import GitRepo
from looking import by_path, lines, opened

from bluehook.collect import joined, pushed_range
from bluehook.findings import BluehookError

ZERO = "0" * 40


@pytest.fixture
def clone(tmp_path: Path) -> GitRepo:
    """A clone whose origin has main with base.py."""
    GitRepo(tmp_path / "origin.git", "--bare")
    repo = GitRepo(tmp_path / "clone")
    repo.git("remote", "add", "origin", str(tmp_path / "origin.git"))
    repo.stage("base.py", "x = 1\n")
    repo.commit()
    repo.git("push", "-q", "-u", "origin", "main")
    return repo


def ids(repo: GitRepo, *names: str) -> list[str]:
    return [repo.git("rev-parse", name).decode().strip() for name in names]


def add(repo: GitRepo, name: str) -> str:
    repo.stage(name, f"name = {name!r}\n" * 3)
    return repo.commit()


def pushed(repo: GitRepo, *refs: tuple[str, str, str, str]) -> list[str]:
    """The files that a push of these lines sends."""
    repository = opened(repo.path)
    spans = pushed_range(repository, {}, "".join(f"{' '.join(ref)}\n" for ref in refs).encode())
    return sorted({path for span in spans for path in by_path(repository.between(span))})


def test_new_commits_of_a_known_branch(clone: GitRepo) -> None:
    (old,) = ids(clone, "main")
    add(clone, "a.py")
    new = add(clone, "b.py")
    line = f"refs/heads/main {new} refs/heads/main {old}\n".encode()
    assert pushed_range(opened(clone.path), {}, line) == (f"{old}..{new}",)
    assert pushed(clone, ("refs/heads/main", new, "refs/heads/main", old)) == ["a.py", "b.py"]


def test_a_new_branch_is_what_no_remote_has(clone: GitRepo) -> None:
    clone.git("checkout", "-q", "-b", "topic")
    add(clone, "a.py")
    new = add(clone, "b.py")
    assert pushed(clone, ("refs/heads/topic", new, "refs/heads/topic", ZERO)) == ["a.py", "b.py"]


def test_a_new_branch_without_commits_of_its_own(clone: GitRepo) -> None:
    (new,) = ids(clone, "main")
    assert pushed(clone, ("refs/heads/topic", new, "refs/heads/topic", ZERO)) == []


def test_the_first_push_of_all_history(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "r")
    add(repo, "a.py")
    new = add(repo, "b.py")
    assert pushed(repo, ("refs/heads/main", new, "refs/heads/main", ZERO)) == ["a.py", "b.py"]


def test_a_deletion_sends_nothing(clone: GitRepo) -> None:
    (old,) = ids(clone, "main")
    assert pushed(clone, ("(delete)", ZERO, "refs/heads/main", old)) == []


def test_several_refs_and_a_ref_with_spaces(clone: GitRepo) -> None:
    (old,) = ids(clone, "main")
    new = add(clone, "a.py")
    clone.git("checkout", "-q", "-b", "topic", "origin/main")
    topic = add(clone, "t.py")
    refs = [("refs/heads/main", new, "refs/heads/main", old), ("HEAD^{/some words}", topic, "refs/heads/topic", ZERO)]
    assert pushed(clone, *refs) == ["a.py", "t.py"]
    twice = [("HEAD", new, "refs/heads/main", old), ("HEAD", new, "refs/heads/copy", ZERO)]
    assert len(pushed_range(opened(clone.path), {}, "".join(f"{' '.join(r)}\n" for r in twice).encode())) == 1


def test_the_ranges_of_a_push_joined(clone: GitRepo) -> None:
    (base,) = ids(clone, "main")
    add(clone, "both.py")
    clone.stage("book.ipynb", "{}")
    one = clone.commit()
    clone.git("checkout", "-q", "-b", "topic")
    two = add(clone, "t.py")
    repository = opened(clone.path)
    spans = pushed_range(repository, {}, f"a {one} b {base}\nc {two} d {ZERO}\n".encode())
    assert len(spans) == 2
    whole = joined(repository.root, [repository.between(span) for span in spans])
    assert list(by_path(whole)) == ["both.py", "t.py"]
    assert [problem.path for problem in whole.problems] == ["book.ipynb"]
    assert by_path(joined(repository.root, [])) == {}


def test_what_was_merged_from_the_remote_is_not_sent_again(clone: GitRepo) -> None:
    clone.git("checkout", "-q", "-b", "topic")
    add(clone, "mine.py")
    clone.git("checkout", "-q", "main")
    add(clone, "theirs.py")
    clone.git("push", "-q", "origin", "main")
    clone.git("checkout", "-q", "topic")
    clone.git("merge", "-q", "--no-edit", "main")
    new = add(clone, "more.py")
    assert pushed(clone, ("refs/heads/topic", new, "refs/heads/topic", ZERO)) == ["mine.py", "more.py"]


def test_a_forced_push_after_a_rebase(clone: GitRepo) -> None:
    clone.git("checkout", "-q", "-b", "topic")
    old = add(clone, "mine.py")
    clone.git("push", "-q", "origin", "topic")
    clone.git("checkout", "-q", "main")
    add(clone, "theirs.py")
    clone.git("push", "-q", "origin", "main")
    clone.git("checkout", "-q", "topic")
    clone.git("rebase", "-q", "main")
    (new,) = ids(clone, "topic")
    assert pushed(clone, ("refs/heads/topic", new, "refs/heads/topic", old)) == ["mine.py"]


def test_a_remote_commit_that_is_not_here(clone: GitRepo) -> None:
    new = add(clone, "a.py")
    assert pushed(clone, ("refs/heads/main", new, "refs/heads/main", "1" * 40)) == ["a.py"]


def test_the_ends_that_pre_commit_names(clone: GitRepo) -> None:
    clone.git("checkout", "-q", "-b", "topic")
    clone.stage("base.py", "x = 1\ny = 2\n")
    new = clone.commit()
    clone.git("checkout", "-q", "main")
    old = add(clone, "later_on_main.py")
    repository = opened(clone.path)
    (span,) = pushed_range(repository, {"PRE_COMMIT_FROM_REF": old, "PRE_COMMIT_TO_REF": new})
    files = by_path(repository.between(span))
    assert {path: lines(file) for path, file in files.items()} == {"base.py": [(2, 2)]}


def test_pre_commit_names_no_ends_when_all_history_is_new(clone: GitRepo) -> None:
    add(clone, "a.py")
    repository = opened(clone.path)
    environment = {"PRE_COMMIT_REMOTE_NAME": "origin", "PRE_COMMIT_LOCAL_BRANCH": "refs/heads/main"}
    (span,) = pushed_range(repository, environment)
    assert list(by_path(repository.between(span))) == ["a.py", "base.py"]


def test_nothing_said_about_a_push(clone: GitRepo) -> None:
    with pytest.raises(BluehookError, match=r"nothing says what is pushed; .* --diff A\.\.B"):
        pushed_range(opened(clone.path), {}, b"\n")


def test_standard_input_that_is_no_pre_push(clone: GitRepo) -> None:
    with pytest.raises(BluehookError, match="cannot read b'hello world' on standard input"):
        pushed_range(opened(clone.path), {}, b"hello world\n")
