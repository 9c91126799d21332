"""What is told while somebody waits, and that nothing is told to those who do not watch."""

from __future__ import annotations

import io

import pytest

from bluehook.cli._progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("bluehook.cli._progress.time.monotonic", lambda: now[0])
    for name in ("CI", "TERM"):
        monkeypatch.delenv(name, raising=False)
    return now


def told(monkeypatch: pytest.MonkeyPatch, clock: list[float], stream: io.StringIO, *, hook: bool = False) -> str:
    """What stands on standard error after 25 attacks, one a second."""
    monkeypatch.setattr("sys.stderr", stream)
    with Progress(hook=hook) as progress:
        for done in range(1, 26):
            clock[0] += 1.0
            progress.attacked(done, 40)
    return stream.getvalue()


def test_line_is_written_over_and_gone_at_the_end(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    text = told(monkeypatch, clock, Terminal())
    assert text.startswith("\r\033[K1 of 40 functions attacked")
    assert text.endswith("\r\033[K")
    assert "\n" not in text


def test_dumb_terminal_gets_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    monkeypatch.setenv("TERM", "dumb")
    text = told(monkeypatch, clock, Terminal())
    assert [line.split(" (")[0] for line in text.splitlines()] == [
        "bluehook: 10 of 40 functions attacked",
        "bluehook: 20 of 40 functions attacked",
    ]
    assert "\r" not in text


@pytest.mark.parametrize(("name", "value"), [("CI", "true"), ("TERM", "dumb")])
def test_nothing_extra_in_hooks_and_ci(
    monkeypatch: pytest.MonkeyPatch, clock: list[float], name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert told(monkeypatch, clock, Terminal(), hook=True) == ""


def test_nothing_where_nobody_watches(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    assert told(monkeypatch, clock, io.StringIO()) == ""
