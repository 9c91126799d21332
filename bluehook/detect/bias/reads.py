"""Where a file reads a protected attribute: by name, key, attribute, getter, alias, helper function or column.

Every word of the file that could name one is looked at in the tree, and what its value is bound to is looked for in
turn, so that the cost follows the number of such words and not the size of the file.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from tree_sitter import Node

from bluehook.detect.bias.lexicon import Attribute, attribute_named, flag_named, listed, names_in, strength
from bluehook.detect.bias.syntax import Bindings, bare, child, first, function_around, up
from bluehook.parse import Function, ParsedFile, literal_string

_ANY_NAME = re.compile(rb"[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*")
_MOST_READS = 3000
_LONGEST_KEY = 40
_SAME_VALUE = listed(
    "lower upper strip casefold title capitalize astype fillna replace lstrip rstrip encode decode get_value value "
    "name str cat values"
)
_GETTERS = listed("get pop col column getattr field F getlist itemgetter attrgetter")
_CONVERTERS = frozenset({"str", "lower", "upper", "normalize", "col", "Series", "unicode", "list", "np.array"})


class Read(NamedTuple):
    """One expression whose value is (or tells) an attribute of somebody.

    ``subject`` is the text of whom it is read from (``applicant``), empty for a plain name. ``group`` is set for a
    truth value: the group that it tells of (``female`` of ``is_female``), with ``negated`` where it says the contrary.
    ``name`` is the word in the file that named it.
    """

    attribute: Attribute
    node: Node
    subject: str
    name: str
    group: str = ""


def words(file: ParsedFile) -> Iterator[tuple[str, int, int]]:
    """The words of a file that name an attribute or a flag, with their bytes."""
    known = names_in(file.utf8)
    if known:
        any_of = b"|".join(sorted((re.escape(word) for word in known), reverse=True))
        for match in re.finditer(
            rb"(?<![A-Za-z0-9_\x80-\xff])(?:" + any_of + rb")(?![A-Za-z0-9_\x80-\xff])", file.utf8
        ):
            yield match[0].decode("utf-8", "replace"), match.start(), match.end()


class Reads:
    """The reads of one file; iterating finds them, aliases after what they stand for."""

    def __init__(self, file: ParsedFile, bindings: Bindings) -> None:
        self._file = file
        self._bindings = bindings
        self._seen: set[tuple[int, int, str]] = set()
        self._pending: deque[Read] = deque()
        self.exhausted = False
        """Whether there were more than are looked at in one file."""
        self.queries: list[Node] = []
        """String literals that are no keys but hold such a word: perhaps SQL."""
        self.keywords: list[tuple[Attribute, Node]] = []
        """Keyword arguments, dictionary keys and parameters called after an attribute."""

    def __iter__(self) -> Iterator[Read]:
        for word, start, end in words(self._file):
            self._word(word, start, end)
        for _ in range(_MOST_READS):
            if not self._pending:
                return
            read = self._pending.popleft()
            yield read
            self._follow(read)
        self.exhausted = bool(self._pending)

    def _add(self, read: Read | None) -> None:
        if read is None:
            return
        key = (*read.node.byte_range, read.attribute.key)
        if key not in self._seen:
            self._seen.add(key)
            self._pending.append(read)

    def _word(self, word: str, start: int, end: int) -> None:
        node = self._file.root.descendant_for_byte_range(start, end)
        if node is None or node.type == "comment":
            return
        if node.type in ("string_content", "string"):
            self._in_string(node if node.type == "string" else node.parent or node)
        elif node.type == "identifier" and node.byte_range == (start, end):
            self._identifier(word, node)

    def _in_string(self, node: Node) -> None:
        said = literal_string(node, self._file.node_text)
        if said is None or len(said) > _LONGEST_KEY or " " in said.strip():
            if not self.queries or self.queries[-1] != node:
                self.queries.append(node)
            if said is None or len(said) > _LONGEST_KEY:
                return
        attribute, flag = attribute_named(said), flag_named(said)
        if attribute is None and flag is None:
            return
        if node.parent is not None and node.parent.type == "pair" and child(node.parent, "key") == node:
            if attribute is not None:
                self.keywords.append((attribute, node.parent))
            return
        target = _keyed(node)
        if target is not None:
            self._target(said, target)
            return
        # A constant that holds the key, and is an index somewhere else.
        bound = _assigned(node)
        if bound is not None:
            for place in self.uses(self._file.node_text(bound).rpartition(".")[2], None):
                used = _keyed(place if place.parent is None or place.parent.type != "attribute" else place.parent)
                if used is not None:
                    self._target(said, used)

    def _target(self, said: str, target: Node) -> None:
        subject = self._subject(target)
        attribute, flag = attribute_named(said), flag_named(said)
        if flag is not None:
            self._add(Read(flag[0], target, subject, said, flag[1]))
        elif attribute is not None:
            self._add(Read(attribute, target, subject, said))

    def _subject(self, node: Node) -> str:
        base = child(node, "object") or child(node, "value")
        if node.type == "call":
            callee = child(node, "function")
            base = child(callee, "object") if callee is not None else None
            if base is None:
                arguments = child(node, "arguments")
                base = first(arguments)
        return self._file.node_text(base)[:120] if base is not None else ""

    def _identifier(self, word: str, node: Node) -> None:
        parent = node.parent
        if parent is None:
            return
        attribute, flag = attribute_named(word), flag_named(word)
        if parent.type == "keyword_argument" and child(parent, "name") == node:
            if attribute is not None:
                self.keywords.append((attribute, parent))
            return
        if parent.type in ("default_parameter", "typed_default_parameter") and child(parent, "name") == node:
            if attribute is not None:
                self.keywords.append((attribute, parent))
            return
        if parent.type in ("function_definition", "class_definition", "dotted_name", "aliased_import", "parameters"):
            return
        if parent.type in ("typed_parameter", "lambda_parameters", "default_parameter", "type"):
            return
        target = node
        if parent.type == "attribute":
            if child(parent, "object") == node:
                member = child(parent, "attribute")
                said = self._file.node_text(member) if member is not None else ""
                if attribute is not None and strength(attribute, said):
                    return  # Gender.FEMALE is a value.
                if said not in _SAME_VALUE and not hasattr(str, said) and said not in _PANDAS:
                    return
            else:
                target = parent
        if parent.type == "subscript" and child(parent, "value") != node:
            # person[gender]: the name of the index says what is read.
            if self._bindings.strings(node) is None and attribute is not None and not self._is_table(parent):
                self._add(Read(attribute, parent, self._subject(parent), word))
            elif attribute is not None:
                self._add(Read(attribute, node, "", word))
            return
        if target.parent is not None and target.parent.type == "call" and child(target.parent, "function") == target:
            target = target.parent
        if _is_target(target):
            return
        subject = self._subject(target) if target.type != "identifier" else ""
        if flag is not None:
            self._add(Read(flag[0], target, subject, word, flag[1]))
        elif attribute is not None:
            self._add(Read(attribute, target, subject, word))

    def _is_table(self, subscript: Node) -> bool:
        """Whether what is indexed is a table by attribute (``weights[gender]``) and not somebody's record."""
        from bluehook.detect.bias.vocabulary import PERSON, decides, words_of

        base = child(subscript, "value")
        if base is None:
            return False
        name = self._file.node_text(base).rpartition(".")[2]
        if words_of(name) & PERSON:
            return False
        value = self._bindings.value(name)
        if value is not None and value.type == "dictionary":
            return True
        return bool(decides(words_of(name))) or name.isupper() or bool(re.search(r"weight|factor|table|map|by_", name))

    def _follow(self, read: Read) -> None:
        """Look for what else has the value that was just read."""
        node = self.widest(read.node)
        bound = _assigned(node)
        if bound is not None and bound.type == "identifier":
            name = self._file.node_text(bound)
            if attribute_named(name) is None and flag_named(name) is None:
                self._alias(read, name, function_around(self._file, bound))
        parent = node.parent
        if parent is None:
            return
        if parent.type == "return_statement" or (parent.type == "lambda" and child(parent, "body") == node):
            self._helper(read, parent)
        elif parent.type == "argument_list":
            self._into_helper(read, node, parent)

    def _alias(self, read: Read, name: str, scope: Function | None) -> None:
        for place in self.uses(name, scope):
            if not _is_target(place):
                self._add(read._replace(node=place))

    def uses(self, name: str, scope: Function | None) -> Iterator[Node]:
        """The identifiers of a name inside a function, or in the whole file."""
        start, end = scope.span if scope is not None else (0, len(self._file.utf8))
        word = name.encode()
        places = self._places.get(word, [])
        for place in places[bisect_left(places, start) : bisect_left(places, end)]:
            node = self._file.root.descendant_for_byte_range(place, place + len(word))
            if node is not None and node.type == "identifier" and node.byte_range == (place, place + len(word)):
                yield node

    @cached_property
    def _places(self) -> dict[bytes, list[int]]:
        """Where each word of the file stands."""
        found: dict[bytes, list[int]] = {}
        for match in _ANY_NAME.finditer(self._file.utf8):
            found.setdefault(match[0], []).append(match.start())
        return found

    def _helper(self, read: Read, returned: Node) -> None:
        """Calls of the function that gives the value away read it too."""
        function = function_around(self._file, returned)
        name = function.name if function is not None and returned.type == "return_statement" else ""
        if returned.type == "lambda":
            bound = _assigned(returned)
            name = self._file.node_text(bound) if bound is not None else ""
        if not name or attribute_named(name) is not None or flag_named(name) is not None or name.startswith("__"):
            return
        for call in self.calls_of(name):
            self._add(read._replace(node=call, subject=self._subject(call)))

    def calls_of(self, name: str) -> Iterator[Node]:
        """The calls of a function of this file, as a plain name or a method."""
        for place in self.uses(name, None):
            around = place.parent
            callee = around if around is not None and around.type == "attribute" else place
            call = callee.parent
            if call is not None and call.type == "call" and child(call, "function") == callee:
                yield call

    def _into_helper(self, read: Read, node: Node, arguments: Node) -> None:
        """The parameter of a function of this file that is given the value has it too."""
        call = arguments.parent
        callee = child(call, "function") if call is not None else None
        if callee is None or callee.type != "identifier":
            return
        name = self._file.node_text(callee)
        functions = [function for function in self._file.functions if function.name == name]
        plain = [item for item in arguments.named_children if item.type not in ("keyword_argument", "comment")]
        if len(functions) != 1 or node not in plain:
            return
        position = plain.index(node)
        parameters = functions[0].parameters
        if position < len(parameters) and attribute_named(parameters[position].name) is None:
            self._alias(read, parameters[position].name, functions[0])

    def widest(self, node: Node) -> Node:
        """The largest expression that still has the same value but for its spelling (``x.strip().lower()``)."""
        for around in up(node):
            if around.type == "parenthesized_expression":
                node = around
            elif around.type == "attribute" and child(around, "object") == node:
                member = child(around, "attribute")
                if member is None or self._file.node_text(member) not in _SAME_VALUE:
                    break
                node = around
            elif around.type == "call" and child(around, "function") == node:
                if node.type != "attribute":
                    break
                node = around
            elif around.type == "argument_list" and around.parent is not None and around.named_child_count == 1:
                callee = child(around.parent, "function")
                if callee is None or self._file.node_text(callee).rpartition(".")[2] not in _CONVERTERS:
                    break
                continue
            elif around.type == "call" and node.parent is not None and node.parent.type == "argument_list":
                node = around
            elif around.type == "boolean_operator" and child(around, "left") == node and _is_or(around):
                node = around  # (x.gender or "").lower()
            else:
                break
        return node


_PANDAS = frozenset(
    {"isin", "eq", "ne", "in_", "is_", "notin_", "not_in", "str", "map", "apply", "contains", "any", "equals", "value"}
)


def _is_or(node: Node) -> bool:
    operator = child(node, "operator")
    return operator is not None and operator.type == "or"


def _keyed(node: Node) -> Node | None:
    """The expression that a string or name is the key of: ``p["sex"]``, ``p.get("sex")``, ``getattr(p, "sex")``."""
    parent = node.parent
    if parent is None:
        return None
    if parent.type == "subscript" and child(parent, "value") != node:
        return parent
    if parent.type != "argument_list" or parent.parent is None:
        return None
    call = parent.parent
    callee = child(call, "function")
    if callee is None:
        return None
    plain = [item for item in parent.named_children if item.type != "comment"]
    last = child(callee, "attribute") if callee.type == "attribute" else callee
    name = (last.text or b"").decode("utf-8", "replace") if last is not None else ""
    if callee.type == "attribute" and name in _GETTERS:
        return call if plain and plain[0] == node else None
    if name in ("itemgetter", "attrgetter", "col", "F", "column"):
        return call if plain and plain[0] == node else None
    if name in ("getattr", "get_value", "get_field", "get_attr"):
        return call if len(plain) > 1 and plain[1] == node else None
    return None


def _assigned(node: Node) -> Node | None:
    """The name that an expression is assigned to, by itself or as part of a tuple on both sides."""
    parent = node.parent
    if parent is None:
        return None
    if parent.type == "assignment" and child(parent, "right") == node:
        return child(parent, "left")
    if parent.type == "named_expression" and child(parent, "value") == node:
        return child(parent, "name")
    if parent.type in ("expression_list", "tuple") and parent.parent is not None:
        statement = parent.parent
        left = child(statement, "left") if statement.type == "assignment" else None
        if left is not None and left.type in ("pattern_list", "tuple_pattern") and child(statement, "right") == parent:
            values, names = parent.named_children, left.named_children
            if len(values) == len(names) and node in values:
                return bare(names[values.index(node)])
    return None


def _is_target(node: Node) -> bool:
    """Whether the expression is written, declared or bound here rather than read."""
    parent = node.parent
    if parent is None:
        return True
    if parent.type in ("assignment", "augmented_assignment", "for_statement", "for_in_clause"):
        return child(parent, "left") == node
    if parent.type in ("pattern_list", "tuple_pattern", "parameters", "lambda_parameters", "global_statement"):
        return True
    if parent.type in ("default_parameter", "typed_parameter", "typed_default_parameter", "keyword_argument"):
        return child(parent, "name") == node or parent.type == "typed_parameter"
    return parent.type in ("delete_statement", "named_expression", "function_definition", "import_from_statement") and (
        child(parent, "name") == node or parent.type == "delete_statement"
    )
