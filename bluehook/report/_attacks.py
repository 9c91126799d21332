"""What ``bluehook verify`` prints: how the attacks on one function ended, family by family."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from bluehook.findings import Evidence
from bluehook.report._explain import wrapped
from bluehook.report._visible import visible
from bluehook.weaknesses import TABLE

_ORDER = ("proven", "likely", "neutralised", "insensitive")
_BRIEFLY = ("call", "payload", "reproduction")
_TITLE = ("ending", "function", "effect")
"""Details that the head line and the sentence below it have told already."""


def attack_page(name: str, evidence: Sequence[Evidence], trace: bool, width: int) -> str:
    """Each ending with its weakness and its sentence, gravest first; then what stopped the families that found no sink.

    With ``trace`` all that is known of each attempt, and the names of those families. ``width`` is in columns.
    """
    arrived = [piece for piece in evidence if _ending(piece) in _ORDER]
    stopped: dict[str, list[str]] = defaultdict(list)
    for piece in evidence:
        if _ending(piece) not in _ORDER:
            stopped[piece.message].append(_slug(piece))
    lines = [visible(name)]
    for piece in sorted(arrived, key=lambda piece: _ORDER.index(_ending(piece))):
        lines += _one(piece, trace, width)
    for message, slugs in stopped.items():
        many = len(slugs) > 1 and not trace
        lines.append(f"  not attacked: {f'{len(slugs)} families' if many else ', '.join(map(visible, slugs))}")
        lines += wrapped(visible(message), "    ", "    ", width)
    return "\n".join(lines) + "\n"


def _one(piece: Evidence, trace: bool, width: int) -> Iterator[str]:
    slug = _slug(piece)
    cwe = f" (CWE-{TABLE[slug].cwe})" if slug in TABLE else ""
    yield f"  {_ending(piece)}: {visible(slug)}{cwe}"
    yield from wrapped(visible(piece.message), "    ", "    ", width)
    for key, text in piece.details.items():
        if key in _BRIEFLY or (trace and key not in _TITLE):
            yield f"    {visible(key):<12} {visible(text)}"


def _slug(piece: Evidence) -> str:
    return piece.rule.partition(":")[0]


def _ending(piece: Evidence) -> str:
    return piece.rule.partition(":")[2]
