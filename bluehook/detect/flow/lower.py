"""From the syntax tree to the small language of :mod:`.nodes`: expressions."""

from __future__ import annotations

import re
from collections.abc import Callable

from tree_sitter import Node

from bluehook.detect.flow import nodes
from bluehook.parse import ParsedFile
from bluehook.parse.model import Definition
from bluehook.parse.syntax import field

_DEEPEST = 60
_MOST_OPERANDS = 2000
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(\n)|(.))", re.S)
_SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_GENERATED = {
    "list_comprehension": "list", "set_comprehension": "set", "dictionary_comprehension": "dict",
    "generator_expression": "list",
}  # fmt: skip
_DISPLAYS = {
    "list": "list", "tuple": "tuple", "set": "set", "expression_list": "tuple", "pattern_list": "tuple",
    "tuple_pattern": "tuple", "list_pattern": "list",
}  # fmt: skip
_PASSED_ON = {"parenthesized_expression", "await", "type", "keyword_separator"}


class Lowering:
    """Lowers the expressions of one file; ``scope`` is what names are looked up from."""

    def __init__(self, file: ParsedFile) -> None:
        self.file = file
        self.text = file.node_text
        self.scope: Definition | None = None
        self._depth = 0

    def expression(self, node: Node) -> nodes.Expr:
        """Lower one expression; what is nested deeper than the interpreter would go is taken as unknown."""
        if self._depth > _DEEPEST:
            return nodes.Other(node, ())
        self._depth += 1
        try:
            rule = _RULES.get(node.type)
            if rule is not None:
                return rule(self, node)
            if node.type in _PASSED_ON:
                inner = _first(node)
                return self.expression(inner) if inner is not None else nodes.Other(node, ())
            return nodes.Other(node, tuple(self.expression(child) for child in _parts(node)))
        finally:
            self._depth -= 1

    def of(self, node: Node, name: str) -> nodes.Expr:
        """Lower the child in a field; a missing one is unknown."""
        child = node.child_by_field_id(field(name))
        return self.expression(child) if child is not None else nodes.Other(node, ())

    def _identifier(self, node: Node) -> nodes.Expr:
        text = self.text(node)
        if text in ("True", "False"):
            return nodes.Const(node, text == "True")
        return nodes.Name(node, text)

    def _integer(self, node: Node) -> nodes.Expr:
        text = self.text(node).rstrip("lL").replace("_", "")
        try:
            return nodes.Const(node, int(text, 8) if re.fullmatch(r"0[0-7]+", text) else int(text, 0))
        except ValueError:
            return nodes.Other(node, ())

    def _float(self, node: Node) -> nodes.Expr:
        try:
            return nodes.Const(node, float(self.text(node)))
        except ValueError:
            return nodes.Other(node, ())

    def _literal(self, node: Node) -> nodes.Expr:
        return nodes.Const(node, {"true": True, "false": False}.get(node.type))

    def _string(self, node: Node) -> nodes.Expr:
        parts: list[tuple[nodes.Expr, str]] = []
        raw = "r" in self.text(node)[:3].partition("'")[0].partition('"')[0].lower()
        for child in node.children:
            if child.type == "string_content":
                parts.append((nodes.Const(child, self._content(child, raw)), ""))
            elif child.type == "interpolation":
                inner = child.child_by_field_id(field("expression")) or _first(child)
                spec = next((self.text(c)[1:] for c in child.named_children if c.type == "format_specifier"), "")
                conversion = next((self.text(c) for c in child.named_children if c.type == "type_conversion"), "")
                if inner is not None:
                    parts.append((self.expression(inner), spec or conversion))
        if all(isinstance(part, nodes.Const) for part, _ in parts):
            return nodes.Const(node, "".join(str(part.value) for part, _ in parts if isinstance(part, nodes.Const)))
        return nodes.Joined(node, tuple(parts))

    def _content(self, node: Node, raw: bool) -> str:
        text = self.text(node)
        return text if raw or "\\" not in text else _ESCAPE.sub(_unescaped, text)

    def _concatenated(self, node: Node) -> nodes.Expr:
        parts: list[tuple[nodes.Expr, str]] = []
        for child in node.named_children:
            if child.type in ("string", "concatenated_string"):
                lowered = self.expression(child)
                parts += lowered.parts if isinstance(lowered, nodes.Joined) else [(lowered, "")]
        return nodes.Joined(node, tuple(parts))

    def _binary(self, node: Node) -> nodes.Expr:
        return self._chained(node, nodes.Binary, missing="")

    def _logic(self, node: Node) -> nodes.Expr:
        return self._chained(node, nodes.Logic, missing="and")

    def _chained(self, node: Node, made: type[nodes.Binary] | type[nodes.Logic], missing: str) -> nodes.Expr:
        """A chain of operators from the left; ``missing`` stands for one that did not parse."""
        spine, innermost = self._spine(node, node.type)
        result = self.expression(innermost)
        for outer in reversed(spine):
            operator = outer.child_by_field_id(field("operator"))
            op = operator.type if operator is not None else missing
            result = made(outer, op, result, self.of(outer, "right"))
        return result

    def _spine(self, node: Node, kind: str) -> tuple[list[Node], Node]:
        """The operators down the left side, outermost first, and the operand at the bottom."""
        spine: list[Node] = []
        while node.type == kind and len(spine) < _MOST_OPERANDS:
            spine.append(node)
            left = node.child_by_field_id(field("left"))
            if left is None:
                break
            node = left
        return spine, node

    def _compare(self, node: Node) -> nodes.Expr:
        first: nodes.Expr | None = None
        rest: list[tuple[str, nodes.Expr]] = []
        op = ""
        for child in node.children:
            if not child.is_named or child.type in ("not in", "is not"):
                op = f"{op} {child.type}".strip()
            elif child.type != "comment":
                lowered = self.expression(child)
                if first is None:
                    first = lowered
                else:
                    rest.append((op, lowered))
                op = ""
        return nodes.Compare(node, first or nodes.Other(node, ()), tuple(rest))

    def _not(self, node: Node) -> nodes.Expr:
        return nodes.Unary(node, "not", self.of(node, "argument"))

    def _unary(self, node: Node) -> nodes.Expr:
        operand = self.of(node, "argument")
        sign = self.text(node)[:1]
        if sign == "-" and isinstance(operand, nodes.Const) and isinstance(operand.value, (int, float)):
            return nodes.Const(node, -operand.value)
        return nodes.Unary(node, sign, operand)

    def _attribute(self, node: Node) -> nodes.Expr:
        last = node.child_by_field_id(field("attribute"))
        resolved = self.file.names.resolve(node, self.scope)
        return nodes.Attr(node, self.of(node, "object"), self.text(last) if last is not None else "", resolved.name)

    def _subscript(self, node: Node) -> nodes.Expr:
        keys = node.children_by_field_id(field("subscript"))
        of = self.of(node, "value")
        if len(keys) != 1:
            return nodes.Index(node, of, nodes.Sequence(node, "tuple", tuple(self.expression(key) for key in keys)))
        if keys[0].type != "slice":
            return nodes.Index(node, of, self.expression(keys[0]))
        bounds: list[nodes.Expr | None] = [None, None, None]
        at = 0
        for child in keys[0].children:
            if child.type == ":":
                at += 1
            elif child.is_named and at < len(bounds):
                bounds[at] = self.expression(child)
        return nodes.Slice(node, of, bounds[0], bounds[1])

    def _call(self, node: Node) -> nodes.Expr:
        callee = node.child_by_field_id(field("function"))
        if callee is None:
            return nodes.Other(node, ())
        resolved = self.file.names.resolve(callee, self.scope)
        return nodes.Call(node, self.expression(callee), resolved.name, resolved.local, self._arguments(node))

    def _arguments(self, call: Node) -> tuple[nodes.Arg, ...]:
        around = call.child_by_field_id(field("arguments"))
        if around is None:
            return ()
        if around.type == "generator_expression":
            return (nodes.Arg(None, self.expression(around)),)
        found = []
        for child in _parts(around):
            if child.type == "keyword_argument":
                name = child.child_by_field_id(field("name"))
                found.append(nodes.Arg(self.text(name) if name is not None else None, self.of(child, "value")))
            elif child.type in ("list_splat", "dictionary_splat"):
                inner = _first(child) or child
                found.append(nodes.Arg("*" if child.type == "list_splat" else "**", self.expression(inner)))
            else:
                found.append(nodes.Arg(None, self.expression(child)))
        return tuple(found)

    def _choice(self, node: Node) -> nodes.Expr:
        parts = [self.expression(child) for child in _parts(node)]
        return nodes.Choice(node, parts[1], parts[0], parts[2]) if len(parts) == 3 else nodes.Other(node, tuple(parts))

    def _display(self, node: Node) -> nodes.Expr:
        return nodes.Sequence(node, _DISPLAYS[node.type], tuple(self.expression(child) for child in _parts(node)))

    def _star(self, node: Node) -> nodes.Expr:
        inner = _first(node)
        return nodes.Star(node, self.expression(inner)) if inner is not None else nodes.Other(node, ())

    def _dictionary(self, node: Node) -> nodes.Expr:
        pairs: list[tuple[nodes.Expr | None, nodes.Expr]] = []
        for child in _parts(node):
            if child.type == "pair":
                pairs.append((self.of(child, "key"), self.of(child, "value")))
            else:
                pairs.append((None, self.expression(_first(child) or child)))
        return nodes.Mapping(node, tuple(pairs))

    def _comprehension(self, node: Node) -> nodes.Expr:
        body = node.child_by_field_id(field("body"))
        clauses: list[nodes.Clause] = []
        for child in node.named_children:
            if child.type == "for_in_clause":
                right = [c for c in child.children_by_field_id(field("right")) if c.is_named]
                source = self.expression(right[0]) if right else nodes.Other(child, ())
                clauses.append(nodes.Clause(self.of(child, "left"), source, ()))
            elif child.type == "if_clause" and clauses:
                test = _first(child)
                if test is not None:
                    last = clauses[-1]
                    clauses[-1] = last._replace(tests=(*last.tests, self.expression(test)))
        key: nodes.Expr | None = None
        if body is not None and body.type == "pair":
            key, element = self.of(body, "key"), self.of(body, "value")
        else:
            element = self.expression(body) if body is not None else nodes.Other(node, ())
        return nodes.Comprehension(node, _GENERATED[node.type], key, element, tuple(clauses))

    def _lambda(self, node: Node) -> nodes.Expr:
        parameters = node.child_by_field_id(field("parameters"))
        names = tuple(self.text(p).partition("=")[0].strip(" *") for p in _parts(parameters)) if parameters else ()
        return nodes.Lambda(node, names, self.of(node, "body"))

    def _walrus(self, node: Node) -> nodes.Expr:
        name = node.child_by_field_id(field("name"))
        return nodes.Walrus(node, self.text(name) if name is not None else "", self.of(node, "value"))


def _unescaped(match: re.Match[str]) -> str:
    number = match[1] or match[2]
    if number:
        return chr(int(number, 16))
    return "" if match[3] else _SIMPLE_ESCAPES.get(match[4], match[4] if match[4] in "\\'\"" else "\\" + match[4])


def _parts(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type not in ("comment", "ERROR")]


def _first(node: Node) -> Node | None:
    parts = _parts(node)
    return parts[0] if parts else None


_RULES: dict[str, Callable[[Lowering, Node], nodes.Expr]] = {
    "identifier": Lowering._identifier,
    "integer": Lowering._integer,
    "float": Lowering._float,
    "true": Lowering._literal,
    "false": Lowering._literal,
    "none": Lowering._literal,
    "string": Lowering._string,
    "concatenated_string": Lowering._concatenated,
    "binary_operator": Lowering._binary,
    "boolean_operator": Lowering._logic,
    "comparison_operator": Lowering._compare,
    "not_operator": Lowering._not,
    "unary_operator": Lowering._unary,
    "attribute": Lowering._attribute,
    "subscript": Lowering._subscript,
    "call": Lowering._call,
    "conditional_expression": Lowering._choice,
    "dictionary": Lowering._dictionary,
    "list_splat": Lowering._star,
    "list_splat_pattern": Lowering._star,
    "lambda": Lowering._lambda,
    "named_expression": Lowering._walrus,
    **dict.fromkeys(_DISPLAYS, Lowering._display),
    **dict.fromkeys(_GENERATED, Lowering._comprehension),
}
