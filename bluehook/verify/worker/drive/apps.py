"""What drivers of web frameworks share: where applications stand, how factories are called, whose code a view is."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import signal
import sys
from collections.abc import Callable, Iterator
from types import FrameType, FunctionType, MethodType, ModuleType
from typing import Any

from ..inputs.errors import Finished
from ..inputs.slots import Inputs
from ..inputs.standin import standin
from ..observe.record import RECORDER
from ..stubs.modules import StandinModule
from .closures import code_inside
from .instances import built
from .load import Target

MAKERS = ("create_app", "make_app", "build_app", "create_application", "make_application", "app_factory", "init_app",
          "get_app", "get_application")  # fmt: skip
"""How functions that make an application are called."""
FITTERS = ("init", "register", "setup", "add_", "configure", "include")
"""How functions are called that add routes to an application that they are given."""
_APP_NAMES = ("app", "application", "flask_app", "server", "api", "router")
_FACTORY_SECONDS = 1.0


def installed(name: str) -> Any:
    """The module, when it is loaded and no stand-in; else ``None``."""
    module = sys.modules.get(name)
    return None if module is None or isinstance(module, StandinModule) else module


def code_of(target: Target) -> Any:
    """The code object of the function under attack; of the inner one for a function in a factory.

    A decorator of the project puts its wrapper there, which it shares with every handler that it decorates: then it is
    the code inside, so that no other handler is taken for this one.
    """
    if target.kind == "factory":
        return code_inside(target.function, target.inner)
    code, name = getattr(target.function, "__code__", None), getattr(target.node, "name", "")
    if code is None or not name or code.co_name == name:  # a module has no name
        return code
    first = min(one.lineno for one in (target.node, *getattr(target.node, "decorator_list", [])))
    wrapped = (one for one in codes(target.function) if one.co_name == name and one.co_firstlineno == first)
    return next(wrapped, code)


def codes(view: Any) -> set[Any]:
    """The code objects that a view stands for: itself, what it wraps, the methods of its class."""
    found: set[Any] = set()
    waiting = [view]
    while waiting and len(found) < 60:
        one = waiting.pop()
        if isinstance(one, MethodType):
            one = one.__func__
        owner = one if isinstance(one, type) else getattr(one, "view_class", None) or getattr(one, "cls", None)
        if isinstance(owner, type):
            found |= _methods(owner)
        code = getattr(one, "__code__", None)
        if code is not None and code not in found:
            found.add(code)
            waiting += [cell.cell_contents for cell in getattr(one, "__closure__", None) or () if _filled(cell)]
        wrapped = getattr(one, "__wrapped__", None) or getattr(one, "func", None)
        if callable(wrapped):
            waiting.append(wrapped)
    return found


def _methods(owner: type) -> set[Any]:
    """The code of the methods of a class and of the project's classes that it stands on, properties among them."""
    found = set()
    for cls in owner.__mro__:
        for member in vars(cls).values():
            function = getattr(member, "fget", None) or getattr(member, "__func__", member)
            code = getattr(function, "__code__", None)
            if code is not None and RECORDER.is_project(code.co_filename):
                found.add(code)
    return found


def _filled(cell: Any) -> bool:
    try:
        return isinstance(cell.cell_contents, (FunctionType, MethodType, type))
    except ValueError:
        return False


def bound(target: Target, inputs: Inputs) -> Any:
    """The method under attack on an object of its class that is made with stand-ins; the function where it is none."""
    if target.kind != "method" or target.owner is None:
        return target.function
    return MethodType(target.function, built(target.owner, inputs))


def others(module: ModuleType) -> list[ModuleType]:
    """The project's other modules that are loaded, those of the module's own packages first, the nearest foremost."""
    parts = module.__name__.split(".")
    nearest = [".".join(parts[:length]) for length in range(len(parts) - 1, 0, -1)]
    names = dict.fromkeys([*nearest, *sys.modules])
    loaded = [sys.modules[name] for name in names if name in sys.modules and sys.modules[name] is not module]
    return [one for one in loaded if RECORDER.is_project(str(vars(one).get("__file__")))]


def own(module: ModuleType, beginnings: tuple[str, ...]) -> Iterator[Any]:
    """The functions that the module itself defines whose names begin like one of these."""
    for name, value in list(vars(module).items()):
        if isinstance(value, FunctionType) and value.__module__ == module.__name__ and name.startswith(beginnings):
            yield value


def objects(module: ModuleType, kind: Any) -> list[Any]:
    """The module's own names that hold an object of this class, each object once."""
    found = {id(value): value for value in list(vars(module).values()) if issubclass(type(value), kind)}
    return list(found.values())


def called(factory: Any, inputs: Inputs, fresh: Callable[[], Any]) -> Any:
    """What a function gives that makes an application or is given one (by ``fresh``); ``None`` when it fails."""
    try:
        with limited():
            made = factory(*_arguments(factory, inputs, fresh))
            return asyncio.run(made) if inspect.iscoroutine(made) else made
    except (Exception, SystemExit, Finished):
        return None


@contextlib.contextmanager
def limited(seconds: float = _FACTORY_SECONDS) -> Iterator[None]:
    """Ends what is done inside after a second: a factory that waits for a database costs only that."""

    def expired(number: int, frame: FrameType | None) -> None:
        raise Finished("the factory took too long")

    previous = signal.signal(signal.SIGALRM, expired)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _arguments(factory: Any, inputs: Inputs, fresh: Callable[[], Any]) -> list[Any]:
    arguments: list[Any] = []
    for parameter in inspect.signature(factory).parameters.values():
        if parameter.default is not parameter.empty or parameter.kind is parameter.VAR_KEYWORD:
            continue
        named_app = parameter.name in _APP_NAMES or len(arguments) == 0
        arguments.append(fresh() if named_app else standin(inputs, parameter.name, "assumed"))
    return arguments
