"""Verdicts from evidence, and the laws that no combination may break."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehook.decide import decide
from bluehook.findings import Evidence, Says, Verdict

claims = st.lists(st.sampled_from(list(Says)), max_size=6)


def evidence(*says: Says) -> list[Evidence]:
    return [Evidence("engine", f"rule{n}", s, "message") for n, s in enumerate(says)]


@pytest.mark.parametrize(
    ("says", "verdict"),
    [
        ([], None),
        ([Says.HINTS], None),
        ([Says.HINTS, Says.HINTS, Says.NOTES], None),
        ([Says.SUSPECTS], Verdict.POSSIBLE),
        ([Says.HINTS, Says.SHOWS], Verdict.LIKELY),
        ([Says.SUSPECTS, Says.RAISES], Verdict.LIKELY),
        ([Says.HINTS, Says.RAISES], Verdict.POSSIBLE),
        ([Says.SHOWS, Says.LOWERS], Verdict.POSSIBLE),
        ([Says.SUSPECTS, Says.LOWERS], Verdict.POSSIBLE),
        ([Says.SHOWS, Says.INSENSITIVE], Verdict.POSSIBLE),
        ([Says.SHOWS, Says.REFUTES], Verdict.REFUTED),
        ([Says.HINTS, Says.PROVES], Verdict.PROVEN),
        ([Says.REFUTES, Says.PROVES], Verdict.PROVEN),
    ],
)
def test_verdict(says: list[Says], verdict: Verdict | None) -> None:
    assert decide("open-redirect", evidence(*says)).verdict is verdict


def test_the_worst_weaknesses_are_not_lowered_on_a_checkers_word() -> None:
    decision = decide("sql-injection", evidence(Says.SHOWS, Says.LOWERS))
    assert decision.verdict is Verdict.LIKELY
    assert "not lowered" in decision.reasons[-1]


@given(claims)
def test_order_does_not_matter(says: list[Says]) -> None:
    orders = itertools.islice(itertools.permutations(says), 24)
    assert len({decide("open-redirect", evidence(*order)).verdict for order in orders}) == 1


@given(claims)
def test_a_checkers_word_neither_makes_nor_breaks_what_execution_showed(says: list[Says]) -> None:
    without = decide("open-redirect", evidence(*[s for s in says if s not in (Says.RAISES, Says.LOWERS)])).verdict
    verdict = decide("open-redirect", evidence(*says)).verdict
    for earned in (Verdict.PROVEN, Verdict.REFUTED):
        assert (verdict is earned) == (without is earned)


@given(claims)
def test_every_shown_verdict_has_a_reason(says: list[Says]) -> None:
    decision = decide("open-redirect", evidence(*says))
    assert decision.verdict is None or decision.reasons


def test_an_effect_that_was_seen_outweighs_another_family_that_moved_nothing() -> None:
    effect = Evidence("verify", "archive-extraction:likely", Says.SHOWS, "wrote", details={"effect": "wrote"})
    assert decide("path-traversal", [*evidence(Says.INSENSITIVE), effect]).verdict is Verdict.LIKELY
