"""What a person reads: in full what blocks, in short what may matter, and by name whatever was not looked at.

A run in which nothing blocks is told in one line, and rich is not even imported for it.
"""

from __future__ import annotations

from bluehook.findings import Finding, Result, Verdict, blocking
from bluehook.report import Options
from bluehook.report import _wording as wording
from bluehook.report._visible import encodable, one_line

_INTERRUPTED = 130
_AFTER_FIX = {"pre-commit": ", then stage the file again", "pre-push": ", then commit and push again"}
_LISTED = 10
"""Problems and notes shown by default; a broken checkout must not push the findings off the screen."""


def render(result: Result, options: Options) -> str:
    """The report as text, with ANSI colours if ``options.colour``, in characters that ``options.encoding`` has."""
    full, brief = _chosen(result, options)
    body = ""
    if full or brief:
        from bluehook.report import _blocks

        body = _blocks.render(full, brief, options)
    lines = [*_notes(result, options), *_problems(result, options), *_idle(result), *_spent(result)]
    lines += _summary(result, options)
    return encodable(body + "".join(f"{line}\n" for line in lines), options.encoding)


def _chosen(result: Result, options: Options) -> tuple[list[Finding], list[Finding]]:
    """What is told in full, and what in a line or two; the latter only beside the former or when asked for."""
    shown = result.shown()
    full = [f for f in shown if _weighty(f)]
    if not full and not options.show_all:
        return [], []
    brief = [f for f in shown if not _weighty(f)]
    brief += [f for f in result.findings if f.verdict is Verdict.REFUTED and f.suppressed is None]
    if options.show_all:
        brief += [f for f in result.findings if f.suppressed is not None]
    return full, brief


def _weighty(finding: Finding) -> bool:
    return finding.blocks or finding.verdict.rank >= Verdict.LIKELY.rank


def _summary(result: Result, options: Options) -> list[str]:
    stops = blocking(result.findings)
    took = f"in {result.seconds:.2f} s"
    if stops:
        verb = "blocks" if len(stops) == 1 else "block"
        counts = f"{wording.counted(len(stops), 'finding')} {verb} ({wording.by_verdict(stops)})"
        head = f"bluehook: {counts}, {wording.counted(result.files, 'file')} {took}"
        return [_alarming(head, options), *_ways_out(stops, options)]
    stopped = result.exit_code == _INTERRUPTED
    if not result.files and not result.findings and not stopped:
        return [f"bluehook: nothing to scan{_caveat(result)}"]
    so_far = " so far" if stopped else ""
    head = f"bluehook: {wording.counted(result.files, 'file')}, nothing blocks{so_far}{_aside(result, options)}"
    return [f"{head} {took}{_caveat(result)}"]


def _alarming(text: str, options: Options) -> str:
    return f"\x1b[1;31m{text}\x1b[0m" if options.colour else text


def _aside(result: Result, options: Options) -> str:
    counts = [wording.by_verdict(f for f in result.findings if f.suppressed is None)]
    quiet = sum(1 for f in result.findings if f.suppressed is not None)
    counts.append(f"{quiet} suppressed" if quiet else "")
    told = ", ".join(filter(None, counts))
    if not told:
        return ""
    return f" ({told})" if options.show_all else f" ({told}; --show-all)"


def _caveat(result: Result) -> str:
    """Nobody may take silence for clean."""
    missing = len(wording.unfinished(result)) + sum(1 for stage in result.stages if stage.state == "failed")
    return f", BUT NOT EVERYTHING WAS LOOKED AT (exit status {result.exit_code})" if missing else ""


def _idle(result: Result) -> list[str]:
    idle = wording.idle_stages(result)
    return [f"bluehook: {'; '.join(idle)}"] if idle else []


def _spent(result: Result) -> list[str]:
    return [f"check: {wording.spend_line(result.spend)}"] if result.spend is not None else []


def _ways_out(stops: list[Finding], options: Options) -> list[str]:
    comments = list(dict.fromkeys(wording.ignore_comment(f) for f in stops))
    comment = comments[0] if len(comments) == 1 else wording.ignore_comment(stops[0], "NAME")
    evidence = ("see the evidence", f"bluehook explain {stops[0].id or 'ID'}")
    if all(wording.in_message(finding) for finding in stops):
        return [f"  {what}: {how}" for what, how in (*_ways_with_message(comment), evidence)]
    where = "in the paragraph or alone above it" if comment.startswith("<") else "on the statement or the line above it"
    ways = [
        ("fix", "as said above" + _AFTER_FIX.get(options.hook, "")),
        ("ignore one", f"{comment}   ({where})"),
        ("accept all that is there today", "bluehook baseline"),
        evidence,
    ]
    if options.hook:
        verb = options.hook.removeprefix("pre-")
        ways.append((f"{verb} all the same", f"git {verb} --no-verify"))
    return [f"  {what}: {how}" for what, how in ways]


def _ways_with_message(comment: str) -> list[tuple[str, str]]:
    """A refused message is not lost, and a comment in it is none of what git keeps once an editor was open."""
    return [
        ("fix or ignore", 'git commit -e -F "$(git rev-parse --git-path COMMIT_EDITMSG)"'),
        ("ignore one", f"{comment}   (a line right above it; git takes it out of an edited message)"),
    ]


def _problems(result: Result, options: Options) -> list[str]:
    missing = wording.unfinished(result)
    passed_over = [problem for problem in result.problems if not problem.incomplete]
    lines = _listed("not looked at", [wording.problem_line(p) for p in missing], options)
    return lines + _listed("left out", [wording.problem_line(p) for p in passed_over], options)


def _notes(result: Result, options: Options) -> list[str]:
    return _listed("notes", [wording.problem_line(note) for note in result.notes], options)


def _listed(title: str, items: list[str], options: Options) -> list[str]:
    if not items:
        return []
    shown = items if options.show_all else items[:_LISTED]
    more = len(items) - len(shown)
    tail = [f"  and {more} more; --show-all"] if more else []
    return [f"{title}:", *(f"  {one_line(item)}" for item in shown), *tail]
