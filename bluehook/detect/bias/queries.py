"""Attributes in the language of stores: SQL text, filters of object mappers and document stores, data frame queries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from bluehook.detect.bias.conditions import SHORT, SURE, Condition, Conditions
from bluehook.detect.bias.lexicon import Attribute, attribute_named, strength
from bluehook.detect.bias.outcomes import Outcome, Outcomes
from bluehook.detect.bias.syntax import child, function_around, up
from bluehook.detect.bias.vocabulary import PERSON, decides, words_of
from bluehook.findings import Says
from bluehook.parse import ParsedFile

_SQL = re.compile(r"^\s*(select|update|delete|with|replace)\b", re.IGNORECASE)
_PREDICATE = re.compile(
    r"[\"`\[]?([A-Za-z_]\w{1,40})[\"`\]]?\s{0,4}(?:=|!=|<>|\bnot\s+in\b|\bin\b|\bi?like\b|==)\s{0,4}\(?\s{0,4}"
    r"((?:'[^'\n]{1,40}'\s{0,4},?\s{0,4}){1,20}|(?:\"[^\"\n]{1,40}\"\s{0,4},?\s{0,4}){1,20})",
    re.IGNORECASE,
)
_COUNTS = re.compile(r"\b(?:count|avg|sum|stddev|median|percentile_cont)\s*\(|\bgroup\s+by\b", re.IGNORECASE)
_TABLE = re.compile(r"\b(?:from|update|join|into)\s+[\"`\[]?([A-Za-z_][\w.]{0,60})", re.IGNORECASE)
_SET = re.compile(r"\bset\b(.{1,400}?)(?:\bwhere\b|$)", re.IGNORECASE | re.DOTALL)
_ALIAS = re.compile(r"\bas\s+[\"`]?([A-Za-z_]\w{0,60})", re.IGNORECASE)
_CASE = re.compile(r"\bcase\b.{1,600}?\bend\b(?:\s+as\s+\w+)?", re.IGNORECASE | re.DOTALL)
_FILTERS = frozenset({"filter", "exclude", "filter_by", "get", "where", "find", "find_one", "search", "get_or_none"})
_DOCUMENT_FILTERS = frozenset(
    {"find", "find_one", "delete_many", "delete_one", "update_many", "update_one", "find_one_and_update"}
)
_LONGEST = 20_000

Query = tuple[Condition, list[Outcome], Says | None]


def queries(file: ParsedFile, conditions: Conditions, outcomes: Outcomes) -> Iterator[Query]:
    """What the queries of a file select, set or remove by an attribute: condition, outcomes, and a settled claim."""
    looker = _Queries(file, conditions, outcomes)
    for node in conditions.reads.queries:
        yield from looker.text(node)
    for attribute, node in conditions.reads.keywords:
        yield from looker.keyword(attribute, node)


class _Queries:
    def __init__(self, file: ParsedFile, conditions: Conditions, outcomes: Outcomes) -> None:
        self._file = file
        self._bindings = conditions.bindings
        self._outcomes = outcomes

    def text(self, node: Node) -> Iterator[Query]:
        """A string that is SQL, or the text of a data frame's query."""
        said = "".join(self._file.node_text(part) for part in node.named_children if part.type == "string_content")
        if len(said) > _LONGEST:
            return
        is_sql = _SQL.match(said) is not None
        if not is_sql and self._callee(node) not in ("query", "eval"):
            return
        for match in _PREDICATE.finditer(said):
            attribute = attribute_named(match[1])
            values = re.findall(r"""['"]([^'"]+)['"]""", match[2])
            if attribute is not None:
                yield from self._predicate(node, said, attribute, match[1], values, is_sql)

    def _predicate(
        self, node: Node, said: str, attribute: Attribute, name: str, values: list[str], is_sql: bool
    ) -> Iterator[Query]:
        condition = self._condition(attribute, node, name, values)
        if condition is None:
            return
        outcomes = self._outcomes.of(node, ())
        if not is_sql:
            yield condition, [outcome._replace(kind="keeps") for outcome in outcomes], None
            return
        verb = said.split(None, 1)[0].lower()
        tables = [table.rpartition(".")[2] for table in _TABLE.findall(said)]
        names = [*tables, *_ALIAS.findall(said)]
        if verb in ("update", "replace"):
            names += [part for written in _SET.findall(said) for part in re.findall(r"\w+", written)]
        elif verb == "select" and (_COUNTS.search(said) or _counted(outcomes)):
            return
        names += [part for case in _CASE.findall(said) for part in re.findall(r"\w+", case)]
        function = function_around(self._file, node)
        names += [name for outcome in outcomes for name in outcome.names]
        names += [function.name] if function is not None else []
        shown = " ".join(said.split())
        shown = shown if len(shown) <= 100 else shown[:97] + "..."
        outcome = Outcome("keeps", tuple(names), (), shown, node, leaves=True)
        people = bool(words_of(*tables) & PERSON)
        settled = None
        if verb == "delete" and people:
            settled = Says.SHOWS
        elif people and condition.force == SURE and not attribute.contested and not decides(words_of(*names)):
            settled = Says.SUSPECTS
        if decides(words_of(*names)):
            yield condition, [outcome], settled
        elif settled is not None:
            # What rows are selected for is told by names only: without one, it may be a list that was asked for.
            yield condition._replace(force=SHORT), [outcome], settled

    def keyword(self, attribute: Attribute, node: Node) -> Iterator[Query]:
        """``filter(gender="male")``, ``find({"gender": "male"})``, and a parameter's default."""
        value, key = child(node, "value"), child(node, "name") or child(node, "key")
        values = self._bindings.strings(value) if value is not None else None
        if not values or key is None:
            return
        condition = self._condition(attribute, node, self._file.node_text(key).strip("'\""), values)
        call = next((around for around in up(node) if around.type == "call"), None)
        if condition is None or node.type in ("default_parameter", "typed_default_parameter"):
            if condition is not None:
                yield from self._default(condition, node)
            return
        callee = child(call, "function") if call is not None else None
        if call is None or callee is None or callee.type != "attribute":
            return
        called = self._file.node_text(callee).rpartition(".")[2]
        wanted = _FILTERS if node.type == "keyword_argument" else _DOCUMENT_FILTERS
        direct = node.parent is not None and node.parent.parent is not None
        if called not in wanted or not direct or (node.type == "keyword_argument" and node.parent.parent != call):  # type: ignore[union-attr]
            return
        outcomes = self._outcomes.of(call, ())
        receiver = self._file.node_text(callee)
        kept = [outcome._replace(kind="keeps") for outcome in outcomes]
        removing = called.startswith("delete") or any("delete" in outcome.names for outcome in outcomes)
        settled = Says.SHOWS if removing and words_of(receiver) & PERSON else None
        if not _counted(outcomes):
            yield condition._replace(node=call, subject=receiver[:120]), kept or [self._bare(call)], settled

    def _default(self, condition: Condition, node: Node) -> Iterator[Query]:
        function = function_around(self._file, node.parent or node)
        body = child(node.parent.parent, "name") if node.parent is not None and node.parent.parent is not None else None
        name = self._file.node_text(body) if body is not None else function.name if function is not None else ""
        if decides(words_of(name)) and condition.force == SURE:
            outcome = Outcome("returns", (name,), (), f"{name}()", node, leaves=True)
            yield condition._replace(force=1), [outcome], None

    def _bare(self, call: Node) -> Outcome:
        text = " ".join(self._file.node_text(call).split())
        return Outcome("calls", (), (), text[:80], call)

    def _condition(self, attribute: Attribute, node: Node, name: str, values: list[str]) -> Condition | None:
        named = [value for value in values if strength(attribute, value.strip("%")) == 2]
        short = [value for value in values if strength(attribute, value.strip("%")) == 1]
        if attribute.proxy or not (named or short):
            return None
        asked = f"`{name}` in the query"
        return Condition(attribute, node, "", asked, tuple(named or short), SURE if named else SHORT, name=name)

    def _callee(self, node: Node) -> str:
        parent = node.parent
        call = parent.parent if parent is not None and parent.type == "argument_list" else None
        callee = child(call, "function") if call is not None else None
        return self._file.node_text(callee).rpartition(".")[2] if callee is not None else ""


def _counted(outcomes: list[Outcome]) -> bool:
    return any({"count", "aggregate", "exists", "len", "count_documents"} & set(outcome.names) for outcome in outcomes)
