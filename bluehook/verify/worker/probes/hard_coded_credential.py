"""Secrets that the code holds: one that opens when it is given, and one that is handed to a service.

The first is seen by calling: with a constant of the code for a password the answer is yes, with another text no. The
second by stand-ins, which see what a client is made with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..drive.run import Run
from ..observe.record import Event
from .base import Relation, Runner, UseProbe

_PASSWORD = re.compile(r"pass(word|wd|phrase|code)?s?\b|pwd|(?<![a-z])pin\b", re.I)
_SECRET = re.compile(r"secret|token|api_?key|auth", re.I)
"""Names of what a request proves itself with; elsewhere tokens are words of a language."""
_PLACEHOLDER = re.compile(r"none|null|true|false|default|prompt|ask|env\w*|file|stdin|-+|\W*|\*+|password|x+", re.I)
_TOLD = ("redirect", "html", "cookie", "header", "session")


class Opens(Relation):
    """A password that is compared with a constant of the code."""

    weakness = "hard-coded-credential"

    def examine(self, runner: Runner) -> Iterator[tuple[str, dict[str, Any], str]]:
        """The password's slot and the call that is let in, when the same call with another password is not."""
        names = [name for name in runner.parameters() if _PASSWORD.search(name)]
        names += [name for name in runner.incoming() if _PASSWORD.search(name) or _SECRET.search(name)]
        for name in names:
            for word in self._words(runner, name):
                rest = {other: known[0] for other in runner.compared()
                        if other != name and (known := self._words(runner, other))}  # fmt: skip
                shut = runner.run({**rest, name: word + "x"})
                let_in = runner.run({**rest, name: word})
                if _differ(let_in, shut):
                    values = {**rest, name: word}
                    yield name, values, f"{word!r}, which stands in the code, is let in, and another password is not"
                    return

    @staticmethod
    def _words(runner: Runner, name: str) -> list[str]:
        """What the slot was compared with that the code spells out."""
        known = runner.compared().get(name, [])
        return [one for one in known if isinstance(one, str) and one in runner.constants
                and len(one) > 2 and not _PLACEHOLDER.fullmatch(one)]  # fmt: skip


def _differ(let_in: Run, shut: Run) -> bool:
    """Whether the first answer is a yes and the second a no."""
    if let_in.error:
        return False
    if shut.error:
        return "zq" not in shut.error and let_in.returned is not None
    if isinstance(let_in.returned, bool) or isinstance(shut.returned, bool):
        return bool(let_in.returned) and not shut.returned
    told = [[(event.kind, event.text) for event in run.events if event.kind in _TOLD] for run in (let_in, shut)]
    return told[0] != told[1]


class HandedOver(UseProbe):
    """A constant with which the code makes itself known to a service."""

    weakness = "hard-coded-credential"
    kinds = frozenset({"credential"})

    def used(self, event: Event, run: Run) -> str:
        """What was handed to whom; the secret itself is told by its beginning only."""
        secret = event.text[:3] + "..." if len(event.text) > 8 else event.text
        return f"{event.details['call']} was given {secret!r}, which stands in the code, as {event.details['name']}"


PROBES = [Opens(), HandedOver()]
