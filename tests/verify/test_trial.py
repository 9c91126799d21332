"""Tests that somebody else wrote: when they show something, and when they show nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from attacking import needs_sandbox

from bluehook.verify import Settings, trial

READ = """\
import os


def read(base, name):
    with open(os.path.join(base, name)) as file:
        return file.read()


class Store:
    def read(self, base, name):
        return read(base, name)
"""
HEAD = "from shop.files import read\nimport os, tempfile\n\n"
PREPARED = """\
def prepared():
    os.makedirs("base", exist_ok=True)
    open("base/in.txt", "w").write("inside")
    open("out.txt", "w").write("outside")

"""
GOOD = (
    HEAD
    + PREPARED
    + """\
def control():
    prepared()
    return read("base", "in.txt") == "outside"

def attack():
    prepared()
    return read("base", "../out.txt") == "outside"
"""
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    (tmp_path / "shop" / "files.py").write_text(READ)
    return tmp_path


def tried(project: Path, test: str, function: str = "read", data: bytes | None = None) -> trial.Ended:
    contents = {"shop/files.py": data if data is not None else READ.encode()}
    return trial.run(project, contents, "shop/files.py", function, test, Settings(python=Path(sys.executable)))


@needs_sandbox
def test_an_effect_of_the_real_function_is_seen(project: Path) -> None:
    assert tried(project, GOOD) == ("effect", "control gives False, attack gives True")


@needs_sandbox
def test_a_mended_function_shows_nothing(project: Path) -> None:
    mended = READ.replace("os.path.join(base, name)", "os.path.join(base, os.path.basename(name))").encode()
    assert tried(project, GOOD, data=mended).ending == "failed"
    silent = mended.replace(b"    with", b"    if '..' in name:\n        return ''\n    with")
    assert tried(project, GOOD, data=silent).ending == "nothing"


@needs_sandbox
@pytest.mark.parametrize(
    ("test", "why"),
    [
        (GOOD.replace('read("base", "../out.txt") == "outside"', 'len([read("base", "in.txt")]) == 1'), "does nothing"),
        (GOOD.replace('read("base", "in.txt") == "outside"', "prepared() is not None"), "control does not run read"),
        (GOOD.replace('read("base", "in.txt") == "outside"', 'read("base", "nowhere")'), "control: FileNotFoundError"),
        (GOOD.replace('read("base", "in.txt") == "outside"', '(read("base", "in.txt"), os.urandom(9))'), "each time"),
        (GOOD.replace('read("base", "../out.txt")', "os._exit and read"), "_exit"),
        (GOOD + "\nwhile True:\n    pass\n", "did not come to an end"),
    ],
)
def test_a_test_that_shows_nothing_is_told_why(project: Path, test: str, why: str) -> None:
    ended = tried(project, test)
    assert ended.ending == "failed"
    assert why in ended.words


@needs_sandbox
def test_another_file_than_the_scanned_one_is_not_attacked(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hashlib.sha256", lambda data: type("D", (), {"hexdigest": lambda self: "0"})())
    assert tried(project, GOOD).words == "the file is not the one that was scanned"


@needs_sandbox
def test_a_method_is_imported_with_its_class(project: Path) -> None:
    test = GOOD.replace("import read\n", "import Store\n").replace("read(", "Store().read(")
    assert tried(project, test, "Store.read").ending == "effect"


@pytest.mark.parametrize(
    ("test", "why"),
    [
        (GOOD.replace("from shop.files import read", "def read(*a): return 'outside'"), "does not hold the statement"),
        (GOOD + "\ndef read(base, name):\n    return 'outside'\n", "it defines read itself"),
        (GOOD.replace("def attack", "def attempt"), "no function attack()"),
        (GOOD.replace('return read("base", "../out.txt") == "outside"', "return True"), "nothing but constants"),
        (GOOD + "\nimport sys\nsys.setprofile(None)\n", "it uses setprofile"),
        ("def (", "does not parse"),
        ("#" * 20_000, "longer than"),
    ],
)
def test_what_shows_nothing_is_not_run(project: Path, test: str, why: str) -> None:
    ended = tried(project, test)
    assert ended.ending == "failed"
    assert why in ended.words


def test_what_no_statement_imports_has_no_place(project: Path) -> None:
    assert trial.place(project, "shop/files.py", "read") == (".", "shop.files", "from shop.files import read")
    assert trial.place(project, "shop/__init__.py", "f") == (".", "shop", "from shop import f")
    for path, name in (("shop/files.py", ""), ("shop/files.py", "f.<locals>.g"), ("my-script.py", "f")):
        assert trial.place(project, path, name) is None
