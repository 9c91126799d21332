from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tree_sitter import Tree

from bluehook.findings import Location, SourceFile
from bluehook.parse import ParsedFile, parse, syntax


def parsed(text: str | bytes, path: str = "app.py") -> ParsedFile:
    return parse(SourceFile(path=path, data=text.encode() if isinstance(text, str) else text))


def ask_everything(file: ParsedFile) -> None:
    lines = file.text.count("\n") + 1
    for function in file.functions:
        _ = function.parameters, function.decorators, function.entry, function.qualname, function.is_async
    for call in file.calls:
        _ = call.arguments, call.location, call.function, call.receiver
    _ = file.imports, file.comments, file.problems, file.classes, file.main_lines
    for line in range(lines + 2):
        _ = file.statement_at(line, 3), file.symbol_at(line), file.function_at(line)


NESTED = """\
import x

class Outer(Base):
    limit = x.y()

    @property
    def method(self, a):
        def inner(b):
            return a + b

        return inner


    async def other(self): return await self.method(1)

def plain(): pass
"""


def test_functions_carry_pythons_own_qualified_names() -> None:
    names = {f.qualname: (f.first_line, f.last_line, f.is_method, f.is_async) for f in parsed(NESTED).functions}
    assert names == {
        "Outer.method": (6, 11, True, False),
        "Outer.method.<locals>.inner": (8, 9, False, False),
        "Outer.other": (14, 14, True, True),
        "plain": (16, 16, False, False),
    }


@pytest.mark.parametrize(
    ("line", "symbol"),
    [
        (1, ""),
        (3, "Outer"),
        (4, "Outer"),
        (6, "Outer.method"),
        (7, "Outer.method"),
        (9, "Outer.method.<locals>.inner"),
        (11, "Outer.method"),
        (13, ""),
        (14, "Outer.other"),
        (16, "plain"),
        (99, ""),
    ],
)
def test_symbol_at_a_line(line: int, symbol: str) -> None:
    assert parsed(NESTED).symbol_at(line) == symbol


def test_function_at_a_line_is_the_innermost() -> None:
    file = parsed(NESTED)
    found = [f.name if (f := file.function_at(line)) else None for line in (1, 4, 6, 9, 10, 14, 15, 16, 40)]
    assert found == [None, None, "method", "inner", "method", "other", None, "plain", None]


def test_parameters_with_annotations_defaults_and_kinds() -> None:
    function = parsed("def f(a, b: int, /, c=1, d: str = 'x', *rest, e, g: bool = True, **more): ...\n").functions[0]
    assert [(p.name, p.annotation, p.default, p.kind) for p in function.parameters] == [
        ("a", None, None, "positional-only"),
        ("b", "int", None, "positional-only"),
        ("c", None, "1", "positional"),
        ("d", "str", "'x'", "positional"),
        ("rest", None, None, "var-positional"),
        ("e", None, None, "keyword-only"),
        ("g", "bool", "True", "keyword-only"),
        ("more", None, None, "var-keyword"),
    ]


def test_typed_variadic_and_bare_star_parameters() -> None:
    function = parsed("def f(*args: int, key, **kw: str): ...\ndef g(*, only): ...\n").functions
    assert [(p.name, p.annotation, p.kind) for p in function[0].parameters] == [
        ("args", "int", "var-positional"),
        ("key", None, "keyword-only"),
        ("kw", "str", "var-keyword"),
    ]
    assert [(p.name, p.kind) for p in function[1].parameters] == [("only", "keyword-only")]


def names_of(text: str) -> list[str]:
    return [("local " if call.local else "") + call.name for call in parsed(text).calls]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import os\nos.system(c)", ["os.system"]),
        ("import os.path as p\np.join(a)", ["os.path.join"]),
        ("import os.path\nos.path.join(a)", ["os.path.join"]),
        ("from os import system as s, popen\ns(c); popen(c)", ["os.system", "os.popen"]),
        ("from . import helper\nhelper(c)", [".helper"]),
        ("from .. import pkg\npkg.run(c)", ["..pkg.run"]),
        ("from .db import session\nsession.execute(q)", [".db.session.execute"]),
        ("import subprocess\nrun = subprocess.run\nrun(c)", ["subprocess.run"]),
        ("import subprocess\ndef f(c):\n    r = subprocess.run\n    return r(c)\nr(1)", ["subprocess.run", "r"]),
        ("def f():\n    import os\n    os.system(1)\nos.system(2)", ["os.system", ".system"]),
        ("def f(os):\n    import os\n    os.system(1)", ["os.system"]),
        ("import os\ndef f(os):\n    os.system(1)", [".system"]),
        ("def open(p): ...\nopen(p)", ["local open"]),
        ("def f(eval): eval(x)", ["local eval"]),
        ("class A:\n    def open(self): open(p)", ["open"]),
        ("from os import *\nsystem(c); len(c)", ["os.system", "len"]),
        ("import sqlite3\nc = sqlite3.connect(p)\nc.execute(q)", ["sqlite3.connect", "sqlite3.connect().execute"]),
        ("import sqlite3\nsqlite3.connect(p).execute(q)", ["sqlite3.connect().execute", "sqlite3.connect"]),
        (
            "import sqlite3\nwith sqlite3.connect(p) as c: c.execute(q)",
            ["sqlite3.connect", "sqlite3.connect().execute"],
        ),
        ("import requests\ndef f(s: requests.Session): s.get(u)", ["requests.Session().get"]),
        (
            "import requests\nclass A:\n def __init__(self): self.s = requests.Session()\n def f(self): self.s.get(u)",
            ["requests.Session", "requests.Session().get"],
        ),
        ("conn.cursor().execute(q)", [".execute", ".cursor"]),
        ("rows[0].execute(q)", [".execute"]),
        ("(conn\n  .execute(q))", [".execute"]),
        ("import a\nx = (a\n  .b\n  .c(1))", ["a.b.c"]),
        ("a = b\nb = a\na(1)", ["local a"]),
        ("try:\n import fast as j\nexcept ImportError:\n import slow as j\nj.load(f)", ["fast.load"]),
        ("f = e = eval\nf(x)", ["local f"]),
        ("e = eval\ne(x)", ["eval"]),
        ("f()()", ["f"]),
    ],
)
def test_calls_are_named_through_imports_aliases_and_makers(text: str, names: list[str]) -> None:
    assert names_of(text) == names


def test_imports_are_a_table_from_local_to_dotted_names() -> None:
    text = "import a.b\nimport c.d as e\nfrom f import g as h, i\nfrom .j import k\ndef x():\n    import l\n"
    expected = {"a": "a", "e": "c.d", "h": "f.g", "i": "f.i", "k": ".j.k", "l": "l"}
    assert parsed(text).imports == expected


def test_arguments_of_a_call() -> None:
    call = parsed("f(a, 'b', *c, key=d[0], **e)").calls[0]
    assert [(a.keyword, a.text) for a in call.arguments] == [
        (None, "a"),
        (None, "'b'"),
        ("*", "c"),
        ("key", "d[0]"),
        ("**", "e"),
    ]
    assert (call.argument(1), call.argument(5, "key"), call.argument(2)) == (
        call.arguments[1],
        call.arguments[3],
        None,
    )


def test_a_call_knows_where_it_stands() -> None:
    file = parsed("class A:\n    def f(self):\n        é = 'ü'; g(é,\n            1)\n")
    call = file.calls[0]
    assert call.location == Location("app.py", 3, 18, 4, 15)
    assert call.function == "A.f"
    assert file.snippet(call.location) == "g(é,\n            1)"


STATEMENTS = """\
@decorate(
    1)
def f(a,
      b=2):
    # a remark
    x = g(a,
          b); y = 3
    if x and \\
            y: return h(x)
    elif (a or
          b):
        pass
    with open(p) as q, \\
         open(r) as s:
        q.read()
    return \"\"\"one
two\"\"\"
"""


@pytest.mark.parametrize(
    ("line", "column", "expected"),
    [
        (1, 1, (1, 2, "@decorate(\n    1)")),
        (4, 1, (1, 4, "def f(a,\n      b=2):")),
        (5, 1, (5, 5, "# a remark")),
        (6, 1, (6, 7, "x = g(a,\n          b)")),
        (7, 1, (6, 7, "x = g(a,\n          b)")),
        (7, 15, (7, 7, "y = 3")),
        (8, 1, (8, 9, "if x and \\\n            y:")),
        (9, 17, (9, 9, "return h(x)")),
        (11, 1, (10, 11, "elif (a or\n          b):")),
        (14, 1, (13, 14, "with open(p) as q, \\\n         open(r) as s:")),
        (17, 1, (16, 17, 'return """one\ntwo"""')),
    ],
)
def test_statement_at_a_place(line: int, column: int, expected: tuple[int, int, str]) -> None:
    assert tuple(parsed(STATEMENTS).statement_at(line, column)) == expected


def test_comments_with_their_places() -> None:
    file = parsed("# one\nx = '# not one'  # ü two\n")
    assert [tuple(c) for c in file.comments] == [(1, 1, "# one"), (2, 18, "# ü two")]


def test_main_blocks() -> None:
    assert parsed("import x\n\nif __name__ == '__main__':\n    x.y()\n    x.z()\n").main_lines == ((3, 5),)


BROKEN = {
    "unclosed": b"def f(:\n    os.system(x)\n\ndef g(a):\n    eval(a)\n",
    "python 2": b"print 'a'\nexec code in d\ntry:\n    raise E, 'x'\nexcept E, e:\n    print >>f, `e`\neval(x)\n",
    "merge conflict": b"<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other\ndef g(): eval(x)\n",
    "tabs and spaces": b"def f():\n\tif x:\n        eval(x)\n",
    "unterminated string": b"eval(a)\nx = '''never\n closed\n",
    "form feed": b"\x0c\ndef g():\n    eval(x)\n\x0c\n",
    "lone carriage returns": b"def g():\r    eval(x)\r",
    "nulls": b"def g():\n    eval(x)\0\n",
    "binary": bytes(range(256)) * 20 + b"\neval(x)\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_are_read_as_far_as_possible(name: str) -> None:
    file = parsed(BROKEN[name])
    ask_everything(file)
    if name not in ("binary",):
        assert "eval" in {call.name for call in file.calls}
    assert not any(problem.incomplete for problem in file.problems)


def test_a_syntax_error_is_a_problem_that_names_its_line() -> None:
    problems = parsed("x = 1\ny = = 2\nz = 3\n").problems
    assert [(p.path, p.incomplete) for p in problems] == [("app.py", False)]
    assert "line 2" in problems[0].reason


@pytest.mark.parametrize(
    "text",
    [
        'x = t"hello {name!r:>{width}}"\n',
        "try:\n    pass\nexcept ValueError, TypeError:\n    pass\n",
        "def f[T: int](x: T) -> T:\n    match x:\n        case {'a': [1, *_]} if x: pass\n",
        "type A[T] = list[T]\n",
        "try:\n    pass\nexcept* ValueError as group:\n    pass\n",
        "x = f'{a['b']}'\n",
    ],
)
def test_new_syntax_is_no_problem(text: str) -> None:
    file = parsed(text)
    ask_everything(file)
    assert file.problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "(" * 10_000 + ")" * 10_000,
        "x = " + "[" * 10_000 + "]" * 10_000,
        "x = " + "[" * 10_000,
        "x = " + "f(" * 10_000 + ")" * 10_000,
        "x = " + "lambda: " * 10_000 + "1",
        "x = " + "-" * 10_000 + "1",
        "x = a" + ".b()" * 10_000,
        "x = a" + ".b" * 10_000 + "()",
        "x = " + "+".join(["1"] * 10_000),
        "path('x', " + "f(" * 5_000 + ")" * 5_000 + ")\nfrom django.urls import path",
        "".join(" " * i + "if x:\n" for i in range(500)) + " " * 500 + "pass\n",
        "".join(" " * i + "def f():\n" for i in range(300)) + " " * 300 + "pass\n",
    ],
    ids=lambda text: str(text)[:16].strip(),
)
def test_deep_nesting_does_not_overflow(text: str) -> None:
    file = parsed(text)
    _ = file.functions, file.problems, file.comments, file.imports
    for call in file.calls[:50] + file.calls[-50:]:
        _ = call.arguments, call.location, call.function
    assert file.statement_at(1, 500).first_line == 1
    assert isinstance(file.symbol_at(1), str)


def test_a_text_beyond_the_limit_is_cut_at_a_line_and_said() -> None:
    text = b"x = eval(y)\n" * 1000
    tree, covered = syntax.grow(text, max_bytes=5000)
    assert covered == 5000 // 12 * 12
    assert tree.root_node.end_byte == covered
    assert not tree.root_node.has_error


def test_twenty_megabytes_are_read_in_part_and_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syntax.grow, "__defaults__", (256 * 1024, 5.0))
    file = parsed(b"value = [1, 2, 3]  # generated\n" * 650_000)
    assert [problem.incomplete for problem in file.problems] == [True]
    assert "of 650001 lines were read" in file.problems[0].reason
    assert file.statement_at(600_000).text == "value = [1, 2, 3]  # generated"


def test_a_text_that_takes_too_long_is_read_as_far_as_time_allows() -> None:
    tree, covered = syntax.grow(b"a b c d e ) ( ]\n" * 20_000, max_seconds=0.0)
    assert covered < 1000
    assert tree.root_node.end_byte <= covered


def test_the_tree_is_grown_once_and_only_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    grown: list[int] = []
    real = syntax.grow

    def counted(utf8: bytes) -> tuple[Tree, int]:
        grown.append(len(utf8))
        return real(utf8)

    monkeypatch.setattr(syntax, "grow", counted)
    file = parsed("import os\nos.system(x)\n")
    assert file.text.startswith("import")
    assert grown == []
    ask_everything(file)
    assert grown == [23]


def functions_of(tree: ast.AST, prefix: str = "") -> Iterator[str]:
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield prefix + child.name
            yield from functions_of(child, f"{prefix}{child.name}.<locals>.")
        elif isinstance(child, ast.ClassDef):
            yield from functions_of(child, f"{prefix}{child.name}.")
        else:
            yield from functions_of(child, prefix)


@pytest.mark.parametrize("module", ["argparse", "ast", "tarfile", "typing", "logging.config"])
def test_functions_and_calls_agree_with_pythons_own_parser(module: str) -> None:
    import importlib
    import inspect

    text = inspect.getsource(importlib.import_module(module))
    tree, file = ast.parse(text), parsed(text)
    assert sorted(f.qualname for f in file.functions) == sorted(functions_of(tree))
    expected = {
        (node.lineno, node.col_offset + 1, node.end_lineno, (node.end_col_offset or 0) + 1)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute))
    }
    found = {(p.line, p.column, p.end_line, p.end_column) for p in (call.location for call in file.calls)}
    assert found == expected


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="abé(){}[]:,.@='\"#\\ \n\t\rdef class lambda import from as", max_size=120))
def test_any_text_can_be_asked_everything(text: str) -> None:
    ask_everything(parsed(text))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=120))
def test_any_bytes_can_be_asked_everything(data: bytes) -> None:
    ask_everything(parsed(data))
