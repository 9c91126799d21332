"""Counting the steps of a pattern: growth is told apart without a clock."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bluehook.verify.worker.steps import Matcher, growth


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [
        (r"^(a+)+$", "exponential"),
        (r"^(\w+\s?)*$", "exponential"),
        (r"^(a|aa)+$", "exponential"),
        (r"<(.*?)>", "quadratic"),
        (r"^[a-z]+$", ""),
        (r"^\d{3}-\d{4}$", ""),
        (r"^[^@]+@[^@]+$", ""),
        (r"\[([^\]]{1,23})\] ([^:]{1,10}): (.{1,1000})", ""),
    ],
)
def test_growth(pattern: str, kind: str) -> None:
    assert growth(pattern)[0] == kind


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([r"a+b", r"(a|b)*c", r"^[ab]{2,4}$", r"a.?b", r"\w+\d", r"(?:ab)+?c", r"a\b"]),
    st.text("abc1 ", max_size=8),
)
def test_matcher_agrees_with_re(pattern: str, text: str) -> None:
    matcher = Matcher(pattern)
    found: list[bool] = []
    matcher.text = text
    for start in range(len(text) + 1):
        found.append(matcher._sequence(list(matcher.tree), 0, start, lambda at: True))
    assert any(found) == (re.search(pattern, text) is not None)
