"""Loading the module under attack: imported from the project where that works, else as a fragment."""

from __future__ import annotations

import ast
import builtins
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
from ..observe.record import RECORDER
from ..protocol import Request
from ..stubs.modules import MissingModules
from . import prepare

_STANDARD = {
    "os", "sys", "re", "json", "time", "random", "hashlib", "logging", "subprocess", "sqlite3", "pickle", "base64",
    "urllib", "shutil", "tempfile", "math", "string", "itertools", "functools", "collections", "io", "socket", "ssl",
    "datetime", "uuid", "hmac", "secrets", "zipfile", "tarfile", "csv", "html", "shlex", "glob", "copy", "traceback",
    "threading", "struct", "types", "platform", "getpass", "stat", "errno", "signal", "operator", "contextlib",
    "argparse", "configparser", "pathlib", "marshal", "ast", "asyncio", "inspect", "codecs", "fnmatch", "textwrap",
}  # fmt: skip
_TYPING = {"Any", "Dict", "List", "Optional", "Tuple", "Union", "Callable", "Set", "Iterable", "Iterator", "Sequence",
           "Mapping", "Type", "IO", "BinaryIO", "TextIO", "Generator"}  # fmt: skip
_OUTSIDE = {"request", "flask_request", "req"}


class Unreachable(Exception):
    """The function could not be loaded; the text says where it stopped and why."""


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

    @property
    def file(self) -> str:
        """The file name that the function's code carries."""
        code = getattr(self.function, "__code__", None)
        return code.co_filename if code is not None else str(self.module.__file__)

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
    Based._standin_source = lambda name: standin(inputs, "self." + name, "assumed")
    _paths(request.root, path)
    prepare(request.root, path)
    source = request.source
    if source is None:
        with open(path, "rb") as file:
            source = _decoded(file.read())
    tree, source = _parsed(source)
    module, how = None, "import"
    if request.source is None:
        module = _imported(request.root, path)
    if module is None:
        module, how = _executed(source, tree, path, inputs), "fragment"
    else:
        _fill_names(module.__dict__, tree, inputs)
    target = _resolve(request.function, module, tree, how)
    target.entry = request.entry
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


def _imported(root: str, path: str) -> ModuleType | None:
    """The module by its dotted name, or ``None`` when importing it fails."""
    top = os.path.dirname(path)
    parts = [] if os.path.basename(path) == "__init__.py" else [os.path.splitext(os.path.basename(path))[0]]
    while os.path.exists(os.path.join(top, "__init__.py")):
        parts.insert(0, os.path.basename(top))
        top = os.path.dirname(top)
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


def _parsed(source: str) -> tuple[ast.Module, str]:
    """The tree, after dedenting and translating from Python 2 where that is needed; and the text that it is of."""
    first: SyntaxError | None = None
    for change in (lambda text: text, textwrap.dedent, _wrapped, _modern):
        try:
            text = change(source)
            return ast.parse(text), text
        except (SyntaxError, ValueError) as error:
            first = first or (error if isinstance(error, SyntaxError) else SyntaxError(str(error)))
        except Exception:
            continue
    assert first is not None
    raise Unreachable(f"line {first.lineno or 0}, syntax: {first.msg}")


def _wrapped(source: str) -> str:
    """A method whose first line lost its indentation, mended."""
    lines = source.splitlines()
    body = textwrap.dedent("\n".join(lines[1:]))
    return lines[0].strip() + "\n" + textwrap.indent(body, "    ")


def _modern(source: str) -> str:
    """Python 2 as Python 3, where the interpreter still has ``lib2to3``."""
    import warnings

    warnings.simplefilter("ignore")
    from lib2to3 import refactor  # type: ignore[import-not-found, unused-ignore]

    text = textwrap.dedent(source.expandtabs(8)).rstrip() + "\n"
    fixers = ["lib2to3.fixes.fix_" + name for name in ("print", "except", "unicode", "raise", "has_key", "exec", "ne",
                                                       "repr", "long", "numliterals", "xrange", "dict")]  # fmt: skip
    return str(refactor.RefactoringTool(fixers).refactor_string(text, "fragment"))


def _executed(source: str, tree: ast.Module, path: str, inputs: Inputs) -> ModuleType:
    """The source run as a module of its own, with stand-ins for the names that it lacks.

    A statement that raises is left out, so that a file read at import or an absent server hides nothing else.
    """
    module = ModuleType("fragment_" + "".join(c if c.isalnum() else "_" for c in os.path.basename(path)))
    module.__file__ = path
    sys.modules[module.__name__] = module
    space = module.__dict__
    _fill_names(space, tree, inputs)
    failed: list[str] = []
    for statement in tree.body:
        if isinstance(statement, ast.If) and _is_main(statement):
            continue
        try:
            exec(compile(ast.Module([statement], []), path, "exec", dont_inherit=True), space)
        except BaseException as error:
            failed.append(f"line {statement.lineno}: {type(error).__name__}: {error}")
            _without_decorators(statement, space, path)
    module.__dict__["_failed_statements"] = failed
    return module


def _is_main(statement: ast.If) -> bool:
    test = statement.test
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"


def _without_decorators(statement: ast.stmt, space: dict[str, Any], path: str) -> None:
    """A definition whose decorators or annotations raised, tried again without them."""
    if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return
    for node in ast.walk(statement):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.decorator_list, node.returns = [], None
            for argument in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]:
                argument.annotation = None
    statement.decorator_list = []
    try:
        exec(compile(ast.Module([statement], []), path, "exec", dont_inherit=True), space)
    except BaseException as error:
        space["_failed_statements"] = [f"line {statement.lineno}: {type(error).__name__}: {error}"]


def _fill_names(space: dict[str, Any], tree: ast.Module, inputs: Inputs) -> None:
    """Stand-ins (or the standard library's module) for names that the fragment reads and nobody binds."""
    import typing

    read = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    bound = set(dir(builtins)) | {"__name__", "__file__"}
    for statement in ast.walk(tree):
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            bound |= {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, ast.ExceptHandler):
            bound.add(node.name or "")
    for name in sorted(read - bound - set(space)):
        space[name] = _named(name, typing, inputs)


def _named(name: str, typing: Any, inputs: Inputs) -> Any:
    if name in _STANDARD:
        return importlib.import_module(name)
    if name in _TYPING:
        return getattr(typing, name)
    if name in ("unicode", "basestring"):
        return str
    if name in ("xrange", "raw_input", "long", "unichr"):
        return {"xrange": range, "raw_input": input, "long": int, "unichr": chr}[name]
    if name == "ET":
        return importlib.import_module("xml.etree.ElementTree")
    if name.endswith(("Error", "Exception", "DoesNotExist")) and name[:1].isupper():
        return type(name, (Exception,), {})
    return standin(inputs, name, "outside" if name in _OUTSIDE else "assumed")


def _resolve(qualname: str, module: ModuleType, tree: ast.AST, how: str) -> Target:
    """The object and the node of a qualified name."""
    node = _node(tree, qualname)
    parts = qualname.split(".")
    if "<locals>" in parts:
        outer = ".".join(parts[: parts.index("<locals>")])
        target = _resolve(outer, module, tree, how)
        target.kind, target.tree = "factory", tree
        target.inner = parts[-1]  # type: ignore[attr-defined]
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
        kind, raw = "class", raw.__func__
    elif isinstance(raw, property):
        kind, raw = "method", raw.fget
    target = Target(_unwrapped(raw), owner, kind, node, module, how)
    target.tree = tree
    return target


def _unwrapped(function: Any) -> Any:
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


def _node(tree: ast.AST, qualname: str) -> ast.AST | None:
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
