"""Missing authorisation: the answer does not depend on who asks.

A metamorphic oracle: where one parameter says who acts and another which object is meant, the same object is asked
for by several users, one of them unknown. A positive answer that is the same for all of them was checked by nobody.
Business rules are not known here, so the ending is likely at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..drive.run import Run
from .base import Relation, Runner

_ACTOR = re.compile(r"'(current|active|acting|actor|curr|req|requester|requesting|caller|viewer|logged\w*|auth\w*|my)"
                    r"_?(user)?(_?id|name)?'|'user(_?id|name)?'", re.I)  # fmt: skip
_OBJECT = re.compile(r"_?id'|cid'|number'|'(target|targ|owner|client|customer|account|profile|document|doc|file|post|"
                     r"order|invoice|project|record|resource|item)", re.I)  # fmt: skip
_STRANGER = 987_654


class SameForAll(Relation):
    """Functions with an actor and an object among their parameters."""

    weakness = "missing-authorization"

    def examine(self, runner: Runner) -> Iterator[tuple[str, dict[str, Any], str]]:
        """The actor's slot, the values of the last call, and a sentence, when every actor got the same."""
        actors = [name for name in runner.parameters() if _ACTOR.search(name)]
        objects = [name for name in runner.parameters() if _OBJECT.search(name) and name not in actors[:1]]
        if not actors or not objects:
            return
        keys = [value for value in runner.constants if type(value) is int][:24]
        fillers = self._fillers(runner, {actors[0], objects[0]})
        for extra in fillers:
            for key in keys:
                answers = [self._answer(runner.run({**extra, actors[0]: actor, objects[0]: key}))
                           for actor in (_STRANGER, *keys[:3])]  # fmt: skip
                nothing = self._answer(runner.run({**extra, actors[0]: keys[0], objects[0]: _STRANGER}))
                if answers[0] not in ("", nothing) and len(set(answers)) == 1:
                    yield (
                        actors[0],
                        {**extra, actors[0]: _STRANGER, objects[0]: key},
                        (f"an unknown user got the same for object {key} as all others: {answers[0][:120]}"),
                    )
                    return

    def _fillers(self, runner: Runner, taken: set[str]) -> list[dict[str, Any]]:
        """Values for a further parameter that chooses what is done: each text constant of the code."""
        others = [name for name in runner.parameters() if name not in taken]
        texts = [value for value in runner.constants if isinstance(value, str) and value.isalnum()][:8]
        return [{}] + [{name: value} for name in others[:2] for value in texts]

    def _answer(self, run: Run) -> str:
        """What came back, empty for nothing and for a refusal."""
        if run.error or run.returned in (None, False):
            return ""
        return repr(run.returned)


PROBES = [SameForAll()]
