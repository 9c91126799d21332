"""Where a repository's own configuration asks for less than what is shipped: a pull request may have brought it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bluehook.config import in_ci
from bluehook.findings import Problem

if TYPE_CHECKING:
    from bluehook.cli._session import Session
    from bluehook.config import Config

_MOST = 8
_TEXTS = ("fail-on", "instructions.")
"""What says how texts are judged; seldom set, so that it is told on every machine."""


def notes(session: Session, *, texts: bool = False) -> list[Problem]:
    """A note for each configuration of the repository that is looser; none where the user named the file.

    For code only in CI, where strangers' changes are judged: most projects leave something out, and those who work on
    one know it. Of the keys for ``texts`` it is told everywhere.
    """
    everywhere = in_ci(os.environ)
    if session.named or not (everywhere or texts):
        return []
    found = []
    for config in session.configs.met():
        keys = [key for key in _looser(config) if everywhere or (texts and key.startswith(_TEXTS))]
        if keys:
            told = ", ".join(keys[:_MOST]) + (f" and {len(keys) - _MOST} more" if len(keys) > _MOST else "")
            reason = (
                f"asks for less than what is shipped ({told}); where strangers may change it, name one with --config"
            )
            found.append(Problem("config", reason, config.file, incomplete=False))
    return found


def _looser(config: Config) -> Iterator[str]:
    """The keys of the file that leave out, hide or let pass what the defaults would not, in the order of the file."""
    values = {row.key: row.value for row in config.rows()}
    keys = config.file_keys()
    least = _least_scores() if any(key.startswith("instructions.") for key in keys) else {}
    for key in keys:
        value = values.get(key)
        if (
            (key in ("ignore", "exclude", "sanitizers", "baseline") and value)
            or (key == "fail-on" and value in ("proven", "never"))
            or (key == "on-incomplete" and value == "warn")
            or (key == "test-profile" and value == "off")
            or (key == "per-path" and any(each.ignore or each.test for each in config.settings.per_path))
            or (key.startswith("engines.") and value is False)
            or (key == "verify.enabled" and value is False)
            or (key == "instructions.only-certain" and value is True)
            or (key in least and isinstance(value, float | int) and value > least[key])
            or key in ("test-paths", "instructions.files", "instructions.prompts")
        ):
            yield key


def _least_scores() -> dict[str, float]:
    """The lowest shipped score of each key, over all that texts may be."""
    from bluehook.instructions.limits import KEYS
    from bluehook.text.thresholds import SHIPPED

    found: dict[str, float] = {}
    for tasks in SHIPPED.values():
        for task, scores in tasks.items():
            for word, score in (("block", scores.block), ("warn", scores.warn)):
                key = f"instructions.{KEYS[task]}.{word}"
                found[key] = min(score, found.get(key, 1.0))
    return found
