"""What depends on a condition: what is returned, kept, set, changed, called or refused where it holds or does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from bluehook.detect.bias.ascent import Ascent
from bluehook.detect.bias.lexicon import listed
from bluehook.detect.bias.naming import Naming
from bluehook.detect.bias.syntax import child, first, function_around, up
from bluehook.parse import ParsedFile

_MOST_STATEMENTS = 80
_KEEPING = listed("append add insert extend appendleft push put remove discard append_row update setdefault")
_SIMPLE_VALUES = frozenset({"true", "false", "integer", "float", "unary_operator", "string", "none"})


class Outcome(NamedTuple):
    """One thing that depends on the condition.

    ``kind`` is ``keeps`` (somebody becomes or does not become a member), ``returns``, ``sets``, ``counts``,
    ``changes`` (a number grows or shrinks), ``calls`` or ``raises``. ``names`` are what the outcome is called: targets,
    keys, functions, ``said`` the strings it consists of. ``leaves`` tells that the value leaves the function, which
    then names it too; ``constant`` that it is a literal.
    """

    kind: str
    names: tuple[str, ...]
    said: tuple[str, ...]
    text: str
    node: Node
    leaves: bool = False
    constant: bool = False


class Outcomes:
    """The outcomes of conditions in one file."""

    def __init__(self, file: ParsedFile) -> None:
        self._file = file
        self._naming = Naming(file)

    def of(self, node: Node, branches: tuple[Node, ...]) -> list[Outcome]:
        """What depends on the value of an expression, or on which of these blocks is run."""
        if branches:
            return [outcome for block in branches for outcome in self._block(block)]
        return list(self._upwards(node))

    def _upwards(self, node: Node) -> Iterator[Outcome]:
        passed = Ascent(self._file, self._naming)
        inner = node
        for around in up(node):
            if not passed.passes(around, inner):
                yield from self._at_the_end(around, inner, passed)
                return
            inner = around

    def _at_the_end(self, statement: Node, inner: Node, passed: Ascent) -> Iterator[Outcome]:
        """What becomes of a value in the statement that it comes to."""
        kind = statement.type
        if kind in ("if_statement", "elif_clause", "while_statement"):
            if child(statement, "condition") == inner:
                yield from self._branches(statement)
        elif kind in ("assignment", "augmented_assignment"):
            yield self._assigned(statement, passed)
        elif kind in ("return_statement", "yield"):
            keeps = passed.kept or kind == "yield"
            yield self._outcome("keeps" if keeps else "returns", passed.names, passed.said, statement, leaves=True)
        elif kind == "expression_statement" and passed.names:
            leaves = not self._naming.returned_from(function_around(self._file, statement)).isdisjoint(passed.names)
            yield self._outcome(
                "keeps" if passed.kept else "calls", passed.names, passed.said, statement, leaves=leaves
            )
        elif kind == "for_statement":
            # for p in (q for q in people if q.race == "white"): the body is for these.
            body = child(statement, "body")
            yield from self._block(body) if body is not None else ()

    def _assigned(self, statement: Node, passed: Ascent) -> Outcome:
        left = child(statement, "left")
        target = self._naming.name(left) if left is not None else ""
        leaves = target in self._naming.returned_from(function_around(self._file, statement))
        kind = "changes" if statement.type == "augmented_assignment" else "keeps" if passed.kept else "sets"
        names = [*passed.names, target, *self._naming.keys(left)]
        return self._outcome(kind, names, passed.said, statement, leaves=leaves)

    def _branches(self, statement: Node) -> Iterator[Outcome]:
        block = child(statement, "consequence") or child(statement, "body")
        if block is None:
            return
        found = list(self._block(block))
        yield from found
        alternatives = [item for item in statement.children if item.type in ("elif_clause", "else_clause")]
        for alternative in alternatives:
            inner = child(alternative, "consequence") or child(alternative, "body")
            yield from self._block(inner) if inner is not None else ()
        last = [item for item in block.named_children if item.type != "comment"]
        if statement.type == "elif_clause" and statement.parent is not None:
            statement = statement.parent
        if last and last[-1].type in ("continue_statement", "break_statement", "return_statement"):
            after = statement.next_named_sibling
            for _ in range(_MOST_STATEMENTS):
                if after is None:
                    break
                yield from self._statement(after)
                # What follows a return is the other answer, the next one only.
                ends = ("return_statement", "if_statement", "raise_statement")
                if last[-1].type == "return_statement" and after.type in ends:
                    break
                after = after.next_named_sibling

    def _block(self, block: Node) -> Iterator[Outcome]:
        for statement in block.named_children[:_MOST_STATEMENTS]:
            yield from self._statement(statement)

    def _statement(self, statement: Node) -> Iterator[Outcome]:
        kind = statement.type
        if kind == "expression_statement":
            inner = first(statement)
            if inner is None:
                return
            if inner.type in ("assignment", "augmented_assignment"):
                yield self._set(inner)
            elif inner.type == "call":
                yield self._called(inner)
            elif inner.type == "yield":
                yield self._outcome("keeps", [], [], inner, leaves=True)
        elif kind == "return_statement":
            value = first(statement)
            said = [text] if value is not None and (text := self._naming.string(value)) else []
            names = [self._naming.name(value)] if value is not None else []
            if value is not None and value.type in ("dictionary", "call", "tuple", "expression_list"):
                more_names, more_said = self._naming.inside(value)
                names, said = names + more_names, said + more_said
            constant = value is None or value.type in _SIMPLE_VALUES
            yield self._outcome("returns", names, said, statement, leaves=True, constant=constant)
        elif kind == "raise_statement":
            value = first(statement)
            raised = child(value, "function") if value is not None and value.type == "call" else value
            yield self._outcome("raises", [self._naming.name(raised)] if raised is not None else [], [], statement)
        elif kind in ("if_statement", "for_statement", "while_statement", "with_statement", "try_statement"):
            for item in statement.named_children:
                if item.type == "block":
                    yield from self._block(item)
                elif item.type in ("else_clause", "elif_clause"):
                    inner = child(item, "consequence") or child(item, "body")
                    yield from self._block(inner) if inner is not None else ()

    def _set(self, statement: Node) -> Outcome:
        left, right = child(statement, "left"), child(statement, "right")
        target = self._naming.name(left) if left is not None else ""
        names = [target, *self._naming.keys(left)]
        said = [text] if right is not None and (text := self._naming.string(right)) else []
        if right is not None and right.type == "call":
            callee = child(right, "function")
            names += [self._naming.name(callee)] if callee is not None else []
        kind = "changes" if statement.type == "augmented_assignment" or self._again(target, right) else "sets"
        if kind == "changes" and right is not None and self._file.node_text(right) == "1":
            kind = "counts"
        leaves = target in self._naming.returned_from(function_around(self._file, statement))
        constant = right is not None and right.type in _SIMPLE_VALUES
        return self._outcome(kind, names, said, statement, leaves=leaves, constant=constant)

    def _again(self, target: str, right: Node | None) -> bool:
        """Whether a value is made from the one before (``score = score * 2``)."""
        return (
            bool(target)
            and right is not None
            and right.type == "binary_operator"
            and target in self._file.node_text(right)
        )

    def _called(self, call: Node) -> Outcome:
        callee = child(call, "function")
        name = self._naming.name(callee) if callee is not None else ""
        receiver = ""
        if callee is not None and callee.type == "attribute":
            before = child(callee, "object")
            receiver = self._naming.name(before) if before is not None else ""
            keys = self._naming.keys(before)
        else:
            keys = ()
        if name in _KEEPING:
            leaves = receiver in self._naming.returned_from(function_around(self._file, call))
            names, said = self._naming.inside(call) if name == "update" else ([], [])
            return self._outcome("keeps", [receiver, *keys, *names], said, call, leaves=leaves)
        _, said = self._naming.inside(call)
        return self._outcome("calls", [name, receiver, *keys], said if name not in ("print", "format") else [], call)

    def _outcome(
        self, kind: str, names: list[str], said: list[str], node: Node, *, leaves: bool = False, constant: bool = False
    ) -> Outcome:
        text = " ".join(self._file.node_text(node).split())
        shown = text if len(text) <= 80 else text[:77] + "..."
        return Outcome(kind, tuple(name for name in names if name), tuple(said), shown, node, leaves, constant)
