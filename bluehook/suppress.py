"""Inline ignores: comments by which an author says that a finding does not count, and whether they still say so of
anything.

``# bluehook: ignore[CWE-89, ssrf] reason`` is ours. ``# nosec B608``, ``# nosemgrep: rule-id`` and ``# noqa: S608`` are
honoured as their own tools mean them; a bare ``# noqa`` is about style. A comment holds for every statement that has
a part on its line, and, alone on its line, also for the statement below it. It hides what it names and nothing else,
and it never hides a problem.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from bluehook import weaknesses
from bluehook.bandit_ids import BANDIT, COARSE, NAMES, RETIRED
from bluehook.findings import Finding, Problem

if TYPE_CHECKING:
    from bluehook.parse import ParsedFile

_QUICK = re.compile(rb"bluehook\s*:|nosec|nosem|noqa", re.IGNORECASE)
_OURS = re.compile(r"#\s*bluehook\s*:\s*(?P<word>[\w-]*)\s*(?P<list>\[(?P<names>[^\]]*)(?P<end>\]?))?", re.IGNORECASE)
_NOSEC = re.compile(r"#\s*nosec\b\s*:?")
_NOSEC_NAME = re.compile(r"[\s,]*\b([A-Za-z]\w*)\b")
_NOSEMGREP = re.compile(r"#\s*nosem(?:grep)?\b(?:\s*[:=]\s*(?P<names>[\w.-]+(?:\s*,\s*[\w.-]+)*))?", re.IGNORECASE)
_NOQA = re.compile(r"#\s*noqa\s*:\s*(?P<names>[A-Z]+\d+(?:(?:\s*,\s*|\s+)[A-Z]+\d+)*)", re.IGNORECASE)
_NEXT_TOOL = re.compile(
    r"#\s*(?:bluehook|nosec|nosem(?:grep)?|noqa|type|pylint|pragma|fmt|mypy|ruff|pyright|isort|pyre)\b", re.IGNORECASE
)
_TESTS = {**RETIRED, **BANDIT}


class Ignore(NamedTuple):
    """One directive in a comment.

    ``tool`` is ``bluehook``, ``nosec``, ``nosemgrep`` or ``noqa``; ``names`` is what it hides as it is written there,
    or None for everything; ``text`` is the directive without its reason.
    """

    tool: str
    names: tuple[str, ...] | None
    reason: str
    text: str


class Comment(NamedTuple):
    """A comment from its ``#`` on; line and column start at 1. Any other such triple does as well."""

    line: int
    column: int
    text: str


def mentions(data: bytes) -> bool:
    """Whether a file may hold an ignore at all: a look at the bytes that is right whenever it says no."""
    return _QUICK.search(data) is not None


def suppress(findings: Iterable[Finding], file: ParsedFile, require_reason: bool = False) -> list[Problem]:
    """:func:`apply` for a parsed file."""

    def statement_of(line: int, column: int) -> tuple[int, int]:
        statement = file.statement_at(line, column)
        return statement.first_line, statement.last_line

    comments = [Comment(c.line, c.column, c.text) for c in file.comments]
    return apply(findings, comments, statement_of, file.text.split("\n"), file.source.path, require_reason)


def apply(
    findings: Iterable[Finding],
    comments: Iterable[Comment],
    statement_of: Callable[[int, int], tuple[int, int]],
    lines: Sequence[str],
    path: str,
    require_reason: bool = False,
) -> list[Problem]:
    """Mark the findings of one file that a comment ignores as suppressed.

    :param comments: real comments only; what looks like one inside a string hides nothing.
    :param statement_of: first and last line of the statement at a line and column.
    :param lines: the text of the file.
    :param require_reason: an ignore counts only with a reason, whichever tool it is written for.
    :return: notes on what does not work as its author will have meant it: unknown names, missing reasons, and ignores
        that hide nothing. Those of other tools are judged only by names that bluehook knows.
    """
    placed = [(finding, statement_of(finding.location.line, finding.location.column)) for finding in findings]
    notes: list[str] = []
    for comment in comments:
        ignores, faults = read(comment.text)
        notes += [f"line {comment.line}: {fault}" for fault in faults]
        covered = {comment.line, _below(comment.line, lines)} if ignores else set()
        here = [finding for finding, (first, last) in placed if any(first <= line <= last for line in covered)]
        for ignore in ignores:
            notes += [f"line {comment.line}: {note}" for note in _ignore(ignore, here, comment.line, require_reason)]
    return [Problem("suppress", note, path, incomplete=False) for note in notes]


def read(comment: str) -> tuple[list[Ignore], list[str]]:
    """The directives of a comment, and what is wrong with others that were meant as such."""
    ignores: list[Ignore] = []
    faults: list[str] = []
    for ours in _OURS.finditer(comment):
        ignore, wrong = _ours(ours, comment)
        ignores += [ignore] if ignore else []
        faults += wrong
    if found := _NOSEC.search(comment):
        ignores.append(_nosec(found, comment))
    if found := _NOSEMGREP.search(comment):
        names = tuple(re.split(r"\s*,\s*", found["names"])) if found["names"] else None
        ignores.append(Ignore("nosemgrep", names, _reason(comment, found.end()), found[0]))
    if found := _NOQA.search(comment):
        codes = (code.upper() for code in re.split(r"[\s,]+", found["names"]))
        if names := tuple(code for code in codes if re.fullmatch(r"S\d+", code)):
            ignores.append(Ignore("noqa", names, _reason(comment, found.end()), found[0]))
    return ignores, faults


def _ours(found: re.Match[str], comment: str) -> tuple[Ignore | None, list[str]]:
    word, reason = found["word"].lower(), _reason(comment, found.end())
    if word != "ignore":
        guess = _nearest(word, ["ignore"])
        return None, [f"unknown directive {word!r}{guess}"] if guess else []
    if found["list"] is None:
        first = re.split(r"[\s,]", reason.strip("()"), maxsplit=1)[0]
        # Read as "ignore all, for the reason CWE-89" this would hide more than its author meant.
        if weaknesses.known_selector(first):
            return None, [f"write ignore[{first}], as names stand in brackets; it hides nothing like this"]
        return Ignore("bluehook", None, reason, found[0].rstrip()), []
    if not found["end"]:
        return None, ["the bracket of ignore[ is not closed; it hides nothing like this"]
    names = tuple(name.strip() for name in found["names"].split(",") if name.strip())
    faults = [f"no weakness is called {n!r}{weaknesses.guess(n)}" for n in names if not _known(n)]
    if not names:
        faults = ["ignore[] names no weakness and hides nothing"]
    return Ignore("bluehook", tuple(filter(_known, names)), reason, found[0]), faults


def _nosec(found: re.Match[str], comment: str) -> Ignore:
    """As Bandit reads it: a list of numbers and names of tests; without any, all of them."""
    names: list[str] = []
    end = found.end()
    while token := _NOSEC_NAME.match(comment, end):
        name = NAMES.get(token[1], token[1])
        if name not in _TESTS and not re.fullmatch(r"B\d{3}", name):
            break
        names.append(name)
        end = token.end()
    return Ignore("nosec", tuple(names) or None, _reason(comment, end), comment[found.start() : end].strip())


def _reason(comment: str, start: int) -> str:
    """What is said after a directive, up to the directive of another tool."""
    rest = comment[start:]
    if following := _NEXT_TOOL.search(rest):
        rest = rest[: following.start()]
    return rest.strip(" \t\r\f#").lstrip("-:,;–— ").strip()


def _ignore(ignore: Ignore, here: list[Finding], line: int, require_reason: bool) -> list[str]:
    """Mark what one ignore hides among the findings of its statements; the notes on it."""
    hidden = [finding for finding in here if _hides(ignore, finding)]
    if hidden and require_reason and not ignore.reason:
        return [f"{ignore.text} gives no reason and does not count; say why after it"]
    for finding in hidden:
        if finding.suppressed is None:
            finding.suppressed = f"{ignore.text} in line {line}" + (f": {ignore.reason}" if ignore.reason else "")
    if ignore.names is None:
        idle = [] if hidden or ignore.tool != "bluehook" else [ignore.text]
    else:
        idle = [n for n in ignore.names if _judged(ignore.tool, n) and not any(_names(ignore.tool, n, f) for f in here)]
    if not idle:
        return []
    what = (
        ignore.text if ignore.names is None or len(idle) == len(ignore.names) else f"{', '.join(idle)} in {ignore.text}"
    )
    return [f"{what} hides nothing; take it out"]


def _hides(ignore: Ignore, finding: Finding) -> bool:
    return ignore.names is None or any(_names(ignore.tool, name, finding) for name in ignore.names)


def _names(tool: str, name: str, finding: Finding) -> bool:
    """Whether a name, as this tool uses it, means a finding."""
    if tool == "bluehook":
        return weaknesses.matches(name, finding.weakness)
    if tool == "nosemgrep":
        # Semgrep itself puts the folder of a rule in front of its id.
        rules = [f".{e.rule}" for e in finding.evidence if e.engine == "semgrep"]
        return name == finding.weakness or any(rule.endswith(f".{name}") or f".{name}".endswith(rule) for rule in rules)
    number = f"B{name[1:]}"
    return _TESTS.get(number) == finding.weakness or any(
        e.engine == "bandit" and e.rule == number for e in finding.evidence
    )


def _judged(tool: str, name: str) -> bool:
    """Whether an idle name is worth a note: not one that another tool's readers need all the same."""
    if tool == "bluehook":
        return True
    if tool == "nosemgrep":
        return name.split(".")[0] in weaknesses.TABLE
    return tool == "nosec" and name in BANDIT and name not in COARSE


def _below(line: int, lines: Sequence[str]) -> int:
    """The line of code right below a comment that stands alone, or the comment's own line."""
    below = line
    while 0 < below <= len(lines) and lines[below - 1].lstrip().startswith("#"):
        below += 1
    return below if below <= len(lines) and lines[below - 1].strip() else line


def _known(name: str) -> bool:
    return weaknesses.known_selector(name)


def _nearest(name: str, known: Iterable[str]) -> str:
    import difflib

    close = difflib.get_close_matches(name.lower(), list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""
