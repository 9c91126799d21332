"""SQL injection: the statement's sequence of tokens is another one than with a benign value.

Literals count by their sort only, so a value that stays a value changes nothing (Buehrer et al., SQLGuard, 2005).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..canary import Canaries
from ..drive.run import Run
from .base import Attack, Probe, Scene, Sighting, quote_context

_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<comment>--[^\n]*|\#[^\n]*|/\*.*?(?:\*/|$))|(?P<text>'(?:[^'\\]|''|\\.)*'|\"(?:[^\"\\]|\"\"|\\.)*\")"
    r"|(?P<open>['\"].*$)|(?P<quoted>`[^`]*`|\[[\w ]+\])|(?P<number>\d+(?:\.\d+)?)|(?P<word>[A-Za-z_][\w$]*)"
    r"|(?P<hole>%\(\w+\)s|%s|\?|:\w+|\$\d+)|(?P<mark>.)",
    re.S,
)
_PLAIN_TOKEN = re.compile(_TOKEN.pattern.replace(r"(?:[^'\\]|''|\\.)*", r"(?:[^']|'')*"), re.S)
"""As standard SQL reads it: a backslash in a text is one character like the others."""
_KEYWORDS = {
    "select", "insert", "update", "delete", "from", "where", "and", "or", "not", "in", "like", "union", "all", "join",
    "on", "set", "values", "into", "order", "by", "group", "having", "limit", "offset", "is", "null", "between",
    "exists", "drop", "table", "create", "as", "case", "when", "then", "else", "end", "distinct", "exec", "call",
}  # fmt: skip


def signature(statement: str, backslash: bool = True) -> tuple[str, ...]:
    """The statement's tokens with literals and names replaced by their sort; ``backslash`` escapes, as in MySQL."""
    found = []
    for match in (_TOKEN if backslash else _PLAIN_TOKEN).finditer(statement):
        sort = match.lastgroup or ""
        if sort == "space":
            continue
        text = match.group().lower()
        if sort == "word":
            found.append(text if text in _KEYWORDS else "name")
        elif sort == "mark":
            found.append(text)
        else:
            found.append(sort)
    return tuple(found)


class Statement(Probe):
    """A value that becomes part of a statement's text."""

    weakness = "sql-injection"
    kinds = frozenset({"sql"})
    assumed_will_do = True

    def attacks(self, sighting: Sighting, canaries: Canaries, scene: Scene) -> Iterator[Attack]:
        """Close the literal that is open, else add a condition; the mark is a name or a literal of its own."""
        quote = quote_context(sighting.before)
        bare = ["1 OR {n}={n}", "1 UNION SELECT {m}", "1;DROP TABLE {m}--", "x) OR {n}={n}--", "1/**/OR/**/{n}={n}",
                "(1)OR({n})={n}"]  # fmt: skip
        closed = ["xQ OR Q{m}Q=Q{m}", "xQ/**/OR/**/{n}={n}--", "xQORQ{m}Q=Q{m}", "xQ) OR {n}={n}--", "\\Q OR {n}={n}--"]
        if quote == "'":
            # What repr() makes stands between quotes of the other sort, unless both are in the value.
            closed.append('x"Q OR {n}={n}--')
        shapes = [shape.replace("Q", quote) for shape in closed] if quote else bare
        others = bare[:1] if quote else ["x' OR '{m}'='{m}", 'x" OR "{m}"="{m}']
        for shape in [*shapes, *others]:
            mark, number = canaries.word(), canaries.number()
            told = mark if "{m}" in shape else str(number)
            # Which database it is, nobody knows here, and most take a backslash for a character like the others.
            mild = shape.startswith("\\") and sighting.event.details.get("dialect") != "mysql"
            yield Attack(shape.format(m=mark, n=number), told, "leave the value", mild)

    def effect(self, run: Run, sighting: Sighting, attack: Attack, scene: Scene) -> str:
        """A statement with the mark in its text whose tokens are not those of the benign one."""
        backslash = sighting.event.details.get("dialect") not in ("sqlite", "sqlalchemy")
        expected = signature(sighting.event.text, backslash)
        for event in self.at_sink(run, sighting):
            if attack.mark not in event.text.lower() or event.line != sighting.event.line:
                continue
            now = signature(event.text, backslash)
            if now != expected and now[:1] == expected[:1]:
                return f"the statement became {event.text.strip()[:300]!r}"
        return ""

    def composed(self, sighting: Sighting) -> bool:
        """The value stands where a value belongs, in a statement of the code's own; names come from configuration."""
        return re.search(r"[a-z]{3}", sighting.fixed, re.I) is not None and not _is_name(sighting)


_DEFINITION = re.compile(
    r"\s*(pragma|create|alter|drop|grant|revoke|use|show|lock|truncate|vacuum|savepoint|rollback|release|comment)\b",
    re.I,
)
"""Statements about the schema: what stands in them are names."""

_NAMED = re.compile(
    r"(\bfrom|\binto|\btable|\bupdate|\bjoin|\bdatabase|\buse|\bselect|\bby|\bexists|\bindex|\bview|\bpragma|\bdesc|"
    r"\bset|\.)\Z"
)


def _is_name(sighting: Sighting) -> bool:
    """Whether the value stands in a table's, column's or other name's place."""
    if _DEFINITION.match(sighting.event.text) and quote_context(sighting.before) != "'":
        return True
    before = sighting.before.rstrip(' `"[').lower()
    if sighting.before.rstrip().endswith(("`", "[")):
        return True
    # The value may be the rest of a name that the code begins: ``FROM shop_%s``.
    return _NAMED.search(before) is not None or _begun(sighting.before.lower())


def _begun(before: str) -> bool:
    """Whether the text ends within a name."""
    return _NAMED.search(re.sub(r"\s+[\w.]+\Z", "", before)) is not None


PROBES = [Statement()]
