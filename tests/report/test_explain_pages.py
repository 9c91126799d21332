from __future__ import annotations

import pytest
from report_samples import hostile, proven, suppressed
from syrupy.assertion import SnapshotAssertion

from bluehook.report import explain, page
from bluehook.weaknesses import TABLE


def test_finding(snapshot: SnapshotAssertion) -> None:
    assert explain(proven(), ("an attack ran and its effect was seen (verify): proven",)) == snapshot


def test_suppressed_finding(snapshot: SnapshotAssertion) -> None:
    assert explain(suppressed(), ()) == snapshot


def test_hostile_finding_is_harmless() -> None:
    text = explain(hostile(), ("because \x1b[2J",))
    assert text.replace("\n", "").isprintable()
    assert r"because \x1b[2J" in text


def test_weakness(snapshot: SnapshotAssertion) -> None:
    assert page(TABLE["path-traversal"]) == snapshot


@pytest.mark.parametrize("slug", TABLE)
def test_every_weakness_has_a_page_of_that_width(slug: str) -> None:
    text = page(TABLE[slug], width=60)
    assert TABLE[slug].title in text
    assert f"ignore[{slug}]" in text
    assert all(
        len(line) <= 60 or "://" in line or "ignore[" in line or line.startswith(slug) for line in text.splitlines()
    )
