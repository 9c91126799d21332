"""The whole result as JSON, for programs; the schema is published as ``docs/report.schema.json``.

``python -m bluehook.report.json`` prints the schema anew.
"""

from __future__ import annotations

import inspect

import msgspec

from bluehook.findings import Result
from bluehook.report import Options
from bluehook.report._document import dumps
from bluehook.weaknesses import TABLE

SCHEMA_VERSION = 1
"""Grows when a field goes away or changes its meaning; new fields alone do not raise it."""


class WeaknessEntry(msgspec.Struct, frozen=True):
    """What is known of one kind of flaw; ``severity`` is a CVSS-like base score from 0.0 to 10.0."""

    cwe: int
    title: str
    severity: float
    attack: str
    fix: str
    url: str


class Document(Result, kw_only=True):
    """A result, the weaknesses that its findings name (by slug), and the version of this form.

    Text is as in the scanned files, except that a byte which is not UTF-8 is written as a backslash escape such as
    ``\\xff``. Lines and columns start at 1, columns count Unicode code points, ends are exclusive.
    """

    schema_version: int = SCHEMA_VERSION
    weaknesses: dict[str, WeaknessEntry] = msgspec.field(default_factory=dict)


def render(result: Result, options: Options) -> str:
    """All findings, suppressed and refuted ones included and marked, with every piece of evidence."""
    named = sorted({finding.weakness for finding in result.findings})
    return dumps(Document(**msgspec.structs.asdict(result), weaknesses={slug: _entry(slug) for slug in named}))


def schema() -> str:
    """The JSON schema (draft 2020-12) of what :func:`render` writes, as JSON text."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "bluehook report"}
    return dumps({**head, **{key: _dedented(part) for key, part in msgspec.json.schema(Document).items()}})


def _dedented(node: object) -> object:
    """The schema with its descriptions dedented: docstrings keep their indentation up to Python 3.12, lose it after."""
    if isinstance(node, dict):
        return {
            key: inspect.cleandoc(item) if isinstance(item, str) and key == "description" else _dedented(item)
            for key, item in node.items()
        }
    return [_dedented(item) for item in node] if isinstance(node, list) else node


def _entry(slug: str) -> WeaknessEntry:
    row = TABLE[slug]
    return WeaknessEntry(row.cwe, row.title, row.severity, row.attack, row.fix, row.url)


if __name__ == "__main__":
    print(schema(), end="")
