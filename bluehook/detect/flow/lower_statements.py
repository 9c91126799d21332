"""From the syntax tree to the small language of :mod:`.nodes`: statements and blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

from tree_sitter import Node

from bluehook.detect.flow import nodes
from bluehook.detect.flow.lower import Lowering, _first, _parts
from bluehook.parse import Class, Function, ParsedFile
from bluehook.parse.model import Definition
from bluehook.parse.syntax import field

_DEEPEST = 40


class Bodies:
    """The lowered bodies of one file's functions, each lowered once when it is asked for."""

    def __init__(self, file: ParsedFile) -> None:
        self.file = file
        self._lower = Lowering(file)
        self._known: dict[int, nodes.Block] = {}
        self._depth = 0

    def of(self, function: Function) -> nodes.Block:
        """The statements of a function; the value of a lambda as its return."""
        known = self._known.get(id(function))
        if known is None:
            body = function.node.child_by_field_id(field("body"))
            known = self._known[id(function)] = self._within(function, body)
        return known

    def of_module(self) -> nodes.Block:
        """The statements outside functions."""
        known = self._known.get(0)
        if known is None:
            known = self._known[0] = self._within(None, self.file.root)
        return known

    def expression(self, node: Node, scope: Definition | None) -> nodes.Expr:
        """One expression, such as a default."""
        self._lower.scope = scope
        return self._lower.expression(node)

    @cached_property
    def _by_start(self) -> dict[int, Definition]:
        return {item.node.start_byte: item for item in self.file.definitions.all if item.name != "<lambda>"}

    def _within(self, scope: Definition | None, body: Node | None) -> nodes.Block:
        self._lower.scope = scope
        if body is None:
            return ()
        if body.type not in ("block", "module"):
            return (nodes.Return(body, self._lower.expression(body)),)
        return self._block(body)

    def _block(self, node: Node | None) -> nodes.Block:
        if node is None or self._depth > _DEEPEST:
            return ()
        self._depth += 1
        try:
            found: list[nodes.Stmt] = []
            for child in node.children if node.type != "ERROR" else node.named_children:
                found.extend(self._statement(child))
            return tuple(found)
        finally:
            self._depth -= 1

    def _statement(self, node: Node) -> Iterable[nodes.Stmt]:
        rule = _RULES.get(node.type)
        return rule(self, node) if rule is not None else ()

    def _plain(self, node: Node) -> Iterable[nodes.Stmt]:
        for child in _parts(node):
            if child.type == "assignment":
                yield from self._assignment(child)
            elif child.type == "augmented_assignment":
                operator = child.child_by_field_id(field("operator"))
                op = operator.type.rstrip("=") if operator is not None else "+"
                yield nodes.Assign(child, (self._lower.of(child, "left"),), self._lower.of(child, "right"), op)
            else:
                yield nodes.Evaluate(child, self._lower.expression(child))

    def _assignment(self, node: Node) -> Iterable[nodes.Stmt]:
        targets = []
        current: Node | None = node
        while current is not None and current.type == "assignment":
            targets.append(self._lower.of(current, "left"))
            current = current.child_by_field_id(field("right"))
        if current is not None:
            yield nodes.Assign(node, tuple(targets), self._lower.expression(current))

    def _return(self, node: Node) -> Iterable[nodes.Stmt]:
        value = _first(node)
        yield nodes.Return(node, self._lower.expression(value) if value is not None else None)

    def _leave(self, node: Node) -> Iterable[nodes.Stmt]:
        value = _first(node)
        yield nodes.Leave(
            node, node.type.partition("_")[0], self._lower.expression(value) if value is not None else None
        )

    def _if(self, node: Node) -> Iterable[nodes.Stmt]:
        branches = [(self._lower.of(node, "condition"), self._field(node, "consequence"))]
        orelse: nodes.Block = ()
        for clause in node.children_by_field_id(field("alternative")):
            if clause.type == "elif_clause":
                branches.append((self._lower.of(clause, "condition"), self._field(clause, "consequence")))
            else:
                orelse = self._field(clause, "body")
        yield nodes.If(node, tuple(branches), orelse)

    def _field(self, node: Node, name: str) -> nodes.Block:
        return self._block(node.child_by_field_id(field(name)))

    def _loop(self, node: Node) -> Iterable[nodes.Stmt]:
        orelse = node.child_by_field_id(field("alternative"))
        after = self._field(orelse, "body") if orelse is not None else ()
        if node.type == "while_statement":
            yield nodes.Loop(node, None, self._lower.of(node, "condition"), self._field(node, "body"), after)
        else:
            target, source = self._lower.of(node, "left"), self._lower.of(node, "right")
            yield nodes.Loop(node, target, source, self._field(node, "body"), after)

    def _try(self, node: Node) -> Iterable[nodes.Stmt]:
        handlers: list[tuple[str, nodes.Block]] = []
        orelse: nodes.Block = ()
        final: nodes.Block = ()
        for clause in node.named_children:
            block = next((c for c in reversed(clause.named_children) if c.type == "block"), None)
            if clause.type.startswith("except"):
                handlers.append((self._caught(clause), self._block(block)))
            elif clause.type == "else_clause":
                orelse = self._block(block)
            elif clause.type == "finally_clause":
                final = self._block(block)
        yield nodes.Try(node, self._field(node, "body"), tuple(handlers), orelse, final)

    def _caught(self, clause: Node) -> str:
        for child in clause.named_children:
            if child.type == "as_pattern":
                alias = child.child_by_field_id(field("alias"))
                return self._lower.text(alias) if alias is not None else ""
        return ""

    def _with(self, node: Node) -> Iterable[nodes.Stmt]:
        items: list[tuple[nodes.Expr, nodes.Expr | None]] = []
        clause = next((child for child in node.named_children if child.type == "with_clause"), None)
        for item in _parts(clause) if clause is not None else []:
            value = item.child_by_field_id(field("value")) or _first(item) or item
            for part in _parts(value) if value.type == "tuple" else [value]:
                items.append(self._bound(part))
        yield nodes.With(node, tuple(items), self._field(node, "body"))

    def _bound(self, node: Node) -> tuple[nodes.Expr, nodes.Expr | None]:
        if node.type != "as_pattern":
            return self._lower.expression(node), None
        value, alias = _first(node), node.child_by_field_id(field("alias"))
        target = _first(alias) if alias is not None else None
        return (
            self._lower.expression(value) if value is not None else nodes.Other(node, ()),
            self._lower.expression(target) if target is not None else None,
        )

    def _match(self, node: Node) -> Iterable[nodes.Stmt]:
        body = node.child_by_field_id(field("body")) or node
        cases = tuple(self._case(child) for child in body.named_children if child.type == "case_clause")
        yield nodes.Match(node, self._lower.of(node, "subject"), cases)

    def _case(self, node: Node) -> nodes.Case:
        patterns = [child for child in node.named_children if child.type == "case_pattern"]
        guard = node.child_by_field_id(field("guard"))
        test = _first(guard) if guard is not None else None
        constants: list[nodes.Constant] | None = []
        names: list[str] = []
        for pattern in patterns:
            for leaf in _alternatives(pattern):
                lowered = self._lower.expression(leaf)
                if isinstance(lowered, nodes.Const) and constants is not None:
                    constants.append(lowered.value)
                else:
                    constants = None
            names += self._captured(pattern)
        whole = [self._lower.text(pattern) for pattern in patterns]
        catches_all = test is None and len(whole) == 1 and whole[0].isidentifier()
        return nodes.Case(
            tuple(constants) if constants is not None else None,
            tuple(names),
            catches_all,
            self._lower.expression(test) if test is not None else None,
            self._field(node, "consequence"),
        )

    def _captured(self, pattern: Node) -> list[str]:
        pending, found = [pattern], []
        while pending:
            node = pending.pop()
            if node.type == "identifier":
                found.append(self._lower.text(node))
            pending.extend(node.named_children)
        return found

    def _assert(self, node: Node) -> Iterable[nodes.Stmt]:
        test = _first(node)
        if test is not None:
            yield nodes.Assert(node, self._lower.expression(test))

    def _delete(self, node: Node) -> Iterable[nodes.Stmt]:
        yield nodes.Delete(node, tuple(self._lower.expression(child) for child in _parts(node)))

    def _define(self, node: Node) -> Iterable[nodes.Stmt]:
        inner = node.child_by_field_id(field("definition")) if node.type == "decorated_definition" else node
        item = self._by_start.get(inner.start_byte) if inner is not None else None
        if isinstance(item, (Function, Class)):
            yield nodes.Define(node, item.name, item)

    def _outer(self, node: Node) -> Iterable[nodes.Stmt]:
        yield nodes.Outer(node, tuple(self._lower.text(child) for child in _parts(node)))

    def _python2(self, node: Node) -> Iterable[nodes.Stmt]:
        """``print x`` and ``exec code`` as calls."""
        name = node.type.partition("_")[0]
        args = tuple(nodes.Arg(None, self._lower.expression(child)) for child in _parts(node))
        yield nodes.Evaluate(node, nodes.Call(node, nodes.Name(node, name), name, False, args))

    def _broken(self, node: Node) -> Iterable[nodes.Stmt]:
        """What stands between what could not be read."""
        return self._block(node)


def _alternatives(pattern: Node) -> list[Node]:
    """The sides of ``a | b``, or the pattern's only part."""
    inner = _first(pattern)
    if inner is None:
        return [pattern]
    return _parts(inner) if inner.type == "union_pattern" else [inner]


_RULES: dict[str, Callable[[Bodies, Node], Iterable[nodes.Stmt]]] = {
    "expression_statement": Bodies._plain,
    "return_statement": Bodies._return,
    "raise_statement": Bodies._leave,
    "break_statement": Bodies._leave,
    "continue_statement": Bodies._leave,
    "if_statement": Bodies._if,
    "for_statement": Bodies._loop,
    "while_statement": Bodies._loop,
    "try_statement": Bodies._try,
    "with_statement": Bodies._with,
    "match_statement": Bodies._match,
    "assert_statement": Bodies._assert,
    "delete_statement": Bodies._delete,
    "function_definition": Bodies._define,
    "class_definition": Bodies._define,
    "decorated_definition": Bodies._define,
    "global_statement": Bodies._outer,
    "nonlocal_statement": Bodies._outer,
    "print_statement": Bodies._python2,
    "exec_statement": Bodies._python2,
    "ERROR": Bodies._broken,
}
