from __future__ import annotations

import re
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from report_samples import HOSTILE, OPTIONS, alone, blocked, clean, hostile, likely, location, proven
from syrupy.assertion import SnapshotAssertion

from bluehook.findings import Problem, Result
from bluehook.report import render
from bluehook.report._markdown import block, cell, code, prose
from bluehook.report._visible import one_line, visible

OURS = {"h3", "table", "thead", "tbody", "tr", "th", "td", "strong", "em", "code", "pre", "ul", "li", "p", "a"} | {
    "details",
    "summary",
}


class Page(HTMLParser):
    """The tags, links and visible text of rendered Markdown."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.feed(MarkdownIt("commonmark").enable("table").render(markdown))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def text(self) -> str:
        return "".join(self.words)


def test_report(snapshot: SnapshotAssertion) -> None:
    assert render("markdown", blocked(), OPTIONS) == snapshot


def test_hostile_report(snapshot: SnapshotAssertion) -> None:
    text = render("markdown", alone(hostile()), OPTIONS)
    page = Page(text)
    assert set(page.tags) <= OURS
    assert set(page.links) == {"https://cwe.mitre.org/data/definitions/89.html"}
    assert page.tags.count("td") == 3
    assert text == snapshot


def test_nothing_blocks() -> None:
    assert render("markdown", clean(), OPTIONS) == (
        "<!-- bluehook -->\n\n### bluehook: nothing blocks\n\n3 files in 0.21 s, bluehook 0.1.0\n"
    )
    assert "nothing to scan" in render("markdown", Result(root="/r", version="0"), OPTIONS)


def test_long_flow_keeps_its_ends() -> None:
    finding = proven()
    first, middle, last = finding.evidence[0].trace
    finding.evidence[0] = msgspec.structs.replace(finding.evidence[0], trace=(first, *[middle] * 9, last))
    text = render("markdown", alone(finding), OPTIONS)
    assert '**Flow:** `request.args["customer"]` → `customer` → `customer` → (7 more steps) → `f"SELECT' in text


def test_nobody_is_mentioned_and_nothing_linked() -> None:
    inert = prose("thanks @octocat, see #12, owner/repo#3, GH-4, http://x.example and www.example.org")
    assert not re.search(r"@\w|#\d(?!\d*;)|GH-|://|www\.", inert)
    assert Page(inert).text().replace("\u200b", "").strip() == (
        "thanks @octocat, see #12, owner/repo#3, GH-4, http://x.example and www.example.org"
    )


ANY_LINE = st.text(st.one_of(st.sampled_from("`*_[]()<>&#@|\\~$!:/'\" \n\t"), st.characters(codec=None)), max_size=60)


@settings(deadline=None)
@given(ANY_LINE)
def test_prose_reads_as_written_and_is_no_markup(text: str) -> None:
    page = Page(f"Why: {prose(text)}")
    assert page.tags == ["p"]
    assert page.text().replace("\u200b", "").strip() == f"Why: {one_line(text)}".strip()


@settings(deadline=None)
@given(ANY_LINE)
def test_code_reads_as_written_and_is_no_markup(text: str) -> None:
    page = Page(f"Why: {code(text)}.")
    assert set(page.tags) <= {"p", "code"}
    assert page.text().replace("\n", "").strip() == f"Why: {visible(text)}."


@settings(deadline=None)
@given(ANY_LINE)
def test_a_cell_stays_one_cell(text: str) -> None:
    page = Page(f"| a | b |\n| --- | --- |\n| {cell(text)} | end |")
    assert page.tags.count("td") == 2
    assert set(page.tags) <= {"table", "thead", "tbody", "tr", "th", "td", "code"}


@settings(deadline=None)
@given(st.text(st.one_of(st.sampled_from("`~ \n"), st.characters(codec=None)), max_size=60))
def test_a_block_is_not_left(text: str) -> None:
    page = Page(block(text, "python") + "\n\nend")
    assert page.tags == ["pre", "code", "p"]


@pytest.mark.parametrize("limit", [3_000, 10_000, 65_000])
def test_length_is_bounded_and_the_rest_counted(limit: int) -> None:
    result = alone(likely())
    finding = likely()
    finding.snippet = HOSTILE * 200
    finding.location = location(1, 1, 1, 2, HOSTILE)
    result.findings = [finding] * 300
    result.problems = [Problem("parse", "broken " * 50, f"{n}.py") for n in range(300)]
    text = render("markdown", result, msgspec.structs.replace(OPTIONS, limit=limit))
    assert len(text.encode()) <= limit
    assert "more findings not listed" in text
    assert "more findings without details" in text
    assert "more problems not listed" in text
    assert "300 findings block" in text
    assert set(Page(text).tags) <= OURS
