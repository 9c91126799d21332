"""Where a file reads a protected attribute: by name, key, attribute, getter, alias, helper function or column.

Every word of the file that could name one is looked at in the tree, and what its value is bound to is looked for in
turn, so that the cost follows the number of such words and not the size of the file.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from bluehook.detect.bias.lexicon import Attribute, attribute_named, flag_named, listed, names_in, strength
from bluehook.detect.bias.syntax import Bindings, assigned, child, first, function_around, is_target, keyed, up
from bluehook.detect.bias.uses import Uses
from bluehook.parse import Function, ParsedFile, literal_string

_MOST_READS = 3000
_LONGEST_KEY = 40
_SAME_VALUE = listed(
    "lower upper strip casefold title capitalize astype fillna replace lstrip rstrip encode decode get_value value "
    "name str cat values"
)
_NAMED = ("keyword_argument", "default_parameter", "typed_default_parameter")
_DECLARING = listed(
    "function_definition class_definition dotted_name aliased_import parameters typed_parameter lambda_parameters "
    "default_parameter type"
)
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
        self.uses = Uses(file)
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
        target = keyed(node)
        if target is not None:
            self._target(said, target)
            return
        # A constant that holds the key, and is an index somewhere else.
        bound = assigned(node)
        if bound is not None:
            for place in self.uses.of(self._file.node_text(bound).rpartition(".")[2], None):
                used = keyed(place if place.parent is None or place.parent.type != "attribute" else place.parent)
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
        if parent.type in _NAMED and child(parent, "name") == node:
            attribute = attribute_named(word)
            if attribute is not None:
                self.keywords.append((attribute, parent))
        elif parent.type not in _DECLARING:
            self._expression(word, node, parent)

    def _expression(self, word: str, node: Node, parent: Node) -> None:
        """A word in an expression: a name, an attribute of somebody, or the index of a record."""
        attribute, flag = attribute_named(word), flag_named(word)
        target = node
        if parent.type == "attribute":
            if child(parent, "object") != node:
                target = parent
            elif not self._is_same_value(attribute, parent):
                return
        if parent.type == "subscript" and child(parent, "value") != node:
            # person[gender]: the name of the index says what is read.
            if self._bindings.strings(node) is None and attribute is not None and not self._is_table(parent):
                self._add(Read(attribute, parent, self._subject(parent), word))
            elif attribute is not None:
                self._add(Read(attribute, node, "", word))
            return
        if target.parent is not None and target.parent.type == "call" and child(target.parent, "function") == target:
            target = target.parent
        if is_target(target):
            return
        subject = self._subject(target) if target.type != "identifier" else ""
        if flag is not None:
            self._add(Read(flag[0], target, subject, word, flag[1]))
        elif attribute is not None:
            self._add(Read(attribute, target, subject, word))

    def _is_same_value(self, attribute: Attribute | None, dotted: Node) -> bool:
        """Whether ``gender.member`` still tells the gender; ``Gender.FEMALE`` is a value."""
        member = child(dotted, "attribute")
        said = self._file.node_text(member) if member is not None else ""
        if attribute is not None and strength(attribute, said):
            return False
        return said in _SAME_VALUE or hasattr(str, said) or said in _PANDAS

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
        bound = assigned(node)
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
        for place in self.uses.of(name, scope):
            if not is_target(place):
                self._add(read._replace(node=place))

    def _helper(self, read: Read, returned: Node) -> None:
        """Calls of the function that gives the value away read it too."""
        function = function_around(self._file, returned)
        name = function.name if function is not None and returned.type == "return_statement" else ""
        if returned.type == "lambda":
            bound = assigned(returned)
            name = self._file.node_text(bound) if bound is not None else ""
        if not name or attribute_named(name) is not None or flag_named(name) is not None or name.startswith("__"):
            return
        for call in self.uses.calls_of(name):
            self._add(read._replace(node=call, subject=self._subject(call)))

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
