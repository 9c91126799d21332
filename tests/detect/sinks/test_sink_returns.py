"""What functions hand back, as their names and their markup say."""

from __future__ import annotations

import pytest

from bluehook.detect.sinks.returns import detections, worth_a_look
from bluehook.findings import Says, SourceFile
from bluehook.parse import parse

CASES = [
    ("log-injection", "def log_line(user):\n    return f'login of {user}'\n", "def catalog(user):\n    return user\n"),
    (
        "log-injection",
        "def log_line(x):\n    if not x:\n        return\n    return [x]\n",
        "def log_line(x):\n    return\n",
    ),
    ("header-injection", "def headers(x):\n    return {'X-Id': x}\n", "def headers(x):\n    return None\n"),
    ("open-redirect", "def redirect_to(x):\n    return '/' + x\n", "def redirect_to():\n    return '/home'\n"),
    ("ssrf", "def avatar_url(x):\n    return 'https://a/' + x\n", "def avatar(x):\n    return 'https://a/' + x\n"),
    ("header-injection", "def headers(x):\n    return {'X-Id': x}\n", "def parse_header(x):\n    return x.split()\n"),
]


@pytest.mark.parametrize(("weakness", "hinted", "quiet"), CASES)
def test_hint_and_twin(weakness: str, hinted: str, quiet: str) -> None:
    def found(text: str) -> list[tuple[str, Says, int]]:
        file = parse(SourceFile(path="app.py", data=text.encode()))
        assert worth_a_look(file) or not list(detections(file))
        return [(one.weakness, one.evidence.says, one.location.line) for one in detections(file)]

    assert found(hinted) == [(weakness, Says.HINTS, hinted.count("\n"))]
    assert found(quiet) == []


def test_nested_functions_and_methods_speak_for_themselves() -> None:
    text = "class A:\n    def url(self):\n        return self.x\n    def uri(self, y):\n        def f(): return y\n"
    assert list(detections(parse(SourceFile(path="app.py", data=text.encode())))) == []
