"""A commit message as git will keep it: what a ``commit-msg`` hook is given may still hold what git takes out."""

from __future__ import annotations

import re
from typing import NamedTuple

_SCISSORS = " ------------------------ >8 ------------------------"


_KEEPING = ("whitespace", "verbatim", "scissors")
"""What ``commit.cleanup`` may be besides ``strip`` and the default."""


class Cleanup(NamedTuple):
    """What git does to a message after the hook: take out lines that begin with ``mark``, and what is below a line of
    scissors.
    """

    comments: bool = True
    scissors: bool = True
    mark: str = "#"


STRIP = Cleanup()
"""What git does to a message that was written in an editor."""


def cleanup(mode: str, mark: str, *, edited: bool) -> Cleanup:
    """What git will do.

    :param mode: ``commit.cleanup``, empty where it is not set. ``--cleanup`` on the command line no hook is told of.
    :param mark: ``core.commentChar``, empty where it is not set.
    :param edited: whether git opened an editor; a message given with ``-m`` or ``-F`` keeps lines with ``#``.
    """
    comments = mode == "strip" or (edited and mode not in _KEEPING)
    return Cleanup(comments, edited, "#" if mark in ("", "auto") else mark)


def kept(text: str, how: Cleanup) -> str:
    """The message, with blanks for what git takes out, so that every place in it stays where it was."""
    if how.scissors:
        text = _above_scissors(text, how.mark)
    if how.comments:
        comment = re.compile(rf"^{re.escape(how.mark)}.*$", re.MULTILINE)
        text = comment.sub(lambda line: " " * len(line[0]), text)
    return text


def _above_scissors(text: str, mark: str) -> str:
    """Without the diff that ``git commit -v`` puts below the message. A line of scissors with anything else below it
    is not git's own, and git keeps what is there.
    """
    cut = re.search(rf"^{re.escape(mark)}{_SCISSORS}$", text, re.MULTILINE)
    if cut is None:
        return text
    below = [line for line in text[cut.end() :].split("\n") if line.strip() and not line.startswith(mark)]
    return text[: cut.start()] if not below or below[0].startswith("diff --") else text
