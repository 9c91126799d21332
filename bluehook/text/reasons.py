"""Why a text was called what it was called, in a sentence for the reader."""

from __future__ import annotations

from collections.abc import Sequence

from bluehook.text.judgement import Task

_LEADS = {
    Task.MALICIOUS: "it asks for a program that harms others",
    Task.INJECTING: "it gives orders to the model that reads it",
    Task.BIASED: "it asks for a decision on who people are",
}


def sentence(task: Task, behaviours: Sequence[str], disguises: Sequence[str]) -> str:
    """What was seen, and under what it was hidden."""
    if behaviours and behaviours[0].startswith("code-"):
        what = behaviours[0].removeprefix("code-").replace("-", " ")
        return f"it carries code that {what}{_under(disguises)}"
    # Short forms of a behaviour are a list of their own, and the same thing to a reader.
    names = dict.fromkeys(name.removesuffix("-short").replace("-", " ") for name in behaviours)
    seen = f" ({', '.join(names)})" if names else ""
    return f"{_LEADS[task]}{seen}{_under(disguises)}"


def _under(disguises: Sequence[str]) -> str:
    return f", hidden by {', '.join(name.replace('-', ' ') for name in disguises)}" if disguises else ""
