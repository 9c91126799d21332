"""Untrusted text inside Markdown (GitHub's and GitLab's flavour): shown as it is, and nothing more.

No markup, no HTML, no links, no ``@mentions`` and ``#references`` that would notify people or tie issues together.
"""

from __future__ import annotations

import re

from bluehook.report._visible import one_line, visible

_MARKUP = {ord(character): f"&#{ord(character)};" for character in "&<>`*_[]|~$\\"}
# Numeric character references do not stop references and autolinks, which are found in the rendered text: only
# something between the characters does. A zero-width space is what GitHub's own bots put there.
_GAP = "&#8203;"
_LINKED = re.compile(r"(@|#|:(?=//)|\bwww(?=\.)|\bGH(?=-\d))", re.IGNORECASE)
_TICKS = re.compile("`+")


def prose(text: str) -> str:
    """Text for a sentence, a table cell or an HTML element: on one line, nothing in it is markup."""
    return _inert(one_line(text))


def code(text: str) -> str:
    """Text as a code span on one line; ``""`` stays empty. Not for tables, see :func:`cell`."""
    shown = visible(text)
    if not shown:
        return ""
    ticks = _fence(shown, 1)
    padding = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{ticks}{padding}{shown}{padding}{ticks}"


def cell(text: str) -> str:
    """Text as code in a table, where a pipe would end the cell even inside a code span."""
    return f"<code>{_inert(visible(text))}</code>" if "|" in text else code(text)


def block(text: str, language: str = "") -> str:
    """Text as a fenced code block; line breaks and tabs stay."""
    shown = visible(text, keep="\n\t")
    fence = _fence(shown, 3)
    return f"{fence}{language}\n{shown}\n{fence}"


def _inert(text: str) -> str:
    # The references that replace markup contain "#", so the gaps go in between pieces, before each is translated.
    pieces = _LINKED.split(text)
    return "".join(piece + _GAP if index % 2 else piece.translate(_MARKUP) for index, piece in enumerate(pieces))


def _fence(text: str, least: int) -> str:
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    return "`" * max(least, longest + 1)
