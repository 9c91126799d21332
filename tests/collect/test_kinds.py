from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehook.collect.kinds import SNIFFED, has_python_ending, is_notebook, is_python, looks_binary, may_have_shebang


@pytest.mark.parametrize("path", ["a.py", "A.PY", "d/b.pyi", "gui.pyw", "x.tar.py", ".hidden.py"])
def test_python_by_ending(path: str) -> None:
    assert is_python(path, b"")


@given(st.text(alphabet=".apyPY/i~", max_size=12))
def test_endings_are_those_of_pathlib(path: str) -> None:
    ending = PurePosixPath(path).suffix.lower()
    if not path.endswith(("/", "/.")):
        assert has_python_ending(path) == (ending in {".py", ".pyi", ".pyw"})
        assert may_have_shebang(path, executable=False) == (not ending)


@pytest.mark.parametrize("path", ["a.pyc", "py", "a.py.orig", "a.python", "d.py/readme.txt", "a.ipynb"])
def test_not_python_by_ending(path: str) -> None:
    assert not is_python(path, b"import os\n")


@pytest.mark.parametrize(
    "line",
    [
        "#!/usr/bin/env python",
        "#!/usr/bin/env python3.12",
        "#!/usr/bin/python3 -u",
        "#! /usr/local/bin/python2.7",
        "#!/usr/bin/env -S python3 -I",
        "#!/usr/bin/env -S PYTHONUTF8=1 python3",
        "#!/usr/bin/env pypy3",
        "#!/usr/bin/python3.13t",
        "#!C:\\Python312\\python.exe",
        "#!/usr/bin/env -S uv run --script",
        "#!/usr/bin/env -S pipx run",
        "#!python",
    ],
)
def test_python_by_its_first_line(line: str) -> None:
    assert is_python("tool", line.encode() + b"\nx = 1\n")
    assert is_python("tool", line.encode() + b"\r\nx = 1\r\n")
    assert is_python("tool", line.encode())


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"#!",
        b"#!\n/usr/bin/python",
        b"#!/bin/sh\n# python",
        b"#!/usr/bin/env",
        b"#!/usr/bin/env -S",
        b"#!/usr/bin/env bash",
        b"#!/usr/bin/env -S uv pip",
        b"#!/usr/bin/pythonista",
        b"# !/usr/bin/python",
        b"\n#!/usr/bin/python",
        b"\x7fELF",
        b"#!\xff\xfe",
    ],
)
def test_not_python_by_its_first_line(head: bytes) -> None:
    assert not is_python("tool", head)


def test_which_files_are_opened_to_know() -> None:
    assert may_have_shebang("bin/tool", executable=False)
    assert may_have_shebang(".hook", executable=False)
    assert may_have_shebang("tool.cgi", executable=True)
    assert not may_have_shebang("tool.cgi", executable=False)
    assert not may_have_shebang("a.py", executable=True)


def test_notebooks() -> None:
    assert is_notebook("d/A.IPYNB")
    assert not is_notebook("ipynb")


@given(st.text())
def test_no_text_is_binary(text: str) -> None:
    assert not looks_binary(text.replace("\0", "").encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", False),
        (b"x = 1\n\0", False),
        (b"\0\0\0\0\0\0", True),
        ("import os\n".encode("utf-16"), True),
        (bytes(range(256)), True),
        (b"\x1b[0m\x0c\n" * 100 + b"\0", False),
        ("naïve = 'é'\n".encode("latin-1"), False),
        (b"x = 1\n" * 2000 + b"\0" * 5000, False),
    ],
)
def test_binary_content(data: bytes, expected: bool) -> None:
    assert looks_binary(data) is expected


@given(st.binary(max_size=2 * SNIFFED), st.text(max_size=30))
def test_no_bytes_and_no_name_are_too_wild(head: bytes, path: str) -> None:
    is_python(path, head)
    is_python(path, b"#!" + head)
    may_have_shebang(path, executable=True)
