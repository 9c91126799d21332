"""Text whose letters or pieces stand in another order: rot13, lines read from their end, pieces that are put together.

Each search is one pass of a pattern whose every quantifier is bounded; what it yields is judged as a text of its own.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from bluehook.text.reading import Edit, Reading

_LINE = re.compile(r"[^\n]{12,4000}")
_WORDS = re.compile(r"[A-Za-z]{2,20}")
_COMMON = frozenset(
    """the and you all your for with this that not from are have will them then tell user instructions previous ignore
    system prompt any now must into every file files send delete write code their without what when how make which who
    reveal password secret please follow instead rules over disregard run do is it to of in on be or if an as at by we
    me my no so up out its has was can should only never always before after do""".split()  # noqa: SIM905
)
_QUOTED = r"(?:\"([^\"\n]{1,400})\"|'([^'\n]{1,400})'|`([^`\n]{1,400})`)"
_ASSIGNED = re.compile(rf"(?<![\w.])([A-Za-z_]\w{{0,30}})[ \t]{{0,4}}(?::=|=)[ \t]{{0,4}}{_QUOTED}")
_SUM = re.compile(r"(?<![\w.\"'])([A-Za-z_]\w{0,30}(?:[ \t]{0,4}\+[ \t]{0,4}[A-Za-z_]\w{0,30}){1,40})")
_FORMATTED = re.compile(r"\{([A-Za-z_]\w{0,30})\}[ ]?\{([A-Za-z_]\w{0,30})\}(?:[ ]?\{([A-Za-z_]\w{0,30})\}){0,10}")
_GLUE = re.compile(r"([\"'`])[ \t]{0,4}(?:\+|\.|\.\.|&)?[ \t]{0,4}\\?\n?[ \t]{0,40}(?:\+[ \t]{0,4})?\1")
_JOIN = re.compile(r"\[((?:[ \t\n]{0,8}[\"'][^\"'\n]{0,40}[\"'][ \t\n]{0,8},?){3,200})\]")
_PIECE = re.compile(r"[\"']([^\"'\n]{0,40})[\"']")


def turned(reading: Reading) -> Iterator[Reading]:
    """Lines that are language only after rot13, or read from their end, or word by word from its end."""
    for line in _LINE.finditer(reading.text):
        said = line[0]
        words = _WORDS.findall(said)
        if len(words) < 3:
            continue
        usual = _hits(words)
        if usual * 6 >= len(words):
            continue
        order = range(line.start(), line.end())
        for name, turned, places in (
            ("rot13", codecs.encode(said, "rot13"), order),
            ("reversed", said[::-1], order[::-1]),
            ("reversed-words", re.sub(r"\S{1,64}", lambda m: m[0][::-1], said), order),
        ):
            hits = _hits(_WORDS.findall(turned))
            if hits >= 3 and hits > 2 * usual and hits * 5 >= len(words):
                # The words of a reversed line are the same as those of reversed words: both orders are read.
                yield reading.respelt(line.start(), line.end(), turned, places, name)


def _hits(words: list[str]) -> int:
    return sum(1 for word in words if word.lower() in _COMMON)


def assembled(reading: Reading) -> Iterator[Reading]:
    """Texts that are given in pieces: literals side by side, variables that are added up, lists of pieces."""
    text = reading.text
    if not ('"' in text or "'" in text or "`" in text):
        return
    glued = reading.edited([Edit(m.start(), m.end(), "") for m in _GLUE.finditer(text) if m.end() - m.start() > 2])
    if glued is not reading:
        yield Reading(glued.text, glued.starts, glued.ends, (*reading.disguises, "pieces"))
    for found in _JOIN.finditer(text):
        said = "".join(_PIECE.findall(found[0]))
        if len(said) >= 8:
            yield reading.decoded(found.start(), found.end(), said, "pieces")
    values = {m[1]: m[2] or m[3] or m[4] for m in _ASSIGNED.finditer(text)}
    if len(values) < 2:
        return
    for found in [*_SUM.finditer(text), *_FORMATTED.finditer(text)]:
        names = re.findall(r"[A-Za-z_]\w{0,30}", found[0])
        if sum(name in values for name in names) >= 2:
            between = " " if "} {" in found[0] else ""
            yield reading.decoded(found.start(), found.end(), between.join(values.get(n, "") for n in names), "pieces")
