from __future__ import annotations

import os
from pathlib import Path

import pytest
from gitrepo import GitRepo
from looking import lines, opened, staged

from bluehook.collect import Options
from bluehook.findings import BluehookError, LineRange, SourceFile

TEN = "".join(f"line{n} = {n}\n" for n in range(1, 11))


def test_contents_come_from_the_index_not_from_the_working_tree(repo: GitRepo) -> None:
    repo.stage("a.py", "staged = 1\n")
    repo.write("a.py", "edited_later = 2\n")
    repo.write("untracked.py", "x = 1\n")
    files, problems = staged(repo.path)
    assert {path: file.data for path, file in files.items()} == {"a.py": b"staged = 1\n"}
    assert not problems


def test_a_file_staged_and_then_deleted_is_still_committed(repo: GitRepo) -> None:
    repo.stage("a.py", "x = 1\n")
    (repo.path / "a.py").unlink()
    assert list(staged(repo.path)[0]) == ["a.py"]


def test_partial_staging_gives_the_lines_of_the_staged_part_only(repo: GitRepo) -> None:
    repo.stage("a.py", TEN)
    repo.commit()
    repo.stage("a.py", TEN.replace("line2 = 2", "line2 = 'staged'"))
    repo.write("a.py", TEN.replace("line2 = 2", "line2 = 'staged'").replace("line9 = 9", "line9 = 'not staged'"))
    file = staged(repo.path)[0]["a.py"]
    assert lines(file) == [(2, 2)]
    assert b"not staged" not in file.data


def test_an_edit_names_its_lines_and_the_blob_before(repo: GitRepo) -> None:
    repo.stage("a.py", TEN)
    repo.commit()
    old = repo.git("rev-parse", "HEAD:a.py").decode().strip()
    edited = TEN.replace("line2 = 2\n", "line2 = 'b'\n").replace("line5 = 5\n", "line5 = 5\nnew = 1\nnewer = 2\n")
    repo.stage("a.py", edited)
    file = staged(repo.path)[0]["a.py"]
    assert lines(file) == [(2, 2), (6, 7)]
    assert file.before == old
    assert opened(repo.path).read_blobs([old]) == {old: TEN.encode()}


@pytest.mark.parametrize(
    ("removed", "expected"),
    [("line1 = 1\n", (1, 0)), ("line5 = 5\n", (5, 4)), ("line10 = 10\n", (10, 9)), (TEN, (1, 0))],
)
def test_a_deletion_stands_between_its_neighbours_and_touches_both(
    repo: GitRepo, removed: str, expected: tuple[int, int]
) -> None:
    repo.stage("a.py", TEN)
    repo.commit()
    repo.stage("a.py", TEN.replace(removed, ""))
    file = staged(repo.path)[0]["a.py"]
    assert lines(file) == [expected]
    first, last = expected
    assert file.touches(first, first)
    assert file.touches(last, last) or last == 0
    assert not file.touches(first + 1, first + 5)
    assert not file.touches(last - 5, last - 1)


def test_a_removed_decorator_touches_the_function_below() -> None:
    file = SourceFile(path="a.py", data=b"", changed=(LineRange(7, 6),))
    assert file.touches(7, 9)
    assert file.touches(1, 6)
    assert not file.touches(8, 9)


def test_a_new_file_is_looked_at_as_a_whole(repo: GitRepo) -> None:
    repo.stage("new.py", TEN)
    repo.stage("empty.py", "")
    files, _ = staged(repo.path)
    assert [(file.changed, file.before) for file in files.values()] == [(None, None), (None, None)]


def test_a_rename_keeps_its_past_and_only_the_edit_is_changed(repo: GitRepo) -> None:
    repo.stage("old.py", TEN)
    repo.stage("kept.py", TEN * 2)
    repo.commit()
    blob = repo.git("rev-parse", "HEAD:old.py").decode().strip()
    repo.git("mv", "old.py", "new.py")
    repo.git("mv", "kept.py", "moved.py")
    repo.stage("new.py", TEN.replace("line3 = 3", "line3 = 'c'"))
    files, problems = staged(repo.path)
    assert list(files) == ["moved.py", "new.py"]
    assert (lines(files["new.py"]), files["new.py"].before) == ([(3, 3)], blob)
    assert lines(files["moved.py"]) == []
    assert not problems


def test_the_users_diff_settings_change_nothing(repo: GitRepo) -> None:
    repo.stage("old.py", TEN)
    repo.stage("edited.py", TEN)
    repo.commit()
    disturbing = (
        "diff.renames=false diff.context=9 diff.interHunkContext=9 diff.noprefix=true diff.ignoreSubmodules=all"
    )
    for setting in f"{disturbing} color.ui=always core.quotePath=true core.abbrev=4".split():
        repo.git("config", *setting.split("="))
    repo.git("mv", "old.py", "new.py")
    repo.stage("edited.py", TEN.replace("line2 = 2", "b = 2").replace("line6 = 6", "f = 6"))
    files, _ = staged(repo.path)
    assert {path: lines(file) for path, file in files.items()} == {"edited.py": [(2, 2), (6, 6)], "new.py": []}


def test_git_diff_opts_in_the_environment_change_nothing(repo: GitRepo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.stage("a.py", TEN)
    repo.commit()
    repo.stage("a.py", TEN.replace("line5 = 5", "e = 5"))
    monkeypatch.setenv("GIT_DIFF_OPTS", "--unified=4")
    monkeypatch.setenv("GIT_ICASE_PATHSPECS", "1")
    assert lines(staged(repo.path)[0]["a.py"]) == [(5, 5)]


def test_a_file_that_was_not_python_before_is_new_to_us(repo: GitRepo) -> None:
    repo.stage("notes.txt", TEN)
    repo.stage("tool", "#!/usr/bin/env python3\n" + TEN, executable=True)
    repo.commit()
    repo.git("mv", "notes.txt", "notes.py")
    repo.git("mv", "tool", "tool.py")
    files, _ = staged(repo.path)
    assert files["notes.py"].changed is None
    assert files["notes.py"].before is None
    assert lines(files["tool.py"]) == [], "it was Python by its first line"


def test_a_copy_is_new_code_in_a_new_place(repo: GitRepo) -> None:
    repo.git("config", "diff.renames", "copies")
    repo.stage("a.py", TEN)
    repo.commit()
    repo.stage("a.py", TEN + "more = 1\n")
    repo.stage("copy.py", TEN)
    files, _ = staged(repo.path)
    assert (files["copy.py"].changed, files["copy.py"].before) == (None, None)


def test_a_deletion_leaves_nothing_to_judge(repo: GitRepo) -> None:
    repo.stage("a.py", TEN)
    repo.commit()
    repo.git("rm", "-q", "a.py")
    assert staged(repo.path) == ({}, {})


def test_a_mode_change_alone_changes_no_line(repo: GitRepo) -> None:
    repo.stage("a.py", TEN)
    repo.commit()
    repo.git("update-index", "--chmod=+x", "a.py")
    file = staged(repo.path)[0]["a.py"]
    assert file.changed == ()
    assert not file.touches(1, 10)


def test_a_mode_change_with_an_edit(repo: GitRepo) -> None:
    repo.stage("a.py", TEN)
    repo.commit()
    repo.stage("a.py", TEN + "x = 1\n", executable=True)
    assert lines(staged(repo.path)[0]["a.py"]) == [(11, 11)]


def test_a_symbolic_link_is_its_target_and_no_source(repo: GitRepo) -> None:
    (repo.path / "link.py").symlink_to("/etc/passwd")
    (repo.path / "loop.py").symlink_to("loop.py")
    (repo.path / "data").symlink_to("elsewhere")
    repo.add()
    files, problems = staged(repo.path)
    assert not files
    assert {path: problem.incomplete for path, problem in problems.items()} == {"link.py": False, "loop.py": False}


def test_type_changes_between_link_and_file(repo: GitRepo) -> None:
    (repo.path / "to_file.py").symlink_to("target")
    repo.stage("to_link.py", TEN)
    repo.add()
    repo.commit()
    (repo.path / "to_file.py").unlink()
    (repo.path / "to_link.py").unlink()
    repo.write("to_file.py", TEN)
    (repo.path / "to_link.py").symlink_to("target")
    repo.add()
    files, problems = staged(repo.path)
    assert [(f.path, f.changed, f.before) for f in files.values()] == [("to_file.py", None, None)]
    assert list(problems) == ["to_link.py"]


def test_a_submodule_is_named_as_skipped(repo: GitRepo, tmp_path: Path) -> None:
    other = GitRepo(tmp_path / "other")
    other.stage("inner.py", TEN)
    other.commit()
    repo.git("submodule", "--quiet", "add", str(other.path), "vendored")
    files, problems = staged(repo.path)
    assert not files
    assert not problems["vendored"].incomplete
    assert "submodule" in problems["vendored"].reason


def test_a_notebook_is_named_as_skipped(repo: GitRepo) -> None:
    repo.stage("analysis.ipynb", "{}")
    repo.stage("readme.md", "x")
    files, problems = staged(repo.path)
    assert not files
    assert [(path, problem.incomplete) for path, problem in problems.items()] == [("analysis.ipynb", False)]


def test_python_by_its_first_line(repo: GitRepo) -> None:
    repo.stage("tool", "#!/usr/bin/env python3\nx = 1\n")
    repo.stage("tool.cgi", "#!/usr/bin/python\nx = 1\n", executable=True)
    repo.stage("template.in", "#!/usr/bin/python\nx = 1\n")
    repo.stage("script", "#!/bin/sh\necho\n", executable=True)
    repo.stage("Makefile", "all:\n")
    repo.stage("stub.pyi", "x: int\n")
    assert list(staged(repo.path)[0]) == ["stub.pyi", "tool", "tool.cgi"]


def test_binary_and_too_large_files_are_reported_as_not_looked_at(repo: GitRepo) -> None:
    repo.stage("blob.py", bytes(range(256)))
    repo.stage("large.py", "x = 1\n" * 100)
    repo.stage("small.py", "x = 1\n")
    files, problems = staged(repo.path, Options(max_size=599))
    assert list(files) == ["small.py"]
    assert all(problem.incomplete for problem in problems.values())
    assert "binary" in problems["blob.py"].reason
    assert "600 bytes" in problems["large.py"].reason
    assert not staged(repo.path, Options(max_size=600))[1].keys() - {"blob.py"}


def test_a_stray_null_byte_does_not_hide_a_file(repo: GitRepo) -> None:
    repo.stage("a.py", b"import os\nos.system(input())\n\0\n")
    assert list(staged(repo.path)[0]) == ["a.py"]


def test_attributes_that_call_python_binary_do_not_hide_its_lines(repo: GitRepo) -> None:
    repo.stage(".gitattributes", "*.py binary\n")
    repo.stage("a.py", TEN)
    repo.commit()
    repo.stage("a.py", TEN.replace("line4 = 4", "d = 4"))
    assert lines(staged(repo.path)[0]["a.py"]) == [(4, 4)]


def test_excluded_files_are_not_read(repo: GitRepo) -> None:
    repo.stage("gen/a.py", bytes(range(256)))
    repo.stage("b.py", TEN)
    files, problems = staged(repo.path, Options(excluded=lambda path: path.startswith("gen/")))
    assert (list(files), problems) == (["b.py"], {})


def test_before_the_first_commit_everything_is_new(repo: GitRepo) -> None:
    assert staged(repo.path) == ({}, {})
    assert not opened(repo.path).has_staged()
    repo.stage("a.py", TEN)
    assert staged(repo.path)[0]["a.py"].changed is None
    assert opened(repo.path).has_staged()


def test_sha256_repositories(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "r", "--object-format=sha256")
    repo.stage("a.py", TEN)
    assert list(staged(repo.path)[0]) == ["a.py"]
    repo.commit()
    repo.stage("a.py", TEN + "x = 1\n")
    file = staged(repo.path)[0]["a.py"]
    assert lines(file) == [(11, 11)]
    assert file.before is not None
    assert len(file.before) == 64


def test_intent_to_add_is_not_part_of_the_commit(repo: GitRepo) -> None:
    repo.stage("a.py", TEN)
    repo.commit()
    repo.write("later.py", TEN)
    repo.git("add", "-N", "later.py")
    assert staged(repo.path) == ({}, {})


def conflict(repo: GitRepo) -> None:
    """A merge in progress: both.py in conflict, theirs.py and ours.py changed on one side each."""
    for name in ("both.py", "ours.py", "theirs.py"):
        repo.stage(name, TEN)
    repo.commit()
    repo.git("checkout", "-q", "-b", "side")
    repo.stage("both.py", TEN.replace("line5 = 5", "line5 = 'side'"))
    repo.stage("theirs.py", TEN + "side = 1\n")
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.stage("both.py", TEN.replace("line5 = 5", "line5 = 'main'"))
    repo.stage("ours.py", TEN + "main = 1\n")
    repo.commit()
    repo.git("merge", "-q", "side", check=False)


def test_a_conflict_is_reported_as_not_looked_at(repo: GitRepo) -> None:
    conflict(repo)
    files, problems = staged(repo.path)
    assert not files
    assert problems["both.py"].incomplete
    assert "conflict" in problems["both.py"].reason


def test_a_resolved_merge_is_judged_by_what_neither_side_had(repo: GitRepo) -> None:
    conflict(repo)
    repo.stage("both.py", TEN.replace("line5 = 5", "line5 = 'both'"))
    repo.stage("added_in_the_merge.py", TEN)
    files, problems = staged(repo.path)
    assert list(files) == ["added_in_the_merge.py", "both.py"]
    assert lines(files["both.py"]) == [(5, 5)]
    assert "1 changed file not looked at" in problems[None].reason
    assert not problems[None].incomplete


def test_commit_all_and_commit_of_one_file_use_an_index_of_their_own(
    repo: GitRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.stage("a.py", TEN)
    repo.stage("b.py", TEN)
    repo.commit()
    hook = repo.write(".git/hooks/pre-commit", '#!/bin/sh\necho "$GIT_INDEX_FILE" > seen\ncp "$GIT_INDEX_FILE" kept\n')
    hook.chmod(0o755)
    repo.stage("b.py", TEN + "b = 1\n")
    repo.write("a.py", TEN + "a = 1\n")
    repo.git("commit", "-q", "-m", "only a", "a.py")
    # The hook's view, rebuilt: HEAD as it was, and the index that git had made for this commit.
    repo.git("update-ref", "HEAD", "HEAD^")
    assert "next-index" in (repo.path / "seen").read_text()
    monkeypatch.setenv("GIT_INDEX_FILE", "kept")
    assert list(staged(repo.path)[0]) == ["a.py"]
    monkeypatch.setenv("GIT_INDEX_FILE", str(repo.path / "kept"))
    assert list(staged(repo.path)[0]) == ["a.py"]


def test_replacement_objects_do_not_hide_what_is_committed(repo: GitRepo) -> None:
    repo.stage("a.py", "evil = 1\n")
    repo.stage("b.py", "harmless = 1\n")
    evil, harmless = (repo.git("rev-parse", f":{name}").decode().strip() for name in ("a.py", "b.py"))
    repo.git("replace", evil, harmless)
    assert staged(repo.path)[0]["a.py"].data == b"evil = 1\n"


def test_a_missing_object_is_reported(repo: GitRepo) -> None:
    repo.stage("a.py", TEN)
    blob = repo.git("rev-parse", ":a.py").decode().strip()
    os.unlink(repo.path / ".git/objects" / blob[:2] / blob[2:])  # noqa: PTH108
    files, problems = staged(repo.path)
    assert not files
    assert problems["a.py"].incomplete
    assert blob in problems["a.py"].reason


def test_a_bare_repository_has_nothing_staged(tmp_path: Path) -> None:
    bare = GitRepo(tmp_path / "bare.git", "--bare")
    with pytest.raises(BluehookError, match="bare repository"):
        opened(bare.path).staged()


def test_many_files_come_in_chunks(repo: GitRepo) -> None:
    names = [f"package/{'long' * 40}_{n:03}.py" for n in range(200)]
    for name in names:
        repo.write(name, f"number = '{name}'\n" * 3)
    repo.add()
    repo.commit()
    for name in names:
        repo.write(name, f"number = '{name}'\n" * 3 + "x = 1\n")
    repo.add()
    files, _ = staged(repo.path)
    assert list(files) == names
    assert all(lines(file) == [(4, 4)] for file in files.values())


def test_an_abandoned_walk_leaves_no_process(repo: GitRepo, tmp_path: Path) -> None:
    for n in range(3):
        repo.stage(f"{n}.py", f"x = {n}\n")
    collection = opened(repo.path).staged()
    next(collection.files)
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    if not children.exists():
        pytest.skip("no list of children on this system")
    assert children.read_text().split()
    collection.files.close()  # type: ignore[attr-defined]
    assert not children.read_text().split()
