from __future__ import annotations

import pytest

from bluehook.messages import STRIP, Cleanup, cleanup, kept

SCISSORS = "# ------------------------ >8 ------------------------\n"


@pytest.mark.parametrize(
    ("mode", "edited", "comments"),
    [
        ("", True, True),
        ("", False, False),
        ("default", True, True),
        ("default", False, False),
        ("strip", False, True),
        ("whitespace", True, False),
        ("scissors", True, False),
        ("verbatim", True, False),
    ],
)
def test_comments_that_git_keeps(mode: str, edited: bool, comments: bool) -> None:
    how = cleanup(mode, "", edited=edited)
    assert how.comments is comments
    assert kept("a\n# b\n", how) == ("a\n   \n" if comments else "a\n# b\n")


def test_mark_of_comments_is_gits_own() -> None:
    assert kept("#1 is fixed\n; said\n", cleanup("", ";", edited=True)) == "#1 is fixed\n      \n"
    assert cleanup("", "auto", edited=True) == STRIP


def test_diff_below_the_scissors_is_none_of_the_message() -> None:
    assert kept(f"a\n{SCISSORS}# as git says\ndiff --git a/x b/x\n+b\n", STRIP) == "a\n"
    assert "order" in kept(f"a\n{SCISSORS}order\n", STRIP), "git only cuts what it added itself"
    assert "b" in kept(f"a\n{SCISSORS}diff --git a/x b/x\n", Cleanup(scissors=False))
