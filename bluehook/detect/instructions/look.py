"""One file: its prompts, stubs, remarks and hidden characters, judged, each as a detection."""

from __future__ import annotations

from collections.abc import Iterator

from bluehook.detect import Report
from bluehook.detect.instructions import hidden, prompts, remarks, stubs
from bluehook.detect.instructions.texts import Part, Text, Texts
from bluehook.findings import Detection, Evidence, Location, Problem, Says
from bluehook.parse import ParsedFile
from bluehook.text.judgement import Band, Judgement, Surface, Task
from bluehook.text.principles import quoted

_SAYS = {Band.BLOCK: Says.SHOWS, Band.WARN: Says.SUSPECTS}
_INJECTION = Task.INJECTING.value
_ASKING = frozenset({Task.MALICIOUS, Task.BIASED})
_INJECTING = frozenset({Task.INJECTING})
_MOST_JUDGED = 800


def look(file: ParsedFile, report: Report) -> None:
    """Add what one file holds to a report."""
    judge = _Judge(file, report)
    if hidden.wants(file.utf8):
        report.detections += _hidden(file)
    if prompts.wants(file.utf8):
        for text in prompts.prompts(file, judge.texts):
            judge.prompt(text)
    if stubs.wants(file.utf8):
        for function, docstring in stubs.stubs(file):
            whole = Text(file.node_text(function.node), (Part(0, docstring, plain=False),))
            judge.stub(whole, f"a stub that asks for `{function.name}`")
    if remarks.wants(file.utf8):
        for remark in remarks.remarks(file):
            if remark.addressed:
                report.detections.append(_ordered(remark))
            else:
                judge.remark(remark)


class _Judge:
    """Asks the judge of texts, and puts its opinions where the texts stand."""

    def __init__(self, file: ParsedFile, report: Report) -> None:
        self._file = file
        self._report = report
        self._asked = 0
        self._incomplete = False
        self.texts = Texts(file)

    def prompt(self, text: Text) -> None:
        """A prompt gives orders by its nature, and its author is the program's: that it injects is at most possible."""
        what = "a prompt that goes to a model"
        self._add(text, self._ask(text.said, Surface.PROMPT, _ASKING), what)
        judged = self._ask(text.said, Surface.PROMPT, _INJECTING)
        if judged is not None and judged.band is Band.BLOCK:
            self._add(text, judged, what, Says.SUSPECTS)

    def stub(self, text: Text, what: str) -> None:
        """A stub speaks to whoever completes it: it cannot take over a reader, and a doubt about it is no finding."""
        judged = self._ask(text.said, Surface.PROMPT, _ASKING)
        if judged is not None and judged.band is Band.BLOCK:
            self._add(text, judged, what)

    def _add(self, text: Text, judged: Judgement | None, what: str, most: Says | None = None) -> None:
        if judged is None:
            return
        for task, says, start, end, message in _opinions(judged, what):
            location = self.texts.location(text, start, min(end, len(text.said)) if end else len(text.said))
            self._report.detections.append(
                Detection(task, location, Evidence("instructions", task, most or says, message))
            )

    def remark(self, remark: remarks.Remark) -> None:
        judged = self._ask(remark.text, Surface.COMMENT, _INJECTING)
        if judged is not None:
            for task, says, _, _, message in _opinions(judged, "a remark in the code"):
                evidence = Evidence("instructions", task, says, message)
                self._report.detections.append(Detection(task, remark.location, evidence))

    def _ask(self, said: str, surface: Surface, tasks: frozenset[Task]) -> Judgement | None:
        from bluehook.text.judge import judge

        self._asked += 1
        if self._asked > _MOST_JUDGED:
            if self._asked == _MOST_JUDGED + 1:
                reason = f"more than {_MOST_JUDGED} texts for models in one file: the rest was not judged"
                self._report.problems.append(Problem("instructions", reason, self._file.path))
            return None
        judged = judge(said, surface=surface, tasks=tasks)
        if judged.incomplete and not self._incomplete:
            self._incomplete = True
            reason = f"not all of its prompts, stubs and remarks were judged: {judged.incomplete}"
            self._report.problems.append(Problem("instructions", reason, self._file.path))
        return judged


def _opinions(judged: Judgement, what: str) -> Iterator[tuple[str, Says, int, int, str]]:
    for opinion in judged.opinions:
        says = _SAYS.get(opinion.band)
        if says is not None:
            span = opinion.spans[0] if opinion.spans else None
            reason = opinion.reason or ", ".join(opinion.behaviours[:3])
            said = f': "{" ".join(span.said.split())[:160]}"' if span is not None and span.said else ""
            against = quoted(opinion.task, opinion.constitution)
            message = f"In {what}: {reason}{said}" + (f"; {against}" if against else "")
            yield opinion.task.value, says, span.start if span else 0, span.end if span else 0, message


def _ordered(remark: remarks.Remark) -> Detection:
    message = (
        f'A remark tells an automated reviewer or agent what to answer: "{remark.order[:160]}". Code is judged by what '
        "it does; take the remark out."
    )
    evidence = Evidence("instructions", f"{_INJECTION}.remark", Says.SHOWS, message)
    return Detection(_INJECTION, remark.location, evidence)


def _hidden(file: ParsedFile) -> Iterator[Detection]:
    starts = [0]
    for line in file.text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    for found in hidden.hidden(file.text):
        said = f' They read: "{found.says}".' if found.says else ""
        message = (
            f"{found.what.capitalize()} hide text from whoever reads this file, not from a program or a model.{said} "
            "Remove them, or write what is needed as an escape."
        )
        says = Says.SHOWS if found.sure else Says.SUSPECTS
        evidence = Evidence("instructions", f"{_INJECTION}.hidden", says, message)
        yield Detection(_INJECTION, _place(file, starts, found.start, found.end), evidence)
    yield from _lookalikes(file, starts)


def _lookalikes(file: ParsedFile, starts: list[int]) -> Iterator[Detection]:
    import re

    seen: set[str] = set()
    for match in re.finditer(r"[^\W\d]\w{1,60}", file.text):
        name = match[0]
        looks = "" if name.isascii() or name in seen else hidden.lookalike(name)
        seen.add(name)
        if not looks:
            continue
        place = _place(file, starts, match.start(), match.end())
        node = file.root.descendant_for_point_range(
            (place.line - 1, len(file.text[starts[place.line - 1] : match.start()].encode())),
            (place.line - 1, len(file.text[starts[place.line - 1] : match.end()].encode())),
        )
        if node is not None and node.type == "identifier":
            message = f"This name is not `{looks}`: letters of another script look the same. Spell it in one."
            yield Detection(
                _INJECTION, place, Evidence("instructions", f"{_INJECTION}.lookalike", Says.SUSPECTS, message)
            )


def _place(file: ParsedFile, starts: list[int], start: int, end: int) -> Location:
    from bisect import bisect_right

    line, end_line = bisect_right(starts, start), bisect_right(starts, max(start, end - 1))
    return Location(file.path, line, start - starts[line - 1] + 1, end_line, end - starts[end_line - 1] + 1)
