"""Checks by regular expressions: values that pass them, and attacks in the shapes that loose patterns let through."""

from __future__ import annotations

import re

import pytest
from worker_harness import Drive, flaws, only

from bluehook.verify.worker.inputs.fitting import fitting

WORD, NUMBER = "zq4c5ab77ue", 40123456

GUARDED = """
    import os, re
    def target(name):
        {check}
        return os.system("wc " + name)
"""
LOOSE = {
    "open at its end": r"""if not re.match(r"[A-Z]{2}-\d{4}", name): raise ValueError(name)""",
    "open at its beginning": r"""if not re.search(r"[A-Z]{2}\.txt$", name): raise ValueError(name)""",
    "of one line of several": r"""if not re.match(r"^\w+$", name, re.M): raise ValueError(name)""",
    "with anything in its midst": r"""if not re.fullmatch(r"user:(.+)@\d+", name): raise ValueError(name)""",
    "compiled": r"""if not re.compile(r"^[A-Z]{2}-\d{4}").match(name): raise ValueError(name)""",
}
TIGHT = {
    "closed": r"""if not re.fullmatch(r"[A-Z]{2}-\d{4}", name): raise ValueError(name)""",
    "closed, with room": r"""if not re.fullmatch(r"[a-z0-9_-]{1,40}\.txt", name): raise ValueError(name)""",
    "closed at both ends": r"""if not re.search(r"\A[A-Z]{2}\.txt\Z", name): raise ValueError(name)""",
    "compiled": r"""if not re.compile(r"^[A-Z]{2}-\d{4}\Z").match(name): raise ValueError(name)""",
}


@pytest.mark.parametrize("check", LOOSE.values(), ids=LOOSE)
def test_loose_patterns_are_passed_by_attacks(drive: Drive, check: str) -> None:
    outcome = only(drive(GUARDED.format(check=check)), "command-injection")
    assert outcome["ending"] == "proven", outcome


@pytest.mark.parametrize("check", TIGHT.values(), ids=TIGHT)
def test_tight_patterns_are_passed_by_benign_values_only(drive: Drive, check: str) -> None:
    outcome = only(drive(GUARDED.format(check=check)), "command-injection")
    assert outcome["ending"] == "insensitive", outcome
    assert "benign values pass" in outcome["where"]


def test_work_that_the_text_around_ends_early_is_no_slow_pattern(drive: Drive) -> None:
    source = """
        import re
        def target(name):
            if not re.match(r"![^\\n]*\\n", name): raise ValueError(name)
            return re.fullmatch({pattern!r}, name)
    """
    assert flaws(drive(source.format(pattern=r"![^\n]*\n(a+)+b")), "regex-dos")
    assert not flaws(drive(source.format(pattern=r"(a+)+b")), "regex-dos")


@pytest.mark.parametrize(
    ("pattern", "call", "telling"),
    [
        (r"[a-z]+", "fullmatch", True),
        (r"[0-9a-f]{32}", "fullmatch", True),
        (r"(['\"])\w+\1", "fullmatch", True),
        (r"(?:[a-z]{2}\.){2}\d{3,}", "match", True),
        (r"^(?!.*\.\.)[\w./-]+$", "match", True),
        (r"sales|zebra", "fullmatch", False),
        (r"[01]{2}", "fullmatch", False),
    ],
)
def test_texts_fit_and_say_whether_they_are_known_again(pattern: str, call: str, telling: bool) -> None:
    made = fitting(pattern, 0, call, WORD, NUMBER)
    assert made.texts
    assert all(getattr(re, call)(pattern, text) for text in made.texts)
    assert made.is_telling is telling


@pytest.mark.parametrize("pattern", [r"(", r"(?=a)b", r"x{500}", r"(\w+)+$(?<=\.)"])
def test_patterns_that_nothing_fits_or_that_take_too_long_give_nothing(pattern: str) -> None:
    assert fitting(pattern, 0, "fullmatch", WORD, NUMBER).texts == ()
