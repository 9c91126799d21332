from __future__ import annotations

import pytest

from bluehook.knowledge.shapes import Shape, shapes
from bluehook.knowledge.words import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("snake_case_name", ["snake_case_name", "snake", "case", "name"]),
        ("camelCaseName HTTPServer", ["camelcasename", "camel", "case", "name", "httpserver", "http", "server"]),
        (
            "os.path.realPath(x)",
            ["os.path.realpath", "path.realpath", "os", "path", "realpath", "real", "path"],
        ),
        ("queries status class", ["query", "status"]),
        ("def f(self): return None", []),
    ],
)
def test_identifiers_whole_and_in_parts(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(("one", "many"), [("cookie", "cookies"), ("query", "queries"), ("path", "paths")])
def test_plurals_meet_their_words(one: str, many: str) -> None:
    assert words(one) == words(many)


def test_a_long_text_gives_a_bounded_number() -> None:
    assert len(words("word_" * 10 + " name" * 100_000)) <= 20_000


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("run(f'SELECT name FROM member WHERE id = {x}')", "sql-text"),
        ("page = '<h1>' + title + '</h1>'", "html-text"),
        ("self.run_ssh('df ' + path)", "command-call"),
        ("eval(text)", "eval-call"),
        ("open(name)", "file-call"),
        ("yaml.load(text)", "unpickle-call"),
        ("def f():\n  etree.fromstring(", "xml-call"),
    ],
)
def test_shapes(text: str, shape: Shape) -> None:
    assert shape in shapes(text)
    assert shapes("def add(one, other):\n    return one + other\n") == frozenset()


def test_names_that_only_sound_alike_are_no_shape() -> None:
    assert "eval-call" not in shapes("model.eval()\nretrieval(x)\ncursor.execute(q)")
    assert "file-call" not in shapes("reopen(x)\nclient.open(x)")
