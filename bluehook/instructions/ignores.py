"""Comments in a text that silence findings."""

from __future__ import annotations

import re
from bisect import bisect_right

from bluehook.findings import Finding, Problem
from bluehook.suppress import Comment, apply

DIRECTIVE = re.compile(r"(<!--|#|//)[ \t]{0,4}bluehook[ \t]{0,4}:[ \t]{0,4}ignore\b(?:\[[^\]\n]{0,200}\])?")
_WORDS = r"[ \t]{0,4}(bluehook[ \t]{0,4}:[^\n]{0,400}?)[ \t]{0,4}"
_LINE_COMMENT = re.compile(rf"^[ \t]{{0,40}}(?:#|//){_WORDS}$|<!--{_WORDS}-->", re.MULTILINE)


def suppress(findings: list[Finding], text: str, path: str, require_reason: bool) -> list[Problem]:
    """Apply ``<!-- bluehook: ignore[...] reason -->``: it holds for its paragraph, and alone for the one below."""
    if "bluehook" not in text:
        return []
    comments = []
    lines = text.split("\n")
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    for found in _LINE_COMMENT.finditer(text):
        group = 1 if found[1] is not None else 2
        row = bisect_right(starts, found.start(group)) - 1
        comments.append(Comment(row + 1, found.start() - starts[row] + 1, f"# {found[group]}"))
    alone = {comment.line for comment in comments if DIRECTIVE.match(lines[comment.line - 1].lstrip())}

    def statement_of(line: int, column: int) -> tuple[int, int]:
        first = last = line
        while first > 1 and lines[first - 2].strip() and first - 1 not in alone:
            first -= 1
        while last < len(lines) and lines[last].strip() and last + 1 not in alone:
            last += 1
        return first, last

    # As comments of Python look, so that what stands below one is found in the same way; headings are text here.
    shown = [
        "#" if n in alone or (n - 1 in alone and not line.strip()) else line.replace("#", " ")
        for n, line in enumerate(lines, 1)
    ]
    return apply(findings, comments, statement_of, shown, path, require_reason)
