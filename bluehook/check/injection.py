"""Instructions to whoever reviews the code, written into the code: an attempt that is itself a finding.

What counts as one, :mod:`bluehook.text.reviewers` says; here is where in a source it may stand.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from bluehook.check.source import spoken
from bluehook.text.reviewers import is_order

WEAKNESS = "prompt-injection"

_SHORTEST = 16


class Attempt(msgspec.Struct, frozen=True):
    """Where somebody speaks to the reviewer: the line in the text (0 for its name), what it stands in, its words."""

    line: int
    kind: str
    text: str


def attempts(text: str, path: str = "") -> list[Attempt]:
    """The attempts in a source and in the name of its file."""
    found = [Attempt(each.line, each.kind, each.text) for each in spoken(text) if is_order(each.text)]
    joined = _runs(text)
    found += [
        Attempt(line, "comment", words)
        for line, words in joined
        if is_order(words) and not any(a.line == line for a in found)
    ]
    if path and is_order(path.rsplit("/", 1)[-1].removesuffix(".py")):
        found.append(Attempt(0, "file name", path))
    return found


def tempts(text: str, path: str = "") -> bool:
    """Whether anything in a source may talk to its reader: an attempt, or words that the local judge of texts takes for
    an injection, disguised ones too. Enough for trusting nothing that was concluded from it, not enough for a finding.
    """
    if attempts(text, path):
        return True
    from bluehook.text.judge import judge
    from bluehook.text.judgement import Band, Surface, Task

    for each in spoken(text):
        if each.kind == "identifier" or len(each.text) < _SHORTEST:
            continue
        opinion = judge(each.text, surface=Surface.COMMENT, tasks={Task.INJECTING}).of(Task.INJECTING)
        if opinion is not None and opinion.band.rank >= Band.WARN.rank:
            return True
    return False


def _runs(text: str) -> Iterable[tuple[int, str]]:
    """Comments on lines that follow each other, joined: an order may be cut into pieces."""
    run: list[str] = []
    first = 0
    for number, line in enumerate([*text.splitlines(), ""], 1):
        bare = line.strip()
        if bare.startswith("#"):
            first = first if run else number
            run.append(bare.lstrip("#! "))
            continue
        if len(run) > 1:
            yield first, " ".join(run)
        run = []
