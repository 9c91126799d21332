"""From texts to findings: which surface a file is, what in it is a text, and what the judge says of each, in place."""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from bluehook.config import Config, Globs, InstructionSettings
from bluehook.decide import decide
from bluehook.findings import Evidence, Finding, LineRange, Location, Problem, Says, SourceFile, numbered
from bluehook.messages import STRIP, Cleanup, kept
from bluehook.suppress import Comment, apply
from bluehook.text import literals
from bluehook.text.judge import places
from bluehook.text.judgement import Band, Doubt, Opinion, Surface, Task
from bluehook.text.principles import quoted
from bluehook.text.shape import is_request
from bluehook.text.thresholds import SHIPPED, Thresholds

ENGINE = "instructions"
PROSE_ENDINGS = (".md", ".markdown", ".mdx", ".mdc", ".txt", ".rst", ".adoc", ".prompt", ".prompty")
"""What is looked at in a folder beside the files that the configuration names."""

_BY_SHAPE = (".md", ".markdown", ".txt")
_DOCUMENT = re.compile(
    r"(?:.*/)?(?:(?:docs?|licenses|\.github|[^/]*-info)/.*"
    r"|(?:readme|licen[cs]e|copying|notice|authors|credits|contribut|change|history|news|security|code_of_conduct|install"
    r"|requirements|constraints|robots|cmakelists|pull_request_template|issue_template)[^/]*)",
    re.IGNORECASE,
)
"""Paths that say by themselves that no request is in the file."""
SAYS = {Band.BLOCK: Says.SHOWS, Band.WARN: Says.SUSPECTS, Band.UNSURE: Says.HINTS}
_SNIPPET = 400
KEYS = {Task.MALICIOUS: "malicious", Task.BIASED: "biased", Task.INJECTING: "injecting"}
_FIELDS = (
    "content",
    "text",
    "prompt",
    "instruction",
    "instructions",
    "input",
    "message",
    "description",
    "query",
    "system",
)
_DIRECTIVE = re.compile(r"(<!--|#|//)[ \t]{0,4}bluehook[ \t]{0,4}:[ \t]{0,4}ignore\b(?:\[[^\]\n]{0,200}\])?")
_WORDS = r"[ \t]{0,4}(bluehook[ \t]{0,4}:[^\n]{0,400}?)[ \t]{0,4}"
_LINE_COMMENT = re.compile(rf"^[ \t]{{0,40}}(?:#|//){_WORDS}$|<!--{_WORDS}-->", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6} {1,8}([^\n]{1,120})$", re.MULTILINE)

Asked = Callable[[Doubt, LineRange], Evidence | None]
"""Who understands a text better than the local model: given its doubt, and the lines of the file that it is about, a
word on it, or ``None``.
"""


class Judged(NamedTuple):
    """What is known of one text: findings, remarks on its ignore comments, what was not done."""

    findings: list[Finding]
    notes: list[Problem]
    problems: list[Problem]


class Part(NamedTuple):
    """A text within a file. Of a string of a JSON document there are its ``name``, the ``document`` and the line of the
    file (from 1) that this begins on.
    """

    text: str
    surface: Surface
    first_line: int = 1
    name: str = ""
    document: str = ""


def wanted(config_of: Callable[[str], Config], *, prose: bool) -> Callable[[str], bool]:
    """Whether a path is a text to look at: an instruction or a prompt, or, with ``prose``, any text by its ending."""
    known: dict[int, tuple[Globs, Globs]] = {}

    def says(path: str) -> bool:
        config = config_of(path)
        files, prompts = known.setdefault(id(config), _globs(config))
        local = config.local(path)
        return files.match(local) or prompts.match(local) or (prose and path.lower().endswith(PROSE_ENDINGS))

    return says


def surface_of(path: str, config: Config, text: str | None = None) -> Surface:
    """Where a text of this path stands. With its ``text`` one that is no listed file may be a request by its shape."""
    files, prompts = _globs(config)
    local = config.local(path)
    if prompts.match(local):
        return Surface.PROMPT
    if files.match(local):
        return Surface.INSTRUCTION_FILE
    if text is None or _DOCUMENT.match(path) or not path.lower().endswith(_BY_SHAPE):
        return Surface.PROSE
    return Surface.PROMPT if is_request(text) else Surface.PROSE


def _globs(config: Config) -> tuple[Globs, Globs]:
    chosen = config.settings.instructions
    return Globs(chosen.files), Globs(chosen.prompts)


def thresholds(surface: Surface, settings: InstructionSettings) -> dict[Task, Thresholds]:
    """The shipped thresholds with those of the configuration in their place.

    Whoever lowers one means it: it holds for texts that only sound like it as well, which else come to a warning.
    """
    found = {}
    for task, shipped in SHIPPED[surface].items():
        own = getattr(settings, KEYS[task])
        block = shipped.block if own.block is None else own.block
        warn = min(block, shipped.warn if own.warn is None else own.warn)
        unnamed = Band.BLOCK if block < shipped.block else Band.WARN if warn < min(block, shipped.warn) else None
        found[task] = Thresholds(max(shipped.certain, block), block, warn, min(warn, shipped.unsure), unnamed)
    return found


def no_looser(limits: dict[Task, Thresholds], surface: Surface) -> dict[Task, Thresholds]:
    """The thresholds, each at most as high as the shipped one."""
    shipped = SHIPPED[surface]
    return {task: own.no_higher(shipped[task]) for task, own in limits.items()}


def examine(
    source: SourceFile,
    surface: Surface,
    settings: InstructionSettings | None = None,
    *,
    field: str | None = None,
    require_reason: bool = False,
    ask: Asked | None = None,
    cleanup: Cleanup = STRIP,
) -> Judged:
    """Judge one file. ``field`` names the field of JSON that holds the texts; ``ask`` is asked where we are unsure, and
    ``cleanup`` says what git takes out of a commit message.
    """
    settings = settings or InstructionSettings()
    text = source.data.decode("utf-8", "replace")
    problems: list[Problem] = []
    findings: list[Finding] = []
    for part in _parts(source.path, text, surface, field, problems):
        given = kept(part.text, cleanup) if surface is Surface.COMMIT_MESSAGE else part.text
        judged = places(
            _DIRECTIVE.sub(lambda found: found[1].ljust(len(found[0])), given),
            surface=part.surface,
            thresholds=thresholds(part.surface, settings),
            only_certain=settings.only_certain,
        )
        if judged.incomplete:
            problems.append(Problem(ENGINE, judged.incomplete, source.path))
        findings += _findings(source.path, part, judged.opinions, settings.only_certain, ask)
    numbered(findings)
    return Judged(findings, _suppress(findings, text, source.path, require_reason), problems)


def _parts(path: str, text: str, surface: Surface, field: str | None, problems: list[Problem]) -> Iterator[Part]:
    ending = path.rpartition(".")[2].lower()
    if ending in ("jsonl", "ndjson") or (field is not None and ending != "json"):
        yield from _json_lines(path, text, surface, field, problems)
    elif ending == "json":
        try:
            yield from _of_json(text, json.loads(text), field, surface, 1)
        except (ValueError, RecursionError) as error:
            problems.append(Problem(ENGINE, f"not JSON ({_short(error)}); read as text", path, incomplete=False))
            yield Part(text, surface)
    else:
        yield Part(text, surface)


def _json_lines(path: str, text: str, surface: Surface, field: str | None, problems: list[Problem]) -> Iterator[Part]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            problems.append(Problem(ENGINE, f"line {number} is not JSON ({_short(error)})", path))
            continue
        yield from _of_json(line, value, field, surface, number)


def _of_json(document: str, value: Any, field: str | None, surface: Surface, line: int) -> Iterator[Part]:
    """The texts of a document: those of one field, else of the fields that hold requests, else every string."""
    surface = Surface.PROMPT if surface is Surface.PROSE else surface
    names = (field,) if field is not None else _FIELDS
    stack: list[tuple[Any, str, bool]] = [(value, "", isinstance(value, str) and field is None)]
    while stack:
        item, name, meant = stack.pop()
        if isinstance(item, str):
            if meant and item.strip():
                yield Part(item, surface, line, name, document)
        elif isinstance(item, dict):
            stack += [
                (inner, f"{name}.{key}" if name else str(key), meant or key in names)
                for key, inner in reversed(item.items())
            ]
        elif isinstance(item, list):
            stack += [
                (inner, f"{name}[{n}]", meant or not isinstance(inner, (dict, list)))
                for n, inner in reversed(list(enumerate(item)))
            ]


def _short(error: Exception) -> str:
    return str(error).partition(":")[0][:60] or type(error).__name__


def _findings(
    path: str, part: Part, opinions: Iterable[Opinion], certain: bool, ask: Asked | None
) -> Iterator[Finding]:
    starts = [0, *(found.end() for found in re.finditer("\n", part.text))]
    blank = [0, *(n for n, line in enumerate(part.text.split("\n"), 1) if not line.strip()), len(starts) + 1]
    headings = [(found.start(), found[1].strip()) for found in _HEADING.finditer(part.text)]
    for opinion in opinions:
        span = opinion.spans[0]
        evidence = [_evidence(opinion, part.surface)]
        location = _location(path, part, starts, span.start, span.end)
        scope = _paragraph(part, blank, location)
        if ask is not None and (word := ask(Doubt(part.text, opinion, part.surface, certain), scope)):
            evidence.append(word)
        verdict = decide(opinion.task.value, evidence).verdict
        if verdict is None:
            continue
        yield Finding(
            weakness=opinion.task.value,
            location=location,
            symbol=part.name or _heading(headings, span.start),
            snippet=part.text[span.start : span.start + min(_SNIPPET, max(1, span.end - span.start))],
            evidence=evidence,
            scope=scope,
            verdict=verdict,
        )


def _evidence(opinion: Opinion, surface: Surface) -> Evidence:
    span = opinion.spans[0]
    details = {"score": f"{opinion.score:.2f}", "surface": surface.value}
    if span.disguises:
        details["says"] = " ".join(span.said.split())[:_SNIPPET]
        details["hidden-by"] = ", ".join(span.disguises)
    message = opinion.reason + (f"; it says: {details['says']!r}" if span.disguises else "")
    if opinion.constitution:
        details["constitution"] = opinion.constitution
        message += f"; {quoted(opinion.task, opinion.constitution)}"
    rule = f"{opinion.task.value}.{opinion.behaviours[0]}" if opinion.behaviours else opinion.task.value
    return Evidence(ENGINE, rule, SAYS[opinion.band], message, details=details)


def _location(path: str, part: Part, starts: list[int], start: int, end: int) -> Location:
    if part.document:
        return _in_document(path, part, start, end)
    row, last = bisect_right(starts, start) - 1, bisect_right(starts, max(start, end - 1)) - 1
    line, end_line = part.first_line + row, part.first_line + last
    return Location(path, line, start - starts[row] + 1, end_line, end - starts[last] + 1)


def _in_document(path: str, part: Part, start: int, end: int) -> Location:
    """The place in the literal of a string of a JSON document; its line where two strings have the same name."""
    first, last = literals.places(part.document).get(part.name, (0, 0))
    literal = part.document[first:last]
    if not literal or json.loads(f'"{literal}"', strict=False) != part.text:
        return Location(path, part.first_line)
    line = part.first_line + part.document.count("\n", 0, first)
    before = first - (part.document.rfind("\n", 0, first) + 1)
    columns = [before + literals.offset(literal, index) + 1 for index in (start, end)]
    return Location(path, line, columns[0], line, columns[1])


def _paragraph(part: Part, blank: list[int], place: Location) -> LineRange:
    """The lines of the paragraphs that hold a place: what a change must touch for the finding to be its own.

    ``blank`` are the numbers of the lines that part paragraphs, those before the first and after the last among them.
    """
    if part.document or place.line >= blank[-1]:
        return LineRange(place.line, place.line)
    end = max(place.line, place.end_line)
    return LineRange(blank[bisect_left(blank, place.line) - 1] + 1, blank[bisect_right(blank, end)] - 1)


def _heading(headings: list[tuple[int, str]], at: int) -> str:
    """The heading that a place of a Markdown text stands under."""
    above = bisect_left(headings, (at, ""))
    return headings[above - 1][1] if above else ""


def _suppress(findings: list[Finding], text: str, path: str, require_reason: bool) -> list[Problem]:
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
    alone = {comment.line for comment in comments if _DIRECTIVE.match(lines[comment.line - 1].lstrip())}

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
