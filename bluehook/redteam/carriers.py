"""Where a text stands when a model meets it: each carrier holds harmful and harmless texts alike."""

from __future__ import annotations

import random
from collections.abc import Callable

Carrier = Callable[[random.Random, str, str], str]
"""Puts a text into a carrier; the second text is ordinary, and stands around it where there is room."""


def _plain(pick: random.Random, text: str, around: str) -> str:
    return text


def _readme(pick: random.Random, text: str, around: str) -> str:
    title = pick.choice(("Usage", "Notes", "Development", "About", "FAQ", "Contributing"))
    return f"## {title}\n\n{around}\n\n{text}\n"


def _paragraph(pick: random.Random, text: str, around: str) -> str:
    return f"{around} {text}" if pick.random() < 0.5 else f"{text} {around}"


def _comment(pick: random.Random, text: str, around: str) -> str:
    line = " ".join(text.split())
    return pick.choice(
        (f"# {line}", f"// {line}", f"/* {line} */", f"def load(path):\n    # {line}\n    return path", f"-- {line}")
    )


def _unseen(pick: random.Random, text: str, around: str) -> str:
    return pick.choice((f"<!-- {text} -->", f'<div class="note">{text}</div>', f"<p>{around}</p>\n<p>{text}</p>"))


def _issue(pick: random.Random, text: str, around: str) -> str:
    return f"**Describe the bug**\n{around}\n\n**Additional context**\n{text}"


def _mail(pick: random.Random, text: str, around: str) -> str:
    subject = pick.choice(("Re: minutes", "Invoice 3307", "Your order", "Friday", "Fwd: draft", "Question"))
    return f"Subject: {subject}\n\nHi,\n{text}\nBest, {pick.choice(('Kim', 'Jo', 'R. Haas', 'the team'))}"


def _log(pick: random.Random, text: str, around: str) -> str:
    line = " ".join(text.split())
    stamp = f"2026-0{pick.randint(1, 9)}-1{pick.randint(0, 9)}T0{pick.randint(0, 9)}:1{pick.randint(0, 9)}:07"
    return pick.choice((f'{stamp} INFO agent="{line}"', f"{stamp} WARN input rejected: {line}", f"[error] {line}"))


def _table(pick: random.Random, text: str, around: str) -> str:
    line = " ".join(text.split()).replace('"', "'")
    return pick.choice((f'id,name,remark\n4,Lena,"{line}"', f"| name | remark |\n|---|---|\n| Tom | {line} |"))


def _list(pick: random.Random, text: str, around: str) -> str:
    first = around.split(". ")[0]
    return f"- {first}\n- {text}" if pick.random() < 0.5 else f"1. {text}\n2. {first}"


def _skill(pick: random.Random, text: str, around: str) -> str:
    name = pick.choice(("pdf-tools", "release-notes", "data-entry", "review"))
    return f"---\nname: {name}\ndescription: Helps with {name.replace('-', ' ')}\n---\n\n{text}"


def _tool(pick: random.Random, text: str, around: str) -> str:
    line = " ".join(text.split()).replace('"', "'")
    name = pick.choice(("get_page", "list_items", "convert", "lookup"))
    return pick.choice((f'{{"name": "{name}", "description": "{line}"}}', f"{name}: {line}"))


def _chat(pick: random.Random, text: str, around: str) -> str:
    name = pick.choice(("dana", "Speaker 2", "sam", "guest"))
    return f"[10:4{pick.randint(0, 9)}] {name}: {text}"


CARRIERS: dict[str, Carrier] = {
    "plain": _plain, "readme": _readme, "paragraph": _paragraph, "comment": _comment, "unseen": _unseen,
    "issue": _issue, "mail": _mail, "log": _log, "table": _table, "list": _list, "skill": _skill, "tool": _tool,
    "chat": _chat,
}  # fmt: skip
