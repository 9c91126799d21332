from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from gitrepo import GitRepo
from hypothesis import given, settings
from hypothesis import strategies as st
from looking import by_path, lines, opened

from bluehook.collect import paths
from bluehook.collect.names import decoded, native, printable

ODD = [
    b"with space.py",
    b"with\nline feed.py",
    b"with\ttab.py",
    b"with \"quotes'.py",
    b"back\\slash.py",
    b"-leading-dash.py",
    b"--cached.py",
    b"-",
    b":(exclude)magic.py",
    b":!not.py",
    b"*.py",
    b"[ab]?.py",
    b"caf\xc3\xa9.py",
    b"latin-\xe9.py",
    b"\xff\xfe.py",
    b"\xed\xa0\x80.py",
    b"\xf0\x9f\x92\xa9.py",
    b"bidi-\xe2\x80\xae.py",
    b" .py",
    b"dir with space/-a.py",
    b"a => b.py",
    b"#.py",
    b"!.py",
    b"index 0000..1111.py",
]

posix = pytest.mark.skipif(sys.platform != "linux", reason="needs a file system that takes any bytes")
NAMES = st.lists(
    st.one_of(
        st.sampled_from(ODD),
        st.binary(min_size=1, max_size=30).map(lambda name: name.replace(b"\0", b"_").replace(b"/", b"-") + b".py"),
    ),
    min_size=1,
    max_size=8,
    unique=True,
)


def put_into_index(repo: GitRepo, names: list[bytes], content: bytes) -> None:
    """Stage names that no file system need be able to hold."""
    blob = repo.git("hash-object", "-w", "--stdin", given=content).strip()
    entries = b"".join(b"100644 " + blob + b"\t" + name + b"\0" for name in names)
    repo.git("-c", "core.protectNTFS=false", "update-index", "-z", "--index-info", given=entries)


@given(names=NAMES)
@settings(max_examples=15, deadline=None)
def test_any_name_comes_out_of_the_index_as_it_went_in(
    tmp_path_factory: pytest.TempPathFactory, names: list[bytes]
) -> None:
    repo = GitRepo(tmp_path_factory.mktemp("r"))
    repo.git("config", "core.protectNTFS", "false")
    python = {decoded(name) for name in names if name != b"-"}
    put_into_index(repo, names, b"x = 1\n")
    assert by_path(opened(repo.path).staged()).keys() == python
    repo.commit()
    put_into_index(repo, names, b"x = 1\ny = 2\n")
    files = by_path(opened(repo.path).staged())
    assert files.keys() == python
    assert all(lines(file) == [(2, 2)] for file in files.values())
    assert {name.encode("utf-8", "surrogateescape") for name in files} == set(names) - {b"-"}


def test_renames_of_odd_names(repo: GitRepo) -> None:
    repo.git("config", "core.protectNTFS", "false")
    put_into_index(repo, [b"-o\nld\xff.py"], b"x = 1\ny = 2\nz = 3\n")
    repo.commit()
    repo.git("-c", "core.protectNTFS=false", "rm", "-q", "--cached", "--", b"-o\nld\xff.py")
    put_into_index(repo, [b":n\new\xfe.py"], b"x = 1\ny = 2\nz = 3\nw = 4\n")
    files = by_path(opened(repo.path).staged())
    assert {path: lines(file) for path, file in files.items()} == {":n\new\udcfe.py": [(4, 4)]}


@posix
@pytest.mark.parametrize("in_git", [True, False])
def test_any_name_is_read_from_a_tree(tmp_path: Path, in_git: bool) -> None:
    tree = GitRepo(tmp_path / "tree").path if in_git else tmp_path / "tree"
    for number, name in enumerate(ODD):
        path = os.path.join(os.fsencode(tree), name)  # noqa: PTH118
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
        with open(path, "wb") as file:  # noqa: PTH123
            file.write(b"x = %d\n" % number)
    collection = paths([tree], tree)
    expected = {decoded(name): b"x = %d\n" % n for n, name in enumerate(ODD) if name != b"-"}
    assert {path: file.data for path, file in by_path(collection).items()} == expected
    assert not collection.problems


@posix
def test_a_tree_inside_a_folder_with_an_odd_name(tmp_path: Path) -> None:
    repo = GitRepo(tmp_path / "r")
    folder = Path(os.fsdecode(os.fsencode(repo.path) + b"/-odd\n\xff"))
    folder.mkdir()
    (folder / "a.py").write_text("x = 1\n")
    (repo.path / "outside.py").write_text("x = 1\n")
    assert list(by_path(paths([folder], repo.path))) == ["-odd\n\udcff/a.py"]
    assert list(by_path(paths([folder / "a.py"], folder))) == ["a.py"]


@given(st.binary())
def test_names_survive_the_way_to_text_and_back(name: bytes) -> None:
    assert decoded(name).encode("utf-8", "surrogateescape") == name
    if os.name == "posix" and b"\0" not in name:
        assert os.fsencode(native(decoded(name))) == name


def test_names_in_messages_cannot_drive_a_terminal() -> None:
    assert printable("a\x1b[31m\n\udcff\u202eé") == r"a\x1b[31m\n\udcff\u202eé"
