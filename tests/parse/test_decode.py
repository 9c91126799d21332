from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehook.parse.decode import decode


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfx = 1\r\ny = 2\rz = 3\n", "x = 1\ny = 2\nz = 3\n"),
        (b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", "# -*- coding: latin-1 -*-\nx = 'é'\n"),
        (b"#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\n'\x80'\n", None),
        ("x = 'π'\n".encode(), "x = 'π'\n"),
        (b"", ""),
    ],
)
def test_what_python_accepts_is_read_without_remark(data: bytes, text: str | None) -> None:
    found, remarks = decode(data)
    assert remarks == []
    assert found == text if text is not None else found.endswith("'€'\n")


@pytest.mark.parametrize(
    ("data", "text", "remark"),
    [
        (b"x = 1\n# coding: latin-1 is too late here\n'\xe9'\n", "é", "line 3 is not utf-8"),
        (b"x = 1\ny = \0\n", "y =  \n", "null byte on line 2"),
        (b"# coding: zlib\nx = 1\n", "x = 1", "unknown encoding 'zlib'"),
        (b"# coding: no-such-thing\nx = 1\n", "x = 1", "unknown encoding 'no-such-thing'"),
        (b"# coding: punycode\nx = 1\n", "x = 1", "unknown encoding 'punycode'"),
        ("x = 'é'\n".encode("utf-16"), "x = 'é'", "UTF-16"),
    ],
)
def test_what_python_refuses_is_read_with_a_remark(data: bytes, text: str, remark: str) -> None:
    found, remarks = decode(data)
    assert text in found
    assert len(remarks) == 1
    assert remark in remarks[0]


@given(st.binary(max_size=300))
def test_any_bytes_become_text_without_carriage_returns_and_nulls(data: bytes) -> None:
    text, _ = decode(data)
    assert not {"\r", "\0"} & set(text)


@given(st.text(max_size=200).filter(lambda t: "coding" not in t))
def test_a_text_comes_back_as_universal_newlines_would_have_it(text: str) -> None:
    import io

    expected = io.StringIO(text.replace("\0", " "), newline=None).read()
    found, remarks = decode(b"\xef\xbb\xbf" + text.encode("utf-8", "replace"))
    assert found == expected.encode("utf-8", "replace").decode()
    assert ("null" in "".join(remarks)) == ("\0" in text)
