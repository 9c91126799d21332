"""Findings on a terminal: the source with its span, the way the input took, the attack, the fix.

Nothing of a result is ever parsed as rich markup: all text goes through :func:`visible` into ``Text`` objects.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from bluehook.findings import Finding, Verdict
from bluehook.report import Options
from bluehook.report import _wording as wording
from bluehook.report._source import SourceLine, excerpt
from bluehook.report._visible import encodable, one_line, visible
from bluehook.weaknesses import TABLE

_BADGE = {
    Verdict.PROVEN: "bold white on red",
    Verdict.LIKELY: "bold red",
    Verdict.POSSIBLE: "yellow",
    Verdict.REFUTED: "green",
}
_TAB = "    "
_LABEL = 8
_PROSE = 100
_MOST_BRIEF = 10


def render(full: Sequence[Finding], brief: Sequence[Finding], options: Options) -> str:
    """Each of ``full`` as a block, then each of ``brief`` on a line or two, those beyond a screenful only counted."""
    printer = _Printer(options)
    for finding in full:
        _block(printer, finding, options)
    shown = brief if options.show_all else brief[:_MOST_BRIEF]
    for finding in shown:
        _brief(printer, finding)
    more = brief[len(shown) :]
    if more:
        printer.line(("  and ", ""), (wording.by_verdict(more), ""), (" more; --show-all", ""))
    if brief:
        printer.line()
    return printer.text()


class _Printer:
    """A rich console that writes to memory and takes nothing from the environment."""

    def __init__(self, options: Options) -> None:
        self._encoding = options.encoding
        self._buffer = io.StringIO()
        self._console = Console(
            file=self._buffer, width=options.width, height=25, force_terminal=options.colour,
            color_system="standard" if options.colour else None, no_color=not options.colour, legacy_windows=False,
            markup=False, emoji=False, highlight=False, _environ={},
        )  # fmt: skip
        self._prose = min(options.width, _PROSE)

    def text(self) -> str:
        return self._buffer.getvalue()

    def line(self, *spans: tuple[str, str]) -> None:
        """One line, however long: paths and code stay whole for whoever copies them."""
        text = Text(no_wrap=True, overflow="ignore", end="")
        for content, style in spans:
            text.append(encodable(content, self._encoding), style or None)
        text.rstrip()
        self._console.print(text, soft_wrap=True)

    def clipped(self, indent: str, content: str) -> None:
        """One line of remarks, cut at the width."""
        whole = encodable(content, self._encoding)
        text = Text(whole)
        text.truncate(max(20, self._console.width - len(indent) - 3))
        cut = "..." if len(text.plain) < len(whole) else ""
        self.line((indent, ""), (text.plain.rstrip() + cut, "dim"))

    def cells(self, content: str) -> int:
        """How many columns a text takes once its characters are those of the encoding."""
        return cell_len(encodable(content, self._encoding))

    def prose(self, label: str, content: str) -> None:
        """A label and a paragraph beside it, wrapped at words."""
        text = Text(encodable(content, self._encoding))
        lines = text.wrap(self._console, max(20, self._prose - _LABEL - 3))
        for index, line in enumerate(lines):
            self.line((f"  {label if index == 0 else '':<{_LABEL}} ", "bold"), (line.plain, ""))

    def verbatim(self, label: str, content: str) -> None:
        """A label and a text that is never wrapped."""
        self.line((f"  {label:<{_LABEL}} ", "bold"), (content, ""))


def _block(printer: _Printer, finding: Finding, options: Options) -> None:
    row = TABLE[finding.weakness]
    verdict = finding.verdict
    aside = "" if finding.blocks else "  (does not block)"
    printer.line(
        (f"{verdict.value.upper()}", _BADGE[verdict]),
        (f"  {row.title}", "bold"),
        (f"  {row.slug} CWE-{row.cwe}{aside}", ""),
    )
    inside = f" in {visible(finding.symbol)}" if finding.symbol else ""
    printer.line((f"  {wording.place(finding.location)}", "cyan"), (inside, ""))
    _source(printer, finding, options)
    _flow(printer, finding)
    for key, text in wording.proof(finding):
        printer.verbatim({"reproduction": "replay"}.get(key, key), text)
    printer.prose("why", wording.why(finding))
    printer.prose("fix", row.fix)
    printer.verbatim("ignore", wording.ignore_comment(finding))
    if finding.id:
        printer.verbatim("more", f"bluehook explain {finding.id}")
    printer.line()


def _source(printer: _Printer, finding: Finding, options: Options) -> None:
    data = options.read(finding.location.path) if options.read else None
    lines = excerpt(data, finding.location) if data is not None else []
    if not lines:
        # Without the file it is unknown where in its statement the span lies: the text alone, no underline.
        for text in wording.statement(finding).splitlines():
            printer.line(("    | ", "dim"), (visible(text.replace("\t", _TAB)), ""))
        return
    gutter = max(4, *(len(str(line.number)) + 1 for line in lines))
    for line in lines:
        _source_line(printer, line, gutter)


def _source_line(printer: _Printer, line: SourceLine, gutter: int) -> None:
    number = str(line.number) if line.number else ""
    before, meant, after = (
        visible(part.replace("\t", _TAB))
        for part in (line.text[: line.first], line.text[line.first : line.last], line.text[line.last :])
    )
    printer.line((f"{number:>{gutter}} | ", "dim"), (before, ""), (meant, "bold"), (after, ""))
    if any(character.isalnum() for character in meant):
        printer.line(
            (f"{'':>{gutter}} | ", "dim"), (" " * printer.cells(before), ""), ("^" * printer.cells(meant), "red")
        )


def _flow(printer: _Printer, finding: Finding) -> None:
    steps, hidden = wording.short_trace(finding)
    for index, step in enumerate(steps):
        place = step.location
        where = f"line {place.line}" if place.path == finding.location.path else f"{visible(place.path)}:{place.line}"
        if hidden and index == len(steps) - 1:
            printer.verbatim("", f"   ({wording.counted(hidden, 'more step')})")
        printer.verbatim("" if index else "flow", f"{'-> ' if index else ''}{where}: {one_line(step.text)}")


def _brief(printer: _Printer, finding: Finding) -> None:
    row = TABLE[finding.weakness]
    state = "ignored" if finding.suppressed is not None else finding.verdict.value
    style = "dim" if finding.suppressed is not None else _BADGE[finding.verdict]
    name = f"  {row.title} ({row.slug}, CWE-{row.cwe})"
    printer.line((f"{state:<8}", style), ("  ", ""), (wording.place(finding.location), "cyan"), (name, ""))
    printer.clipped(" " * 10, _remark(finding))


def _remark(finding: Finding) -> str:
    """What a second line adds to the title: a reason, a message of its own, or else the code."""
    if finding.suppressed is not None:
        return one_line(finding.suppressed)
    message = wording.message(finding)
    repeats = TABLE[finding.weakness].title.casefold() in message.casefold()
    return message if message and not repeats else one_line(finding.snippet)
