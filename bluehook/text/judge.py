"""Judge a text: take its disguises off, read prose and code apart, and weigh what they ask for."""

from __future__ import annotations

from collections.abc import Collection

from bluehook.text.judgement import Band, Judgement, Opinion, Surface, Task

ALL = frozenset(Task)
"""Every task."""


def judge(text: str, *, surface: Surface | str = Surface.PROSE, tasks: Collection[Task] = ALL) -> Judgement:
    """What a text asks for. Never raises on what the text holds, and takes time linear in its length.

    ``surface`` says where it stands (:class:`Surface` or its value); ``tasks`` what it is judged for.
    """
    # No model is trained yet, and not knowing is an answer of its own.
    unknown = "there is no trained model to judge by"
    opinions = tuple(Opinion(task=task, score=0.0, band=Band.UNSURE, reason=unknown) for task in Task if task in tasks)
    return Judgement(surface=Surface(surface), opinions=opinions, incomplete=unknown)
