from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from gitrepo import GitRepo
from looking import by_path

from bluehook.collect import Options, paths, standard_input
from bluehook.findings import BluehookError, Problem

unprivileged = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="nothing is unreadable to the superuser"
)
fifos = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")


def collected(*named: Path, root: Path, options: Options | None = None) -> tuple[list[str], dict[str | None, Problem]]:
    collection = paths(named, root, options or Options())
    return list(by_path(collection)), {problem.path: problem for problem in collection.problems}


def fill(tree: Path, *names: str, content: str = "x = 1\n") -> None:
    for name in names:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(content)


@pytest.fixture(params=["git", "no git"])
def tree(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder inside a repository, or one that git knows nothing of: what they answer should agree."""
    top = tmp_path / "tree"
    if request.param == "git":
        GitRepo(top)
    top.mkdir(exist_ok=True)
    return top


def test_a_tree_gives_its_python_in_order(tree: Path) -> None:
    fill(tree, "b.py", "a/z.pyi", "a/b/c.pyw", "readme.md", "data.json")
    fill(tree, "tool", content="#!/usr/bin/env python3\n")
    (tree / "analysis.ipynb").write_text("{}")
    files, problems = collected(tree, root=tree)
    assert sorted(files) == ["a/b/c.pyw", "a/z.pyi", "b.py", "tool"]
    assert {path: problem.incomplete for path, problem in problems.items()} == {"analysis.ipynb": False}


def test_ignore_files_are_respected_as_git_does(tree: Path) -> None:
    fill(
        tree, ".gitignore", content="build/\n/top.py\n*.gen.py\n!keep.gen.py\n# comment\n\n**/deep/x.py\nsp\\ ace.py\n"
    )
    fill(tree, "sub/.gitignore", content="!b.gen.py\nlocal.py\n/anchored.py\n")
    fill(tree, "top.py", "sub/top.py", "a.gen.py", "keep.gen.py", "sub/b.gen.py", "sub/local.py", "local.py")
    fill(tree, "build/a.py", "sub/build/a.py", "sub/anchored.py", "sub/c/anchored.py", "p/deep/x.py", "sp ace.py")
    fill(tree, "sub/c/local.py")
    files, problems = collected(tree, root=tree)
    assert sorted(files) == ["keep.gen.py", "local.py", "sub/b.gen.py", "sub/c/anchored.py", "sub/top.py"]
    assert not problems


def test_what_is_inside_an_ignored_folder_cannot_be_taken_back(tree: Path) -> None:
    fill(tree, ".gitignore", content="out/\n!out/a.py\n")
    fill(tree, "out/.gitignore", content="!*\n")
    fill(tree, "out/a.py")
    assert collected(tree, root=tree) == ([], {})


def test_a_line_that_makes_no_sense_is_passed_over(tree: Path) -> None:
    fill(tree, ".gitignore", content="!\n//\n\\\n[\n***\\\nb.py\n")
    fill(tree, "a.py", "b.py")
    assert collected(tree, root=tree)[0] == ["a.py"]


def test_an_ignored_folder_or_file_that_is_named_is_looked_at(tree: Path) -> None:
    fill(tree, ".gitignore", content="build/\nb.py\n")
    fill(tree, "build/a.py", "build/lib/c.py", "b.py")
    assert collected(tree / "build", tree / "b.py", root=tree)[0] == ["build/a.py", "build/lib/c.py", "b.py"]


def test_excluded_files_are_left_out_unless_named(tree: Path) -> None:
    fill(tree, "a.py", "gen/b.py")
    options = Options(excluded=lambda path: path.startswith("gen/"))
    assert collected(tree, root=tree, options=options) == (["a.py"], {})
    assert collected(tree / "gen/b.py", root=tree, options=options) == (["gen/b.py"], {})


def test_a_file_named_twice_or_within_a_named_tree_comes_once(tree: Path) -> None:
    fill(tree, "a/b.py", "c.py")
    files, _ = collected(tree / "a/b.py", tree, tree / "a", tree / "a/../c.py", root=tree)
    assert sorted(files) == ["a/b.py", "c.py"]


def test_relative_paths_start_at_the_current_directory(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tree, "sub/a.py", "b.py")
    monkeypatch.chdir(tree / "sub")
    assert collected(Path(), root=tree)[0] == ["sub/a.py"]
    assert collected(Path("a.py"), Path("../b.py"), root=tree)[0] == ["sub/a.py", "b.py"]
    assert collected(Path("../b.py"), root=tree / "sub")[0] == ["../b.py"]


def test_links_are_not_followed_out_of_the_tree_or_in_circles(tree: Path, tmp_path: Path) -> None:
    fill(tmp_path, "outside/secret.py", "alone.py")
    fill(tree, "a.py", "pkg/b.py")
    (tree / "out").symlink_to(tmp_path / "outside")
    (tree / "out.py").symlink_to(tmp_path / "alone.py")
    (tree / "up").symlink_to(tree)
    (tree / "pkg/loop").symlink_to("loop")
    (tree / "pkg/loop.py").symlink_to("loop.py")
    (tree / "broken.py").symlink_to("nowhere.py")
    (tree / "twin.py").symlink_to("a.py")
    (tree / "broken").symlink_to("nowhere")
    files, problems = collected(tree, root=tree)
    assert sorted(files) == ["a.py", "pkg/b.py"]
    assert {path: "out of" in problem.reason for path, problem in problems.items()} == {
        "broken.py": False,
        "out": True,
        "out.py": True,
        "pkg/loop.py": False,
    }
    assert not any(problem.incomplete for problem in problems.values())


def test_a_link_that_is_named_is_followed(tree: Path, tmp_path: Path) -> None:
    fill(tmp_path, "outside/secret.py")
    (tree / "link.py").symlink_to(tmp_path / "outside/secret.py")
    assert collected(tree / "link.py", root=tree) == (["link.py"], {})
    (tree / "out").symlink_to(tmp_path / "outside")
    assert collected(tree / "out", root=tree) == (["../outside/secret.py"], {})


def test_a_tracked_file_behind_a_folder_that_became_a_link(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "r")
    fill(repo.path, "pkg/a.py", "b.py")
    repo.add()
    fill(tmp_path, "evil/a.py")
    (repo.path / "pkg/a.py").unlink()
    (repo.path / "pkg").rmdir()
    (repo.path / "pkg").symlink_to(tmp_path / "evil")
    files, problems = collected(repo.path, root=repo.path)
    assert files == ["b.py"]
    assert problems["pkg/a.py"].reason == "behind a symbolic link"


@fifos
def test_a_pipe_is_not_waited_for(tree: Path) -> None:
    os.mkfifo(tree / "pipe.py")
    os.mkfifo(tree / "pipe")
    fill(tree, "a.py")
    files, problems = collected(tree, root=tree)
    assert files == ["a.py"]
    assert all(problem.reason == "not a regular file" for problem in problems.values())
    with pytest.raises(BluehookError, match="neither file nor directory; give its content on standard input"):
        paths([tree / "pipe.py"], tree)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing.py", "no such file or directory"),
        ("a.py/below.py", "no such file or directory"),
        ("loop.py", "leads to itself"),
        ("broken.py", "link to nothing"),
        ("nul\0.py", "no such file or directory"),
        ("x" * 300, "no such file or directory"),
    ],
)
def test_a_path_that_cannot_be_looked_at_is_a_mistake_of_usage(tree: Path, name: str, reason: str) -> None:
    fill(tree, "a.py")
    (tree / "loop.py").symlink_to("loop.py")
    (tree / "broken.py").symlink_to("nothing.py")
    with pytest.raises(BluehookError, match=reason):
        paths([tree / "a.py", tree / name], tree)


def test_a_named_file_that_is_not_python_is_named_as_skipped(tree: Path) -> None:
    fill(tree, "notes.txt", "book.ipynb")
    files, problems = collected(tree / "notes.txt", tree / "book.ipynb", root=tree)
    assert not files
    assert "not Python" in problems["notes.txt"].reason
    assert "notebook" in problems["book.ipynb"].reason


def test_binary_and_too_large_files_are_reported(tree: Path) -> None:
    (tree / "blob.py").write_bytes(bytes(range(256)))
    fill(tree, "large.py", content="x = 1\n" * 100)
    fill(tree, "limit.py", content="x" * 500)
    files, problems = collected(tree, root=tree, options=Options(max_size=500))
    assert files == ["limit.py"]
    assert sorted(str(path) for path, problem in problems.items() if problem.incomplete) == ["blob.py", "large.py"]


def test_contents_are_read_when_they_are_asked_for(tree: Path) -> None:
    fill(tree, "a.py", "b.py")
    collection = paths([tree], tree)
    first = next(collection.files)
    fill(tree, "b.py", content="changed_meanwhile = 1\n")
    assert [first.data, *(file.data for file in collection.files)] == [b"x = 1\n", b"changed_meanwhile = 1\n"]


@unprivileged
def test_what_cannot_be_read_is_reported(tree: Path) -> None:
    fill(tree, "a.py", "b.py", "closed/c.py")
    (tree / "a.py").chmod(0)
    (tree / "closed").chmod(0)
    try:
        files, problems = collected(tree, root=tree)
    finally:
        (tree / "closed").chmod(0o755)
    assert files == ["b.py"]
    assert problems["a.py"].incomplete
    assert "Permission denied" in problems["a.py"].reason


def test_a_file_that_vanishes_or_fails_while_it_is_read_is_reported(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tree, "a.py", "b.py")
    opening = os.open

    def failing(path: Path, flags: int) -> int:
        if path.name == "a.py":
            raise OSError(5, "Input/output error")
        return opening(path, flags)

    monkeypatch.setattr(os, "open", failing)
    files, problems = collected(tree, root=tree)
    assert files == ["b.py"]
    assert problems["a.py"] == Problem("collect", "cannot be read: Input/output error", "a.py")


def test_a_directory_that_cannot_be_read_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, "a.py", "closed/b.py")
    scanning = os.scandir

    def failing(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return scanning(path)

    monkeypatch.setattr(os, "scandir", failing)
    files, problems = collected(tmp_path, root=tmp_path)
    assert files == ["a.py"]
    assert problems == {"closed": Problem("collect", "cannot be read: Permission denied", "closed")}


def test_virtual_environments_outside_git_are_named_as_skipped(tmp_path: Path) -> None:
    fill(tmp_path, "a.py", "env/pyvenv.cfg", "env/lib/b.py", ".git/hooks/c.py", ".hg/d.py")
    (tmp_path / ".git/HEAD").write_text("")
    files, problems = collected(tmp_path, root=tmp_path)
    assert files == ["a.py"]
    assert problems["env"].reason == "a virtual environment"
    assert collected(tmp_path / "env", root=tmp_path)[0] == ["env/lib/b.py"]


def test_a_submodule_or_nested_repository_is_named_and_can_be_named(tmp_path: Path) -> None:
    inner = GitRepo(tmp_path / "inner")
    inner.stage("i.py", "x = 1\n")
    inner.commit()
    outer = GitRepo(tmp_path / "outer")
    outer.git("submodule", "--quiet", "add", str(inner.path), "sub")
    GitRepo(outer.path / "nested").write("n.py", "x = 1\n")
    outer.write("o.py", "x = 1\n")
    files, problems = collected(outer.path, root=outer.path)
    assert files == ["o.py"]
    assert sorted(str(path) for path in problems) == ["nested", "sub"]
    assert not any(problem.incomplete for problem in problems.values())
    assert sorted(collected(outer.path / "sub", outer.path / "nested", root=outer.path)[0]) == [
        "nested/n.py",
        "sub/i.py",
    ]


def test_files_deleted_in_the_working_tree_are_no_longer_there(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "r")
    repo.stage("a.py", "x = 1\n")
    repo.stage("b.py", "x = 1\n")
    (repo.path / "a.py").unlink()
    assert collected(repo.path, root=repo.path) == (["b.py"], {})


def test_a_file_in_conflict_comes_once(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "r")
    blob = repo.git("hash-object", "-w", "--stdin", given=b"x\n").decode().strip()
    entries = "".join(f"100644 {blob} {stage}\ta.py\n" for stage in (1, 2, 3))
    repo.git("update-index", "--index-info", given=entries.encode())
    fill(repo.path, "a.py")
    assert collected(repo.path, root=repo.path) == (["a.py"], {})


def test_without_git_a_tree_is_walked_and_the_report_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = GitRepo(tmp_path / "r")
    fill(repo.path, "a.py", "build/b.py")
    fill(repo.path, ".gitignore", content="build/\n")
    monkeypatch.setenv("PATH", "")
    files, problems = collected(repo.path, root=repo.path)
    assert files == ["a.py"]
    assert problems[None].reason.startswith("git was not found on PATH")
    assert not problems[None].incomplete


def test_paths_outside_the_root(tmp_path: Path) -> None:
    fill(tmp_path, "root/a.py", "other/b.py")
    assert collected(tmp_path / "other", root=tmp_path / "root")[0] == ["../other/b.py"]


def test_a_tree_seen_from_the_top_of_its_repository_or_from_within(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "r")
    fill(repo.path, "src/pkg/a.py", "b.py")
    assert collected(repo.path / "src", root=repo.path)[0] == ["src/pkg/a.py"]
    assert collected(repo.path / "src", root=repo.path / "src")[0] == ["pkg/a.py"]


def test_no_paths_is_nothing(tmp_path: Path) -> None:
    assert collected(root=tmp_path) == ([], {})


def test_standard_input_is_python_whatever_its_name() -> None:
    collection = standard_input(b"x = 1\n")
    (file,) = collection.files
    assert (file.path, file.data, file.changed) == ("<stdin>", b"x = 1\n", None)
    assert list(by_path(standard_input(b"", "src/a.txt"))) == ["src/a.txt"]


@pytest.mark.parametrize(("data", "reason"), [(bytes(range(256)), "binary"), (b"x" * 1001, "1,001 bytes")])
def test_standard_input_that_is_not_looked_at(data: bytes, reason: str) -> None:
    collection = standard_input(data, "a.py", Options(max_size=1000))
    assert not list(collection.files)
    (problem,) = collection.problems
    assert problem.incomplete
    assert reason in problem.reason
