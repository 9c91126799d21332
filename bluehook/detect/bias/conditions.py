"""What is asked of an attribute that was read: which group, and how surely that is what is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from bluehook.detect.bias.lexicon import Attribute, listed, spoken, strength
from bluehook.detect.bias.reads import Read, Reads
from bluehook.detect.bias.syntax import Bindings, bare, child, first, function_around, up
from bluehook.parse import ParsedFile

SURE, SHORT, LOOSE = 3, 2, 1
"""How much a condition says: a named group; a short form, a default or an unseen table; a number or a proxy."""

_COMPARING_METHODS = listed(
    "startswith endswith isin eq ne in_ notin_ not_in is_ like ilike contains __eq__ equals match"
)
_ORDERS = frozenset({"<", ">", "<=", ">="})
_TRUTHS = frozenset({"true", "false", "True", "False", "1", "0", "None", "none"})
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?$")
_LONGEST_SHOWN = 60


class Condition(NamedTuple):
    """One question put to an attribute.

    ``node`` is the expression whose value depends on the answer. ``asked`` says it in words (``gender is 'female'``),
    ``groups`` are the values named. ``force`` is :data:`SURE`, :data:`SHORT` or :data:`LOOSE`. ``covers`` tells that
    all common values are named, as a check of the input does.
    """

    attribute: Attribute
    node: Node
    subject: str
    asked: str
    groups: tuple[str, ...]
    force: int
    covers: bool = False
    name: str = ""
    """The word that named the attribute."""
    indirect: bool = False
    """Whether a value that was chosen by the answer is used here, and not the answer itself."""
    branches: tuple[Node, ...] = ()
    """Blocks of a match statement, where these are what depends on it."""


class Conditions:
    """The conditions of one file."""

    def __init__(self, file: ParsedFile) -> None:
        self._file = file
        self.bindings = Bindings(file)
        self.reads = Reads(file, self.bindings)

    def __iter__(self) -> Iterator[Condition]:
        for read in self.reads:
            for found in self._of(read):
                yield found._replace(name=read.name)

    def _of(self, read: Read) -> Iterator[Condition]:
        node = self.reads.widest(read.node)
        if read.group:
            yield from self._flag(read, node)
            return
        parent = node.parent
        if parent is None:
            return
        if parent.type == "comparison_operator":
            yield from self._comparison(read, node, parent)
        elif parent.type == "attribute" and child(parent, "object") == node:
            yield from self._method(read, parent)
        elif parent.type == "match_statement" or (parent.type in ("expression_list", "tuple") and _matches(parent)):
            yield from self._match(read, parent if parent.type == "match_statement" else parent.parent or parent)
        elif parent.type == "subscript" and child(parent, "value") != node:
            yield from self._table(read, parent, child(parent, "value"))
        elif parent.type == "tuple" and parent.parent is not None and parent.parent.type == "subscript":
            yield from self._table(read, parent.parent, child(parent.parent, "value"))
        elif parent.type == "argument_list":
            yield from self._argument(read, node, parent)
        elif parent.type == "binary_operator" and _is_arithmetic(parent) and read.attribute.key != "age group":
            yield Condition(read.attribute, node, read.subject, f"`{self._shown(parent)}`", (), LOOSE)
        elif parent.type in ("lambda", "tuple", "list") or _is_truth(node):
            yield from self._plain(read, node)

    def _flag(self, read: Read, node: Node) -> Iterator[Condition]:
        parent = node.parent
        force = LOOSE if read.attribute.proxy else SURE
        if parent is not None and parent.type == "comparison_operator":
            others = [item for item in parent.named_children if item != node]
            if all(self._file.node_text(item) in _TRUTHS for item in others):
                node = parent
            else:
                return
        elif parent is None or not (_is_truth(node) or parent.type in ("lambda", "return_statement")):
            return
        yield Condition(read.attribute, node, read.subject, f"`{self._shown(node)}`", (read.group,), force)

    def _comparison(self, read: Read, node: Node, comparison: Node) -> Iterator[Condition]:
        operators = {self._file.node_text(item) for item in comparison.children if not item.is_named} | {
            self._file.node_text(item) for item in comparison.children_by_field_name("operators")
        }
        others = [item for item in comparison.named_children if item != node and item.type != "comment"]
        if not others:
            return
        values: list[str] = []
        number, default = False, False
        for item in others:
            said = self.bindings.strings(item)
            if said is None:
                said = self._default_of(item)
                default = default or said is not None
            if said is not None:
                values += said
            elif _NUMBER.match(self._file.node_text(item)):
                number = True
        if values:
            yield from self._valued(read, comparison, values, LOOSE if default else SURE)
        elif number and read.attribute.key == "age group" and (operators & _ORDERS):
            if any(self._file.node_text(item) in ("0", "1", "-1") for item in others):
                return  # Born, or not yet: no age that anybody is judged by.
            shown = self._shown(comparison)
            yield Condition(read.attribute, comparison, read.subject, f"`{shown}`", (), LOOSE)

    def _valued(self, read: Read, node: Node, values: list[str], most: int) -> Iterator[Condition]:
        attribute = read.attribute
        named = [value for value in values if strength(attribute, value) == 2]
        short = [value for value in values if strength(attribute, value) == 1]
        if attribute.proxy:
            named = [value for value in values if value.strip()]
        if not named and not short:
            return
        force = SURE if named else SHORT
        if attribute.proxy:
            force = LOOSE
        covers = len({spoken(value) for value in (*named, *short)}) > 1
        yield Condition(
            attribute, node, read.subject, f"`{self._shown(node)}`", tuple(named or short), min(force, most), covers
        )

    def _default_of(self, node: Node) -> list[str] | None:
        """What a parameter is unless the caller says otherwise."""
        if node.type != "identifier":
            return None
        function = function_around(self._file, node)
        for parameter in function.parameters if function is not None else ():
            if parameter.name == self._file.node_text(node) and parameter.default:
                quoted = re.fullmatch(r"""['"]([^'"]{1,40})['"]""", parameter.default)
                return [quoted[1]] if quoted else None
        return None

    def _method(self, read: Read, attribute: Node) -> Iterator[Condition]:
        member, call = child(attribute, "attribute"), attribute.parent
        name = self._file.node_text(member) if member is not None else ""
        if name in ("map", "replace") and call is not None and call.type == "call":
            arguments = child(call, "arguments")
            table = first(arguments)
            if table is not None:
                yield from self._table(read, call, table)
            return
        if name not in _COMPARING_METHODS or call is None or call.type != "call":
            return
        arguments = child(call, "arguments")
        values: list[str] = []
        for item in arguments.named_children if arguments is not None else []:
            values += self.bindings.strings(item) or []
        if name == "startswith" and len(values) == 1 and len(values[0]) == 1:
            values = [group for group in read.attribute.values if group.startswith(values[0].lower())][:1]
        values = [value.strip("%") for value in values]
        yield from self._valued(read, call, values, SURE)

    def _match(self, read: Read, statement: Node) -> Iterator[Condition]:
        body = child(statement, "body") or statement
        cases = [item for item in body.named_children if item.type == "case_clause"]
        values: list[str] = []
        for case in cases:
            for pattern in case.children:
                if pattern.type == "case_pattern":
                    values += re.findall(r"""['"]([^'"]{1,40})['"]""", self._file.node_text(pattern))
                    values += re.findall(r"\.([A-Z_]{3,})\b", self._file.node_text(pattern))
        blocks = tuple(block for case in cases if (block := child(case, "consequence")) is not None)
        for found in self._valued(read, statement, values, SURE):
            subject = self._shown(read.node)
            yield found._replace(asked=f"`match {subject}`", branches=blocks, covers=False)

    def _table(self, read: Read, node: Node, table: Node | None) -> Iterator[Condition]:
        """A value looked up by the attribute: what it is depends on the attribute."""
        if table is None:
            return
        literal = bare(table)
        if literal.type in ("identifier", "attribute"):
            literal = self.bindings.value(self._file.node_text(literal).rpartition(".")[2]) or literal
        shown = f"`{self._shown(node)}`"
        if literal.type != "dictionary":
            if table.type in ("identifier", "attribute"):
                yield Condition(read.attribute, node, read.subject, shown, (), LOOSE)
            return
        pairs = [item for item in literal.named_children if item.type == "pair"]
        keys = [said for item in pairs for said in self._key(item)]
        values = {self._file.node_text(value) for item in pairs if (value := child(item, "value")) is not None}
        if len(values) > 1 or len(pairs) == 1:
            yield from (found._replace(covers=False) for found in self._valued(read, node, keys, SURE))

    def _key(self, pair: Node) -> list[str]:
        key = child(pair, "key")
        return (self.bindings.strings(key) if key is not None else None) or []

    def _argument(self, read: Read, node: Node, arguments: Node) -> Iterator[Condition]:
        call = arguments.parent
        callee = child(call, "function") if call is not None else None
        if call is None or callee is None:
            return
        name = self._file.node_text(callee)
        plain = [item for item in arguments.named_children if item.type != "comment"]
        if name.endswith(".get") and plain[:1] == [node]:
            yield from self._table(read, call, child(callee, "object"))
        elif name in ("re.match", "re.search", "re.fullmatch", "operator.eq", "eq") and len(plain) > 1:
            other = plain[0] if plain[1] == node else plain[1]
            values = [part for said in self.bindings.strings(other) or [] for part in re.findall(r"[A-Za-z ]+", said)]
            yield from self._valued(read, call, values, SURE)

    def _plain(self, read: Read, node: Node) -> Iterator[Condition]:
        """The attribute itself as a truth value or as the key of an order."""
        if read.attribute.key in ("disability", "pregnancy") and _is_truth(node):
            yield Condition(read.attribute, node, read.subject, f"`{self._shown(node)}`", ("yes",), SHORT)
            return
        for around in up(node):
            if around.type == "keyword_argument":
                name = child(around, "name")
                if name is not None and self._file.node_text(name) == "key" and not read.attribute.proxy:
                    yield Condition(
                        read.attribute, node, read.subject, f"the order by `{self._shown(node)}`", (), LOOSE
                    )
                return
            if around.type not in ("lambda", "tuple", "list", "unary_operator", "parenthesized_expression"):
                return

    def _shown(self, node: Node) -> str:
        text = " ".join(self._file.node_text(node).split())
        return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 3] + "..."


def _is_arithmetic(node: Node) -> bool:
    operator = child(node, "operator")
    return operator is not None and operator.text in (b"*", b"/", b"-", b"**")


def _matches(node: Node) -> bool:
    return node.parent is not None and node.parent.type == "match_statement"


def _is_truth(node: Node) -> bool:
    """Whether an expression stands where its truth decides: a condition, or a part of one."""
    inner = node
    for around in up(node):
        if around.type in ("boolean_operator", "not_operator", "parenthesized_expression", "named_expression"):
            inner = around
        elif around.type in ("if_statement", "elif_clause", "while_statement"):
            return child(around, "condition") == inner
        elif around.type == "conditional_expression":
            return around.named_child_count == 3 and around.named_children[1] == inner
        elif around.type == "argument_list":
            call = around.parent
            callee = child(call, "function") if call is not None else None
            return callee is not None and callee.text in (b"bool", b"int", b"any", b"all")
        elif around.type == "binary_operator":
            operator = child(around, "operator")
            return operator is not None and operator.text in (b"*", b"&", b"|")
        else:
            return around.type in ("if_clause", "case_clause") or (
                around.type in ("return_statement", "assignment") and inner != node
            )
    return False
