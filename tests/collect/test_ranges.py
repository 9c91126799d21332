from __future__ import annotations

from pathlib import Path

import pytest
from gitrepo import GitRepo
from looking import by_path, lines, opened

from bluehook.collect import Options
from bluehook.findings import BluehookError

TEN = "".join(f"line{n} = {n}\n" for n in range(1, 11))


@pytest.fixture
def forked(repo: GitRepo) -> GitRepo:
    """main: a.py edited at line 9. side, from its parent: a.py edited at line 2, new.py added, gone.py deleted."""
    repo.stage("a.py", TEN)
    repo.stage("gone.py", TEN + "only_here = 1\n" * 20)
    repo.commit()
    repo.git("checkout", "-q", "-b", "side")
    repo.stage("a.py", TEN.replace("line2 = 2", "b = 2"))
    repo.stage("new.py", "x = 1\n")
    repo.git("rm", "-q", "gone.py")
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.stage("a.py", TEN.replace("line9 = 9", "i = 9"))
    repo.commit()
    repo.git("checkout", "-q", "side")
    return repo


def test_two_dots_compare_the_ends(forked: GitRepo) -> None:
    files = by_path(opened(forked.path).between("main..side"))
    assert list(files) == ["a.py", "new.py"]
    assert lines(files["a.py"]) == [(2, 2), (9, 9)]


def test_three_dots_start_at_the_common_ancestor(forked: GitRepo) -> None:
    files = by_path(opened(forked.path).between("main...side"))
    assert lines(files["a.py"]) == [(2, 2)]
    assert files["new.py"].changed is None
    assert files["a.py"].before == forked.git("rev-parse", "main~1:a.py").decode().strip()


@pytest.mark.parametrize("span", ["main...", "main...HEAD", "main~1..", "main~1..side", "side^..side"])
def test_a_side_left_out_is_head(forked: GitRepo, span: str) -> None:
    files = by_path(opened(forked.path).between(span))
    assert lines(files["a.py"]) == [(2, 2)]


def test_the_left_side_left_out_is_head(forked: GitRepo) -> None:
    assert lines(by_path(opened(forked.path).between("...main"))["a.py"]) == [(9, 9)]


def test_contents_are_those_at_the_end_of_the_range(forked: GitRepo) -> None:
    forked.write("a.py", "working tree\n")
    forked.stage("new.py", "index\n")
    files = by_path(opened(forked.path).between("side..main"))
    assert files["a.py"].data == TEN.replace("line9 = 9", "i = 9").encode()
    assert "new.py" not in files


def test_a_renamed_file_in_a_range(repo: GitRepo) -> None:
    repo.stage("old.py", TEN)
    repo.commit()
    repo.git("mv", "old.py", "new.py")
    repo.stage("new.py", TEN + "x = 1\n")
    repo.commit()
    assert lines(by_path(opened(repo.path).between("HEAD^..HEAD"))["new.py"]) == [(11, 11)]


def test_a_bare_repository_knows_ranges(forked: GitRepo, tmp_path: Path) -> None:
    forked.git("clone", "-q", "--bare", str(forked.path), str(tmp_path / "bare.git"))
    repository = opened(tmp_path / "bare.git")
    assert repository.bare
    assert list(by_path(repository.between("main...side"))) == ["a.py", "new.py"]


@pytest.mark.parametrize("span", ["", "main", "..", "...", "--output=x"])
def test_what_is_no_range_is_refused_with_the_right_form(forked: GitRepo, span: str) -> None:
    with pytest.raises(BluehookError, match=r"is not a range; write A\.\.B"):
        opened(forked.path).between(span)


@pytest.mark.parametrize(
    ("span", "named"),
    [
        ("nowhere...HEAD", "nowhere"),
        ("HEAD..nowhere", "nowhere"),
        ("--all..HEAD", "--all"),
        ("HEAD....HEAD", ".HEAD"),
        ("HEAD..a\nHEAD", r"a\nHEAD"),
        ("HEAD..\udcff", r"\udcff"),
        ("HEAD:a.py..HEAD", "HEAD:a.py"),
    ],
)
def test_an_unknown_revision_is_named(forked: GitRepo, span: str, named: str) -> None:
    with pytest.raises(BluehookError, match=r"names no commit in .*fetch it first") as raised:
        opened(forked.path).between(span)
    assert str(raised.value).startswith(f"'{named}' in ")


def test_unrelated_histories_have_no_common_ancestor(forked: GitRepo) -> None:
    forked.git("checkout", "-q", "--orphan", "island")
    forked.commit()
    with pytest.raises(BluehookError, match=r"no common ancestor .*git fetch --unshallow"):
        opened(forked.path).between("main...island")
    assert list(by_path(opened(forked.path).between("main..island"))) == ["a.py", "new.py"]


def test_a_shallow_clone_says_what_to_fetch(forked: GitRepo, tmp_path: Path) -> None:
    clone = tmp_path / "shallow"
    forked.git("clone", "-q", "--depth=1", "--no-single-branch", f"file://{forked.path}", str(clone))
    with pytest.raises(BluehookError, match="fetch-depth: 0"):
        opened(clone).between("origin/main...HEAD")


def test_a_partial_clone_is_not_fetched_from_when_offline(forked: GitRepo, tmp_path: Path) -> None:
    forked.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "partial"
    forked.git("clone", "-q", "--filter=blob:none", f"file://{forked.path}", str(clone))
    repository = opened(clone)
    with pytest.raises(BluehookError, match=r"git .* failed"):
        by_path(repository.between("origin/main...HEAD", Options(offline=True)))
    files = by_path(repository.between("origin/main...HEAD"))
    assert lines(files["a.py"]) == [(2, 2)]
    before = str(files["a.py"].before)
    assert repository.read_blobs([before, "1" * 40]) == {before: TEN.encode()}
