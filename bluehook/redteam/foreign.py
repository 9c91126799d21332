"""Requests in other languages, harm and twin, written one by one: translation by template would teach the template."""

from __future__ import annotations

from importlib import resources


def requests(name: str = "foreign") -> list[tuple[bool, str, str]]:
    """Whether it is unsafe, the language, the text."""
    text = (resources.files("bluehook.redteam") / "policies" / f"{name}.txt").read_text("utf-8")
    rows = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(row[0] == "-", row[2:4], row[5:].strip()) for row in rows]
