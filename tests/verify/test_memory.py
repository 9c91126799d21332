from __future__ import annotations

import sys
from pathlib import Path

import pytest
from attacking import attempt, outcome

from bluehook.cache import Cache
from bluehook.verify.memory import Memory
from bluehook.verify.model import Attempt, Target

TARGET = Target(path="shop/views.py", function="show", lines=(1, 2))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root" / "shop").mkdir(parents=True)
    (tmp_path / "root" / "shop" / "views.py").write_text("from .guard import safe\n")
    (tmp_path / "root" / "shop" / "guard.py").write_text("def safe(x): return x\n")
    (tmp_path / "root" / "page.html").write_text("<p>")
    return tmp_path / "root"


def memory(root: Path) -> Memory:
    return Memory(Cache(root.parent / "cache"), root, Path(sys.executable))


def proof(loaded: list[str] | None, **more: object) -> Attempt:
    return attempt(outcome("proven"), target=TARGET, loaded=loaded, **more)


LOADED = ["shop/views.py", "shop/guard.py", "shop", ".", "page.html"]


def test_same_files_same_answer(root: Path) -> None:
    memory(root).keep([proof(LOADED)])
    recalled = memory(root).recall([TARGET])
    assert recalled[TARGET.name].reply == proof(LOADED).reply


@pytest.mark.parametrize("path", ["shop/views.py", "shop/guard.py", "page.html"])
def test_proof_does_not_survive_a_change_of_what_it_read(root: Path, path: str) -> None:
    memory(root).keep([proof(LOADED)])
    (root / path).write_text("changed\n")
    assert memory(root).recall([TARGET]) == {}


@pytest.mark.parametrize("path", ["shop/new.py", "requests.py"])
def test_nor_a_module_that_appears_where_it_was_looked_for(root: Path, path: str) -> None:
    memory(root).keep([proof(LOADED)])
    (root / path).write_text("")
    assert memory(root).recall([TARGET]) == {}


def test_nor_a_file_that_is_gone(root: Path) -> None:
    memory(root).keep([proof(["shop/guard.py"])])
    (root / "shop" / "guard.py").unlink()
    assert memory(root).recall([TARGET]) == {}


def test_other_files_do_not_matter(root: Path) -> None:
    memory(root).keep([proof(["shop/guard.py"])])
    (root / "page.html").write_text("changed\n")
    assert TARGET.name in memory(root).recall([TARGET])


@pytest.mark.parametrize(
    "kept",
    [
        proof(None),
        proof(LOADED, problem="the worker was lost"),
        proof(LOADED, timings={"total": 3.9}),
        proof(["../outside.py"]),
        proof(["/etc/passwd"]),
    ],
)
def test_what_cannot_be_relied_on_is_not_kept(root: Path, kept: Attempt) -> None:
    memory(root).keep([kept])
    assert memory(root).recall([TARGET]) == {}


def test_other_question_other_answer(root: Path) -> None:
    memory(root).keep([proof(LOADED)])
    assert memory(root).recall([Target(path="shop/views.py", function="show", lines=(1, 2), only=("xxe",))]) == {}


def test_without_a_cache_nothing_is_known(root: Path) -> None:
    one = Memory(None, root, Path(sys.executable))
    one.keep([proof(LOADED)])
    assert one.recall([TARGET]) == {}
