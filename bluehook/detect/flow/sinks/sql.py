"""SQL (CWE-89): where in the statement a value stands decides, the parameters handed over beside it never do."""

from __future__ import annotations

import re
from functools import lru_cache

from bluehook.detect.flow.judge import HINTS, SHOWS, SUSPECTS, WHOLE, Grades, flow
from bluehook.detect.flow.site import Site
from bluehook.detect.flow.values import Form, Value

_WORDS = "becomes part of an SQL statement"
_STATEMENT = re.compile(
    r"(?is)^[\s(]*(?:--[^\n]*\n\s*)*(?:select\b.*|insert\s+(?:or\s+\w+\s+|ignore\s+)?into\b|update\b.*\bset\b|delete\s+from\b"
    r"|replace\s+into\b|with\b.*\bas\s*\(|call\s|exec(?:ute)?\s|merge\s+into\b|(?:create|drop|alter)\s+"
    r"(?:user|role|database|table|login|view)\b|grant\s|set\s+password|truncate\s)"
)
_VALUE = re.compile(
    r"(?is)(?:[=<>(]|\b(?:like|ilike|in|limit|offset|and|or|where|between|top|values|then|interval|is))\s*\(?\s*%?$"
)
_IDENTIFIER = re.compile(
    r"(?is)(?:\b(?:from|into|update|table|join|by|database|index|schema|column|set|exists|add|as|on|if|select|distinct"
    r"|user|role|view|to|asc|desc|trigger|sequence|type|collate|using|default|constraint|references)\s*[\"`\[]?"
    r"|[`\"\[.])$"
)
_DOUBLE_QUOTED = re.compile(r"(?is)(?:=|\blike|\bvalues\s*\([^)]*|\bin\s*\([^)]*)\s*\"[^\"]*$")
_DEFINES = re.compile(
    r"(?is)[\s(]*(?:create(?:\s+or\s+replace)?|alter|drop|rename|comment\s+on)\s+(?:(?:unique|temp(?:orary)?|if|not|exists"
    r"|virtual|materialized|external|unlogged)\s+)*(?:table|view|index|column|constraint|sequence|schema|trigger|type)\b"
)
"""A definition of the schema: its parts are names and expressions that no driver takes as parameters."""
_OF_A_NAME = re.compile(r"(?i)\b(?:nextval|currval|setval|to_regclass|pg_get_serial_sequence)\s*\(\s*'[^']*$")
"""The text of a literal that is the name of a table or sequence."""
_INSERT_COLUMNS = re.compile(r"(?is)\binto\s+\S*\s*\([^)]*$")
_QUOTED = Grades(SHOWS, SUSPECTS, SHOWS, SHOWS)
_IN_VALUE = Grades(SHOWS, SUSPECTS, SHOWS, SUSPECTS)
_NAMED = Grades(SHOWS, SUSPECTS, HINTS)
_DATABASE = re.compile(
    r"(?i)(?:cur|cursor|conn|connection|db|database|session|engine|sql|query|pool|mysql|sqlite|pg|con|c|g|tx|trans)"
)


@lru_cache(maxsize=4096)
def position(before: str) -> Grades | None:
    """What a value behind this much of a statement may do; unknown parts of it are null characters."""
    lowered = before
    single = lowered.count("'") - 2 * lowered.count("''")
    double = lowered.count('"')
    if single % 2:
        return _NAMED if _OF_A_NAME.search(before) else _QUOTED
    if double % 2:
        return _QUOTED if _DOUBLE_QUOTED.search(before) and not _INSERT_COLUMNS.search(before) else _NAMED
    if _DEFINES.match(before) or _INSERT_COLUMNS.search(before) or _IDENTIFIER.search(before.rstrip()):
        return _NAMED
    if _VALUE.search(before):
        return _IN_VALUE
    if before.rstrip().endswith(",") and re.search(r"(?is)\bvalues\s*\(|\bset\b|\bin\s*\(|\blimit\b", before):
        return _IN_VALUE
    return _NAMED


def _before(form: Form, index: int) -> str:
    return "".join(piece if isinstance(piece, str) else "\0" for piece in form[:index])


def _in_statement(form: Form, index: int) -> Grades | None:
    if len(form) == 1:
        return WHOLE
    before = _before(form, index)
    if not _STATEMENT.match(before) and not _STATEMENT.match("".join(p if isinstance(p, str) else "\0" for p in form)):
        return _NAMED
    return position(before)


def _only_statement(form: Form, index: int) -> Grades | None:
    """For calls that only their text gives away: a composed statement, and nothing else."""
    text = "".join(piece if isinstance(piece, str) else "\0" for piece in form)
    if len(form) == 1 or not _STATEMENT.match(text):
        return None
    grades = position(_before(form, index))
    return grades if grades in (_QUOTED, _IN_VALUE) else None


def _execute(site: Site) -> None:
    if site.args or site.keywords:
        statement = site.arg(0, "sql", "query", "statement", "operation", "clause", "raw_query", "where")
        flow(site, "sql-injection", _text_of(statement), _in_statement, _WORDS)


def _text_of(value: Value | None) -> Value | None:
    return value if value is None or not value.box else None


def _method(site: Site) -> None:
    """A method such as ``execute``: of a database, or handed something that reads like SQL."""
    callee = site.machine.text(site.call.at).partition("(")[0]
    receiver = callee.rpartition(".")[0].rpartition(".")[2]
    if _DATABASE.search(receiver) or (site.receiver is not None and site.receiver.of):
        _execute(site)
    else:
        by_pattern(site)


def by_pattern(site: Site) -> None:
    """Any call that is named like running something and is given a statement with values in it."""
    if (site.method in _NOT_RUN or f".{site.method}" in SINKS) and f".{site.method}" not in SINKS:
        return
    for value in site.given():
        if not value.box:
            flow(site, "sql-injection", value, _only_statement, _WORDS)


def _raw(site: Site) -> None:
    flow(site, "sql-injection", site.arg(0, "sql", "raw_query", "text"), _in_statement, _WORDS)


def _extra(site: Site) -> None:
    for name in ("where", "select", "tables", "order_by"):
        value = site.keywords.get(name)
        if value is not None:
            everything = Value(forms=((site.state.everything(value),),)) if value.box else value
            flow(site, "sql-injection", everything, lambda form, index: WHOLE, _WORDS)


def _read_sql(site: Site) -> None:
    flow(site, "sql-injection", site.arg(0, "sql"), _in_statement, _WORDS)


_NOT_RUN = frozenset(
    ["debug", "info", "warning", "error", "exception", "log", "critical", "print", "write", "format", "join", "append"]
)
PATTERN = re.compile(
    r"(?i)exec|quer|sql|select|insert|update|delete|fetch|^run|^do$|_run|db|cursor|statement|command|retrieve|lookup"
)
SINKS = {
    **{f".{name}": _method for name in ("execute", "executemany", "executescript", "mogrify")},
    "django.db.models.expressions.RawSQL": _raw,
    "django.db.models.RawSQL": _raw,
    ".raw": _raw,
    ".extra": _extra,
    "pandas.read_sql": _read_sql,
    "pandas.read_sql_query": _read_sql,
    ".read_sql": _read_sql,
    ".from_statement": _raw,
    ".copy_expert": _raw,
}
