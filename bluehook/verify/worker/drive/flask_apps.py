"""The Flask applications of a project: those made while it was loaded, those that its factories make, and one of the
harness for blueprints that no application took.

A factory is tried before a bare application, since handlers need its configuration (``current_app.config``) to get
as far as their sinks.
"""

from __future__ import annotations

import contextlib
import inspect
import os
import signal
import sys
from collections.abc import Iterator
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

from ..inputs.slots import Inputs
from ..inputs.standin import Finished, standin
from ..observe.apps import APPS
from ..observe.record import RECORDER
from .load import Target

_MAKERS = ("create_app", "make_app", "build_app", "create_application", "make_application", "app_factory")
_FITTERS = ("init", "register", "setup")
"""What functions are called that add routes to an application that they are given."""
_MOST_SETTINGS = 20
_FACTORY_SECONDS = 1.0


def fresh(flask: Any) -> Any:
    """An application of the harness, with nothing in it."""
    return flask.Flask("harness", root_path=os.getcwd(), instance_path=os.getcwd())


def code_of(target: Target) -> Any:
    """The code object of the function under attack; of the inner one for a function in a factory."""
    if target.kind == "factory":
        outer = getattr(target.function, "__code__", None)
        inner = getattr(target, "inner", "")
        codes = [c for c in getattr(outer, "co_consts", ()) if getattr(c, "co_name", None) == inner]
        return codes[0] if codes else None
    return getattr(target.function, "__code__", None)


def rule_of(flask: Any, target: Target, inputs: Inputs) -> tuple[Any, Any] | None:
    """An application and its rule that leads to the function under attack; ``None`` when there is none."""
    code = code_of(target)
    if code is None:
        return None
    if target.kind == "factory":
        _call(flask, target.function, inputs)
    for make in (_nothing, _from_makers, _from_blueprints, _from_fitters):
        made = make(flask, target, inputs)
        found = _rule(made or APPS, code)
        if found is not None:
            return found
    return None


def _rule(apps: list[Any], code: CodeType) -> tuple[Any, Any] | None:
    for app in apps:
        for rule in app.url_map.iter_rules():
            if code in _codes(app.view_functions.get(rule.endpoint)):
                return app, rule
    return None


def _codes(view: Any) -> set[Any]:
    """The code objects that a view function stands for: itself, what it wraps, the methods of its class."""
    found: set[Any] = set()
    while view is not None and len(found) < 30:
        owner = getattr(view, "view_class", None)
        if owner is not None:
            found |= {m.__code__ for m in vars(owner).values() if isinstance(m, FunctionType)}
        found.add(getattr(view, "__code__", None))
        found |= {getattr(c.cell_contents, "__code__", None) for c in getattr(view, "__closure__", None) or ()
                  if _filled(c)}  # fmt: skip
        view = getattr(view, "__wrapped__", None)
    return found - {None}


def _filled(cell: Any) -> bool:
    try:
        return isinstance(cell.cell_contents, FunctionType)
    except ValueError:
        return False


def _nothing(flask: Any, target: Target, inputs: Inputs) -> list[Any]:
    return []


def _from_makers(flask: Any, target: Target, inputs: Inputs) -> list[Any]:
    """Applications from ``create_app``-like functions: of the module itself, and of the project's others."""
    before = len(APPS)
    for module in (target.module, *_others(target.module)):
        for function in _own(module, _MAKERS):
            _call(flask, function, inputs)
    return APPS[before:]


def _from_blueprints(flask: Any, target: Target, inputs: Inputs) -> list[Any]:
    """A bare application with the module's blueprints."""
    app = fresh(flask)
    for value in list(vars(target.module).values()):
        if issubclass(type(value), flask.Blueprint):
            try:
                app.register_blueprint(value)
            except Exception:
                continue
    return [app]


def _from_fitters(flask: Any, target: Target, inputs: Inputs) -> list[Any]:
    """Applications that functions of the module were given to add their routes to."""
    before = len(APPS)
    for function in _own(target.module, _FITTERS):
        _call(flask, function, inputs)
    return APPS[before:]


def _others(module: ModuleType) -> list[ModuleType]:
    """The project's other modules that are loaded, those of the module's own packages first, the nearest foremost."""
    parts = module.__name__.split(".")
    nearest = [".".join(parts[:length]) for length in range(len(parts) - 1, 0, -1)]
    names = dict.fromkeys([*nearest, *sys.modules])
    loaded = [sys.modules[name] for name in names if name in sys.modules and sys.modules[name] is not module]
    return [one for one in loaded if RECORDER.is_project(str(vars(one).get("__file__")))]


def _own(module: ModuleType, beginnings: tuple[str, ...]) -> Iterator[Any]:
    """The functions that the module itself defines whose names begin like one of these."""
    for name, value in list(vars(module).items()):
        if isinstance(value, FunctionType) and value.__module__ == module.__name__ and name.startswith(beginnings):
            yield value


def _call(flask: Any, factory: Any, inputs: Inputs) -> None:
    """Call a function that makes an application or is given one; what it misses in the environment is made up."""
    for _ in range(_MOST_SETTINGS):
        try:
            with _limited():
                factory(*_arguments(flask, factory, inputs))
        except KeyError as error:
            if not _from_environment(error):
                return
            os.environ[str(error.args[0])] = inputs.canaries.word()
        except (Exception, SystemExit, Finished):
            return
        else:
            return


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    """Ends what is done inside after a second: a factory that waits for a database costs only that."""

    def expired(number: int, frame: FrameType | None) -> None:
        raise Finished("the factory took too long")

    previous = signal.signal(signal.SIGALRM, expired)
    signal.setitimer(signal.ITIMER_REAL, _FACTORY_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _arguments(flask: Any, factory: Any, inputs: Inputs) -> list[Any]:
    arguments: list[Any] = []
    for parameter in inspect.signature(factory).parameters.values():
        if parameter.default is not parameter.empty or parameter.kind is parameter.VAR_KEYWORD:
            continue
        named_app = parameter.name in ("app", "application", "flask_app", "server") or len(arguments) == 0
        arguments.append(fresh(flask) if named_app else standin(inputs, parameter.name, "assumed"))
    return arguments


def _from_environment(error: KeyError) -> bool:
    """Whether what is missing is an environment variable."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return last is not None and last.tb_frame.f_code is type(os.environ).__getitem__.__code__
