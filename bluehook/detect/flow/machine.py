"""The interpreter of one file: its functions, the budget, the frames of the calls that it is in, what it found."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tree_sitter import Node

from bluehook.detect.flow import execute as statements
from bluehook.detect.flow import nodes
from bluehook.detect.flow.evaluate import evaluate
from bluehook.detect.flow.judge import Hits
from bluehook.detect.flow.lower_statements import Bodies
from bluehook.detect.flow.program import Program, Relayed
from bluehook.detect.flow.sources import Setting, parameter_value
from bluehook.detect.flow.state import Box, State, baked, meet
from bluehook.detect.flow.values import NOWHERE, Local, Taint, Trust, Value, constant, tainted
from bluehook.parse import Class, Function, ParsedFile
from bluehook.parse.model import Definition

if TYPE_CHECKING:
    from bluehook.detect.flow.neighbours import Neighbours

STEPS = 12000
"""Expressions and statements that one root may take; the deepest of a thousand ordinary functions takes a third."""
DEEPEST_CALL = 4
_MODULE_STEPS = 6000


class OutOfBudgetError(Exception):
    """A root took more steps than it may."""


class Frame:
    """One call that is being interpreted: its exits so far, the ways out of its loops."""

    __slots__ = ("as_condition", "exits", "function", "loops", "root")

    def __init__(self, function: Function | None, *, root: bool = False, as_condition: bool = False) -> None:
        self.function = function
        self.root = root
        self.as_condition = as_condition
        self.exits: list[tuple[Value, State]] = []
        self.loops: list[list[State]] = []


class Outcome(NamedTuple):
    """The exits of an interpreted call: values and the states that they leave with."""

    exits: list[tuple[Value, State]]


class Machine:
    """Interprets functions of one file and gathers what flows into sinks.

    Functions of other files are interpreted by machines ``beside`` this one, which share its frames, heap and budget.
    """

    def __init__(
        self,
        file: ParsedFile,
        sanitizers: frozenset[str] = frozenset(),
        neighbours: Neighbours | None = None,
        lead: Machine | None = None,
    ) -> None:
        self.file = file
        self.lead = lead or self
        self.text = file.node_text
        self.bodies = Bodies(file)
        self.imports = file.imports
        self.sanitizers = sanitizers
        self.setting = Setting(file)
        self.frames: list[Frame] = lead.frames if lead is not None else [Frame(None)]
        self.steps = 0
        self._boxes = 0
        self._by_name: dict[str, list[Function]] = {}
        for function in file.functions:
            self._by_name.setdefault(function.name, []).append(function)
        self.classes = {item.name: item for item in file.classes}
        self.globals = State()
        self.program: Program = lead.program if lead is not None else Program(self, neighbours)
        self.hits: Hits = Relayed(file, self.program, lead.hits) if lead is not None else Hits(file, self.program)
        self.program.add(self)
        self._read_module()

    def beside(self, file: ParsedFile) -> Machine:
        """A machine for another file that functions of this one call into."""
        return Machine(file, self.sanitizers, lead=self)

    @property
    def frame(self) -> Frame:
        """The call that is being interpreted."""
        return self.frames[-1]

    def spend(self, steps: int = 1) -> None:
        """Take steps from the budget; raises :class:`OutOfBudgetError` when it is gone."""
        lead = self.lead
        lead.steps -= steps
        if lead.steps < 0:
            raise OutOfBudgetError

    def new_box(self) -> int:
        """A number for contents in the heap."""
        self.lead._boxes += 1
        return self.lead._boxes

    def evaluate(self, expression: nodes.Expr, state: State) -> Value:
        """The value of an expression; its effects happen to the state."""
        return evaluate(self, expression, state)

    def _read_module(self) -> None:
        """What the names of the module stand for, for all functions; nothing is reported."""
        before, frames = self.lead.steps, list(self.frames)
        self.lead.steps, self.frames[:] = _MODULE_STEPS, [Frame(None)]
        self.hits.muted = self.lead.hits.muted = True
        try:
            statements.execute(self, self.bodies.of_module(), self.globals)
        except OutOfBudgetError:
            pass
        finally:
            self.hits.muted = self.lead.hits.muted = False
            self.lead.steps, self.frames[:] = before, frames
        self.globals.alive = True
        self.globals.clean.clear()
        self.globals.doubt.clear()

    def run_module(self) -> None:
        """Interpret the statements outside functions."""
        self.steps = STEPS
        statements.execute(self, self.bodies.of_module(), State())

    def run(self, function: Function) -> None:
        """Interpret a function with what is known of its parameters when nobody in sight calls it."""
        self.steps = STEPS
        state = self.globals.copy()
        state.vars = {}
        self._bind_unseen(function, state)
        self.frames[:] = [Frame(None), Frame(function, root=True)]
        statements.execute(self, self.bodies.of(function), state)

    def _bind_unseen(self, function: Function, state: State) -> None:
        for index, parameter in enumerate(function.parameters):
            if index == 0 and function.is_method and "staticmethod" not in function.decorators:
                state.vars[parameter.name] = self.self_value(function, state)
                continue
            state.vars[parameter.name] = parameter_value(self.setting, function, parameter)

    def self_value(self, function: Function, state: State) -> Value:
        """The object that a method belongs to: nothing is known of it but its class."""
        owner = function.parent
        number = self.new_box()
        state.boxes[number] = Box("object", {})
        local = Local(owner) if isinstance(owner, Class) else None
        return Value(kind=self.setting.kind_of_self(owner) or "self", box=number, local=local)

    def call(self, function: Function, given: dict[str, Value], state: State, *, as_condition: bool = False) -> Outcome:
        """Interpret a call of a function of this file with bound parameters."""
        inner = state.copy()
        inner.vars = dict(given)
        frame = Frame(function, as_condition=as_condition)
        self.frames.append(frame)
        try:
            statements.execute(self, self.bodies.of(function), inner)
        finally:
            self.frames.pop()
        if inner.alive:
            frame.exits.append((constant(None), inner))
        for _, there in frame.exits:
            there.vars = state.vars
        return Outcome(frame.exits)

    def may_enter(self, function: Function) -> bool:
        """Whether a call is interpreted: not too deep, not recursive."""
        return len(self.frames) <= DEEPEST_CALL + 1 and all(f.function is not function for f in self.frames)

    def function_named(self, name: str, scope: Definition | None = None) -> Function | None:
        """The only function of that name that is no method, or the one nearest to a scope."""
        found = [f for f in self._by_name.get(name, []) if not f.is_method]
        if len(found) > 1:
            found = [f for f in found if f.parent is scope] or found[-1:]
        return found[0] if found else None

    def method_named(self, owner: Class, name: str, depth: int = 0) -> Function | None:
        """A method of a class or of its bases in this file."""
        for function in self._by_name.get(name, []):
            if function.parent is owner:
                return function
        for base in owner.bases if depth < DEEPEST_CALL else ():
            parent = self.classes.get(base.rpartition(".")[2])
            if parent is not None and parent is not owner:
                found = self.method_named(parent, name, depth + 1)
                if found is not None:
                    return found
        return None

    def class_attribute(self, owner: Class, name: str, state: State) -> Value | None:
        """What a class body gives a name by a plain assignment."""
        binding = self.file.names._scopes.get(id(owner), {}).get(f"self.{name}")
        target = binding.target if binding is not None else None
        if isinstance(target, Node) and self._is_in_class_body(target, owner):
            return self.evaluate(self.bodies.expression(target, owner), state)
        return None

    def _is_in_class_body(self, node: Node, owner: Class) -> bool:
        return self.file.definitions.around(node.start_byte) is owner

    def returned(self, statement: nodes.Return, value: Value, state: State) -> None:
        """A function hands a value back: what a handler returns is a response."""
        if self.frame.root and self.frame.function is not None:
            from bluehook.detect.flow.sinks import on_return

            on_return(self, statement, value, state)

    def raised(self, statement: nodes.Leave, value: Value, state: State) -> None:
        """An exception leaves; that is no sink of ours."""

    def exception(self, statement: nodes.Try) -> Value:
        """What ``except ... as name`` binds: its text is not of an attacker's making."""
        return tainted(Taint("exception", "the exception", Trust.ASSUMED, None), kind="exception")

    def site_of_store(
        self,
        target: nodes.Attr | nodes.Index | nodes.Slice,
        owner: Value,
        value: Value,
        state: State,
        key: Value = NOWHERE,
    ) -> None:
        """An attribute or item of an object of others is set: headers, sessions, cookies."""
        from bluehook.detect.flow.sinks import on_store

        on_store(self, target, owner, key, value, state)

    def leave_with(self, outcome: Outcome, state: State) -> Value:
        """Go on behind a call: the states of its exits meet, its value is any of theirs."""
        from bluehook.detect.flow.containers import either

        living = [(value, there) for value, there in outcome.exits if there.alive]
        after = meet([there for _, there in living])
        values = [baked(value, there, after) for value, there in living] if len(living) > 1 else [v for v, _ in living]
        state.become(after)
        return either(state, values)
