"""Helpers known by what they are given: each kind is a hint, its constant twin is none."""

from __future__ import annotations

import pytest

from bluehook.detect.sinks.calls import detections
from bluehook.findings import Says, SourceFile
from bluehook.parse import parse


def found(text: str) -> list[tuple[str, str, int]]:
    file = parse(SourceFile(path="a.py", data=text.encode()))
    return [(one.weakness, one.evidence.says, one.location.line) for one in detections(file)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(c, x):\n    one(c, f'SELECT a FROM t WHERE b = {x}')", ("sql-injection", Says.HINTS, 2)),
        (
            "def f(d, x):\n    q = (f'UPDATE t '\n         f'SET a = {x}')\n    d.add(q)",
            ("sql-injection", Says.HINTS, 2),
        ),
        ("def f(d, x):\n    return d.get('delete from t where a = %s' % x)", ("sql-injection", Says.HINTS, 2)),
        ("def f(s, x):\n    cmd = 'df -' + x\n    s._run_ssh(cmd)", ("command-injection", Says.HINTS, 3)),
        ("def f(s, x):\n    cmd = '%s -delim !' % x\n    s._execute(cmd)", ("command-injection", Says.HINTS, 3)),
        ("def f(s, x, y):\n    cmd = x + ''.join(y)\n    s._run_ssh(cmd)", ("command-injection", Says.HINTS, 3)),
        ("def f(x):\n    call(COMMAND_LINE.format(x))", ("command-injection", Says.HINTS, 2)),
        ("def f(s, k):\n    s.store.drop(os.path.join(s.root, k))", ("path-traversal", Says.HINTS, 2)),
        ("def f(b, d, n):\n    p = os.path.join(d, n)\n    b.fetch_to(p, True)", ("path-traversal", Says.HINTS, 3)),
        ("def f(x):\n    tools['cmd.run']('call get {0}'.format(x))", ("command-injection", Says.HINTS, 2)),
    ],
)
def test_helper_is_a_hint(text: str, expected: tuple[str, str, int]) -> None:
    assert expected in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "def f(c, x):\n    one(c, 'SELECT a FROM t WHERE b = ?', x)",
        "def f(c, x):\n    return 'selected %s from a list' % x",
        "def f(s, x):\n    s._run_ssh('df -h')",
        "def f(s, x):\n    s._run_ssh(['df', x])",
        "def f(s, x):\n    s.log('df -' + x)",
        "def f(s, x):\n    s.store.drop(os.path.join(s.root, 'index'))",
        "def f(s, x):\n    log.info(os.path.join(s.root, x))",
        "def f(s, x):\n    return os.path.join(s.root, x)",
        "QUERY = 'SELECT a FROM ' + TABLE",
    ],
)
def test_constant_or_unrelated_is_none(text: str) -> None:
    assert not found(text)


def test_function_that_a_sink_speaks_for_is_not_told_twice() -> None:
    text = "def f(c, x):\n    c.execute(f'SELECT a FROM t WHERE b = {x}')"
    assert [weakness for weakness, _, _ in found(text)] == ["sql-injection"]
