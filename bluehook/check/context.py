"""What is shown of a place in the code: the function, what it stands on, and who is around it, within a limit."""

from __future__ import annotations

import re

import msgspec

from bluehook.check.budget import tokens
from bluehook.check.project import Project, Shown
from bluehook.check.redact import Redactor
from bluehook.findings import Finding, Verdict
from bluehook.parse import Function, ParsedFile

_MOST_OF_IT = 0.7
"""Share of the limit that the function itself may take; beyond it the lines around the finding are shown."""
_AROUND = 25
_CONSTANT_LINES = 4


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is suspected and open: one weakness in one function, at one line or several.

    ``findings`` are the identities that an answer belongs to, ``claims`` what the engines said, ``lines`` where,
    ``scope`` the first and last line of the function, ``verdict`` what it amounts to so far.
    """

    path: str
    symbol: str
    weakness: str
    lines: tuple[int, ...]
    scope: tuple[int, int]
    verdict: Verdict
    claims: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    rank: float = 0.0


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """The code that an answer is about, secrets taken out: ``code`` is the function, ``around`` what was added.

    ``raw`` is the function as it stands in its file; ``names`` and ``apis`` are what constitutions are found by.
    """

    code: str
    around: tuple[Shown, ...] = ()
    raw: str = ""
    names: tuple[str, ...] = ()
    apis: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """Every line that is shown, white space folded."""
        texts = [self.code, *(each.text for each in self.around)]
        return [folded for text in texts for line in text.splitlines() if (folded := " ".join(line.split()))]


def question(weakness: str, findings: list[Finding], rank: float) -> Question:
    """One question about findings of one weakness in one function."""
    first = findings[0]
    claims = [f"{e.engine} {e.rule} ({e.says.value}): {e.message}" for f in findings for e in f.evidence]
    return Question(
        path=first.location.path,
        symbol=first.symbol,
        weakness=weakness,
        lines=tuple(sorted({f.location.line for f in findings})),
        scope=(first.scope.first, first.scope.last),
        verdict=max((f.verdict for f in findings), key=lambda v: v.rank),
        claims=tuple(dict.fromkeys(claims)),
        findings=tuple(f.id for f in findings),
        rank=rank,
    )


def gather(question: Question, project: Project, redact: Redactor, limit: int) -> Material | None:
    """The material of a question; ``None`` when its file cannot be read."""
    file = project.file(question.path)
    if file is None:
        return None
    function = next(
        (f for f in file.functions if f.qualname == question.symbol and f.first_line == question.scope[0]), None
    )
    raw = _own(file, function, question, int(limit * _MOST_OF_IT))
    left = limit - tokens(raw)
    around: list[Shown] = []
    for shown in _around(file, function, raw, project):
        size = tokens(shown.text, shown.title)
        if size <= left:
            left -= size
            around.append(Shown(shown.path, redact(shown.title), redact(shown.text)))
    parameters = [p.name for p in function.parameters] if function is not None else []
    calls = [c.name for c in file.calls if function is not None and c.enclosing is function]
    return Material(
        code=redact(raw),
        around=tuple(around),
        raw=raw,
        names=(question.symbol.rpartition(".")[2], *parameters),
        apis=tuple(dict.fromkeys(calls)),
    )


def _own(file: ParsedFile, function: Function | None, question: Question, limit: int) -> str:
    lines = file.text.split("\n")
    first, last = question.scope
    if function is None:
        first, last = min(question.lines) - _AROUND, max(question.lines) + _AROUND
    whole = "\n".join(lines[max(0, first - 1) : last])
    if tokens(whole) <= limit:
        return whole
    kept: set[int] = set(range(first, first + 3)) if function is not None else set()
    for reach in range(200):
        more = {n for line in question.lines for n in (line - reach, line + reach) if max(1, first) <= n <= last}
        text = _with_gaps(lines, kept | more)
        if tokens(text) > limit:
            break
        kept |= more
    return _with_gaps(lines, kept)


def _with_gaps(lines: list[str], kept: set[int]) -> str:
    shown: list[str] = []
    previous = 0
    for number in sorted(kept):
        if previous and number > previous + 1:
            shown.append("    # (lines left out)")
        shown.append(lines[number - 1])
        previous = number
    return "\n".join(shown)


def _around(file: ParsedFile, function: Function | None, raw: str, project: Project) -> list[Shown]:
    """What helps to judge, most helpful first."""
    used = set(re.findall(r"[A-Za-z_]\w*", raw))
    head = _head(file, used)
    found = [Shown(file.path, "imports and constants of the file", head)] if head else []
    if function is None:
        return found
    return found + project.callees(file, function) + project.callers(file, function)


def _head(file: ParsedFile, used: set[str]) -> str:
    """Imports and short module-level statements that bind a name which is used."""
    shown: list[str] = []
    for node in file.root.named_children:
        text = file.node_text(node)
        if node.type in ("import_statement", "import_from_statement", "future_import_statement"):
            bound = set(re.findall(r"\w+", text))
        elif node.type == "expression_statement" and text.count("\n") < _CONSTANT_LINES:
            bound = {text.split("=", 1)[0].split(":", 1)[0].strip()} if "=" in text else set()
        else:
            continue
        if bound & used:
            shown.append(text)
    return "\n".join(shown)
