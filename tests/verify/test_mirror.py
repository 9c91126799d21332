from __future__ import annotations

from pathlib import Path

from bluehook.verify.mirror import as_scanned


def tree(root: Path) -> None:
    (root / "pkg" / "inner").mkdir(parents=True)
    (root / "pkg" / "a.py").write_text("a = 1\n")
    (root / "pkg" / "inner" / "b.py").write_text("b = 1\n")
    (root / "other.py").write_text("other = 1\n")


def test_nothing_differs_then_it_is_the_project_itself(tmp_path: Path) -> None:
    tree(tmp_path)
    with as_scanned(tmp_path, {"pkg/a.py": b"a = 1\n"}) as place:
        assert place == tmp_path


def test_what_is_staged_stands_beside_the_rest(tmp_path: Path) -> None:
    tree(tmp_path)
    with as_scanned(tmp_path, {"pkg/a.py": b"a = 2\n", "new/c.py": b"c = 1\n", "other.py": b"other = 1\n"}) as place:
        assert place != tmp_path
        assert (place / "pkg" / "a.py").read_text() == "a = 2\n"
        assert (place / "new" / "c.py").read_text() == "c = 1\n"
        assert (place / "pkg" / "inner" / "b.py").read_text() == "b = 1\n"
        assert (place / "other.py").read_text() == "other = 1\n"
    assert not place.exists()
    assert (tmp_path / "pkg" / "a.py").read_text() == "a = 1\n"
    assert (tmp_path / "pkg" / "inner" / "b.py").exists()
