"""Loading the module under attack: imported from the project where that works, else as a fragment."""

from __future__ import annotations

import ast
import copy
import importlib
import inspect
import os
import sys
import textwrap
from types import ModuleType
from typing import Any

from ..inputs.slots import Inputs
from ..inputs.standin import Based, standin
from ..loaded import is_installed
from ..observe.record import RECORDER
from ..protocol import Request
from ..stubs import clients
from ..stubs.modules import MissingModules
from . import legacy, names, prepare, unwritten
from .fragment import Fragment, packages


class Unreachable(Exception):
    """The function could not be loaded; the text says where it stopped and why."""


class Restoring:
    """What drivers share that run a target over and over."""

    target: Target

    def restored(self) -> _Restored:
        """Puts the module's tables back after what is done inside."""
        return self.target.restored()


class _Restored:
    """Puts the plain mappings, lists and sets of a module back as they were."""

    def __init__(self, module: ModuleType) -> None:
        self._space = module.__dict__
        self._saved: dict[str, Any] = {}

    def __enter__(self) -> None:
        for name, value in list(self._space.items()):
            if type(value) in (dict, list, set) and not name.startswith("__") and len(value) < 200:
                try:
                    self._saved[name] = copy.deepcopy(value)
                except Exception:  # what cannot be copied is left as the run leaves it
                    continue

    def __exit__(self, *details: object) -> None:
        self._space.update(self._saved)


class Target:
    """A loaded function: the object, its class if it is a method, its syntax tree, and how it was loaded."""

    def __init__(
        self, function: Any, owner: type | None, kind: str, node: ast.AST, module: ModuleType, how: str
    ) -> None:
        self.function = function
        self.owner = owner
        self.kind = kind
        self.node = node
        self.module = module
        self.how = how
        self.tree: ast.AST = node
        self.entry: dict[str, Any] = {}
        self.assumes = False
        """Whether the function leans on one that is not written yet."""
        self.outer: Target | None = None
        self.inner: tuple[str, ...] = ()
        """For a function that another one makes (``kind`` is ``factory``): that one, and the names from there."""

    @property
    def file(self) -> str:
        """The file name that the function's code carries."""
        code = getattr(self.function, "__code__", None)
        return code.co_filename if code is not None else str(self.module.__file__)

    def parameters(self) -> list[inspect.Parameter]:
        """What the function is called with; the object or class of a method is not among it."""
        try:
            parameters = list(inspect.signature(self.function).parameters.values())
        except (TypeError, ValueError):
            return []
        return parameters[1:] if self.kind in ("method", "class") else parameters

    def restored(self) -> _Restored:
        """Puts the module's tables back after what is done inside."""
        return _Restored(self.module)


def load(request: Request, inputs: Inputs) -> Target:
    """The function that the request names.

    Raises :class:`Unreachable` when neither the module nor the fragment can be executed, or the name is not in it.
    """
    path = os.path.join(request.root, request.file)
    finder = MissingModules(inputs)
    sys.meta_path.append(finder)
    clients.install(inputs)
    Based._standin_source = lambda name: standin(inputs, name, "assumed")
    _paths(request.root, path)
    prepare(request.root, path)
    source = request.source
    if source is None:
        with open(path, "rb") as file:
            source = _decoded(file.read())
    tree, source, old = _parsed(source)
    from . import script

    inputs.errors |= names.errors(tree)
    if request.function == script.MODULE:
        return script.target(tree, source, path, inputs)
    old = old or (legacy.is_legacy(tree) and _is_fragment(tree, source))
    module, how = None, "import"
    if request.source is None and not old:
        module = _imported(request.root, path)
    if module is None:
        module, how = Fragment(tree, source, path, inputs).executed(old), "fragment"
    else:
        names.fill(module.__dict__, tree, source, inputs)
    target = _resolve(request.function, module, tree, how)
    absent = unwritten.fill(module, tree, inputs)
    target.entry = request.entry
    target.assumes = unwritten.called(target.node, absent)
    return target


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _paths(root: str, path: str) -> None:
    """Make the project importable: its root, ``src``, and for files outside packages their own directory."""
    top = os.path.dirname(path)
    while os.path.exists(os.path.join(top, "__init__.py")) and len(top) > len(root):
        top = os.path.dirname(top)
    for place in (root, os.path.join(root, "src"), top):
        if os.path.isdir(place) and place not in sys.path:
            sys.path.insert(0, place)
            _forget(place)


def _forget(place: str) -> None:
    """Drop installed modules, imported for other targets, whose names the project's own folder takes here."""
    installed = [(name, str(module.__file__)) for name, module in list(sys.modules.items()) if is_installed(module)]
    own = {top: os.path.join(place, top) for top in {name.partition(".")[0] for name, _ in installed}}
    taken = {top for top, path in own.items() if os.path.exists(path + ".py") or os.path.exists(path + "/__init__.py")}
    for name, file in installed:
        top = name.partition(".")[0]
        if top in taken and not file.startswith(own[top]):
            del sys.modules[name]


def _imported(root: str, path: str) -> ModuleType | None:
    """The module by its dotted name, or ``None`` when importing it fails."""
    parts, top = packages(path)
    if os.path.basename(path) != "__init__.py":
        parts.append(os.path.splitext(os.path.basename(path))[0])
    name = ".".join(parts)
    if name == "__main__" or not all(part.isidentifier() for part in parts):
        return None
    if top not in sys.path:
        sys.path.insert(0, top)
    try:
        module = importlib.import_module(name)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        sys.modules.pop(name, None)
        return None
    loaded = getattr(module, "__file__", None)
    if loaded is None or os.path.realpath(loaded) != os.path.realpath(path):
        return None
    return module


def _parsed(source: str) -> tuple[ast.Module, str, bool]:
    """The tree, after dedenting and translating from Python 2 where that is needed; the text that it is of; and
    whether it had to be translated.
    """
    first: SyntaxError | None = None
    for change in (
        lambda text: text,
        textwrap.dedent,
        _wrapped,
        legacy.modern,
        lambda text: _wrapped(legacy.modern(text)),
    ):
        try:
            text = change(source)
            return ast.parse(text), text, change not in (textwrap.dedent, _wrapped) and text != source
        except (SyntaxError, ValueError) as error:
            first = first or (error if isinstance(error, SyntaxError) else SyntaxError(str(error)))
        except Exception:  # lib2to3 has errors of its own for what it cannot read
            continue
    assert first is not None
    raise Unreachable(f"line {first.lineno or 0}, syntax: {first.msg}")


def _wrapped(source: str) -> str:
    """A method whose first line lost its indentation, mended."""
    lines = source.splitlines()
    body = textwrap.dedent("\n".join(lines[1:]))
    return lines[0].strip() + "\n" + textwrap.indent(body, "    ")


def _is_fragment(tree: ast.Module, source: str) -> bool:
    """Whether names are missing, or nothing is imported at all: what a module that works never shows."""
    imports = any(isinstance(statement, (ast.Import, ast.ImportFrom)) for statement in tree.body)
    return not imports or bool(names.needed(tree, source))


def _resolve(qualname: str, module: ModuleType, tree: ast.AST, how: str) -> Target:
    """The object and the node of a qualified name."""
    node = node_of(tree, qualname)
    parts = qualname.split(".")
    if "<locals>" in parts:
        first = parts.index("<locals>")
        outer = _resolve(".".join(parts[:first]), module, tree, how)
        target = Target(outer.function, outer.owner, "factory", outer.node, module, how)
        target.tree, target.outer = tree, outer
        target.inner = tuple(part for part in parts[first:] if part != "<locals>")
        return target
    holder: Any = module
    owner: type | None = None
    for part in parts[:-1]:
        holder = getattr(holder, part, None)
        owner = holder if isinstance(holder, type) else owner
    raw = inspect.getattr_static(holder, parts[-1], None) if holder is not None else None
    if raw is None or node is None:
        failed = module.__dict__.get("_failed_statements") or ["the module does not define it"]
        raise Unreachable(f"{failed[-1]}")
    kind = "function" if owner is None else "method"
    if isinstance(raw, staticmethod):
        kind, raw = "static", raw.__func__
    elif isinstance(raw, classmethod):
        kind, raw = "class" if owner is not None else "function", raw.__func__
    elif isinstance(raw, property):
        raw = raw.fget
    target = Target(unwrapped(raw), owner, kind, node, module, how)
    target.tree = tree
    return target


def unwrapped(function: Any) -> Any:
    """The function under its decorators, when what they made is no plain function of the project."""
    for _ in range(8):
        if inspect.isfunction(function) and RECORDER.is_project(function.__code__.co_filename):
            return function
        for name in ("__wrapped__", "callback", "view_func", "func", "run", "fn", "_func", "function"):
            inner = inspect.getattr_static(function, name, None)
            if inner is None and not isinstance(function, str):
                inner = getattr(function, name, None)
            if callable(inner) and not isinstance(inner, str):
                function = inner
                break
        else:
            return function
    return function


def node_of(tree: ast.AST, qualname: str) -> ast.AST | None:
    """The last definition of that name."""
    for part in qualname.replace("<locals>.", "").split("."):
        found = None
        for child in ast.walk(tree):
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and child.name == part:
                found = found or child
        if found is None:
            return None
        tree = found
    return tree
