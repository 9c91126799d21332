"""One file: its conditions on protected attributes, weighed, each as a detection."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from bluehook.detect import Report
from bluehook.detect.bias.conditions import LOOSE, Condition, Conditions
from bluehook.detect.bias.lexicon import attribute_named
from bluehook.detect.bias.outcomes import Outcome, Outcomes
from bluehook.detect.bias.queries import queries
from bluehook.detect.bias.syntax import child, function_around, up
from bluehook.detect.bias.vocabulary import explains, is_clinical, words_of
from bluehook.detect.bias.weigh import Place, Weighed, weigh, words_told
from bluehook.findings import Detection, Evidence, Location, Problem, Says
from bluehook.parse import Class, ParsedFile

WEAKNESS = "biased-code"
_MOST_STEPS = 2
_MOST_USES = 12
_LONGEST_CONTEXT = 4000
_NAME = re.compile(r"[A-Za-z_]\w{2,}")


def look(file: ParsedFile, report: Report) -> None:
    """Add what a file decides on protected attributes, one detection a statement and attribute."""
    looker = _Looker(file)
    for condition in looker.conditions:
        looker.look(condition, _MOST_STEPS)
    for condition, outcomes, settled in queries(file, looker.conditions, looker.outcomes):
        looker.judge(condition, outcomes, settled)
    report.detections += looker.found.values()
    if looker.conditions.reads.exhausted:
        reason = "it reads protected attributes in too many places: the last ones were not looked at"
        report.problems.append(Problem("bias", reason, file.path))


class _Looker:
    def __init__(self, file: ParsedFile) -> None:
        self._file = file
        self._followed: set[tuple[int, int]] = set()
        self._words_of: dict[tuple[int, int], frozenset[str]] = {}
        self.conditions = Conditions(file)
        self.outcomes = Outcomes(file)
        self.found: dict[tuple[int, str], Detection] = {}

    def look(self, condition: Condition, steps: int) -> None:
        """Weigh a condition by what depends on it, and where nothing is decided by what depends on that in turn."""
        outcomes = self.outcomes.of(condition.node, condition.branches)
        if self.judge(condition, outcomes) or steps == 0:
            return
        for outcome in outcomes:
            for use in self._uses(condition, outcome):
                if use.byte_range not in self._followed:
                    self._followed.add(use.byte_range)
                    indirect = condition.indirect or not _holds(outcome.node, condition.node)
                    self.look(condition._replace(node=use, branches=(), indirect=indirect), steps - 1)

    def judge(self, condition: Condition, outcomes: list[Outcome], settled: Says | None = None) -> bool:
        """Weigh and keep; whether there is no more to be shown.

        ``settled`` is the claim where the outcome says it all.
        """
        weighed = weigh(condition, outcomes, self._place(condition))
        if settled is not None and outcomes and (weighed is None or weighed.says is not Says.SHOWS):
            weighed = Weighed(settled, outcomes[0], "")
        if weighed is None:
            return False
        found = _detection(condition, weighed, self._location(condition))
        key = (found.location.line, found.evidence.rule)
        before = self.found.get(key)
        if before is None or (before.evidence.says is not Says.SHOWS and weighed.says is Says.SHOWS):
            self.found[key] = found
        return weighed.says is Says.SHOWS or condition.force == LOOSE

    def _uses(self, condition: Condition, outcome: Outcome) -> Iterator[Node]:
        """Where the value that depends on the condition goes: uses of a variable, calls of the function."""
        key = condition.attribute.key
        function = function_around(self._file, outcome.node)
        if explains(words_told(outcome), key) or any(attribute_named(name) for name in outcome.names):
            return
        if outcome.kind == "sets" and outcome.node.type == "assignment":
            left = child(outcome.node, "left")
            if left is not None and left.type == "identifier" and function is not None:
                uses = self.conditions.reads.uses.of(self._file.node_text(left), function)
                yield from [use for use in uses if use.start_byte > outcome.node.end_byte][:_MOST_USES]
        elif outcome.kind == "returns" and function is not None and not explains(words_of(function.name), key):
            calls = []
            for use in self.conditions.reads.uses.of(function.name, None):
                callee = use.parent if use.parent is not None and use.parent.type == "attribute" else use
                if (
                    callee.parent is not None
                    and callee.parent.type == "call"
                    and child(callee.parent, "function") == callee
                ):
                    calls.append(callee.parent)
            yield from calls[:_MOST_USES]

    def _place(self, condition: Condition) -> Place:
        function = function_around(self._file, condition.node)
        owner = function.parent.name if function is not None and isinstance(function.parent, Class) else ""
        people = [condition.subject, *self._iterated(condition.node)]
        parameters = function.parameters if function is not None else ()
        annotated = [parameter.annotation or "" for parameter in parameters]
        statement = next((item for item in up(condition.node) if item.type.endswith(("statement", "clause"))), None)
        return Place(
            words_of(function.name) if function is not None else frozenset(),
            words_of(owner),
            words_of(*people),
            words_of(*(parameter.name for parameter in parameters), *annotated),
            is_clinical(self._words(statement), self._words(function.node if function is not None else None)),
        )

    def _words(self, node: Node | None) -> frozenset[str]:
        """The words of the names in a piece of code."""
        if node is None:
            return frozenset()
        known = self._words_of.get(node.byte_range)
        if known is None:
            text = self._file.node_text(node)[:_LONGEST_CONTEXT]
            known = self._words_of[node.byte_range] = words_of(*set(_NAME.findall(text)))
        return known

    def _iterated(self, node: Node) -> Iterator[str]:
        """What the loops, comprehensions and calls with a function around a condition go through."""
        for around in up(node):
            if around.type == "for_statement":
                right = child(around, "right")
                yield self._file.node_text(right)[:80] if right is not None else ""
            elif around.type.endswith("comprehension") or around.type == "generator_expression":
                for clause in around.named_children:
                    right = child(clause, "right") if clause.type == "for_in_clause" else None
                    yield self._file.node_text(right)[:80] if right is not None else ""
            elif around.type == "lambda":
                call = next((item for item in up(around) if item.type == "call"), None)
                yield self._file.node_text(call)[:80] if call is not None else ""
            elif around.type == "function_definition":
                return

    def _location(self, condition: Condition) -> Location:
        place = self._file.location(condition.node)
        if condition.branches:
            return Location(place.path, place.line, place.column, place.line, place.column + len("match"))
        return place


def _detection(condition: Condition, weighed: Weighed, location: Location) -> Detection:
    """The finding as it is told: the attribute, the group, and what depends on it."""
    attribute, outcome = condition.attribute, weighed.outcome.text
    group = f" ({', '.join(repr(group) for group in condition.groups[:4])})" if condition.groups else ""
    named = f", a matter of '{weighed.word}'" if weighed.word else ""
    message = (
        f"{condition.asked} asks for {attribute.told}{group}, and on the answer depends `{outcome}`{named}. Where a "
        "law or a measurement asks for it, an ignore comment says so."
    )
    details = {"attribute": attribute.key, "values": ", ".join(condition.groups[:8]), "outcome": outcome}
    rule = f"{WEAKNESS}.{attribute.key.replace(' ', '-')}"
    return Detection(WEAKNESS, location, Evidence("bias", rule, weighed.says, message, details=details))


def _holds(outer: Node, inner: Node) -> bool:
    return outer.start_byte <= inner.start_byte and inner.end_byte <= outer.end_byte
