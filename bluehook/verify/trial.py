"""Run a test that a language model wrote, in the sandbox, against the real function of the project.

What such a test can claim is small, since its author may be mistaken, lazy, or talked into something by the very code
under review, and since test and function share a process in which either can forge what is said of it. What lazy and
mistaken authors do is taken out here and in ``worker/trial.py``; forgery cannot be. So an effect seen here is a reason
to look, and never a proof.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple

from bluehook.findings import BluehookError
from bluehook.verify import Settings, interpreter, sandbox
from bluehook.verify.mirror import as_scanned
from bluehook.verify.pool import WORKER, hidden

_SECONDS = 45.0
_LONGEST = 12_000
_FORBIDDEN = {"setprofile", "settrace", "_getframe", "__code__", "__wrapped__", "__globals__", "_exit", "kill"}


class Ended(NamedTuple):
    """How a trial ended (as in ``worker/trial.py``), and why in words."""

    ending: Literal["effect", "nothing", "failed"]
    words: str


class Place(NamedTuple):
    """Where a function is imported from: the folder relative to the root, the module, the statement that does it."""

    top: str
    module: str
    statement: str


def module_of(root: Path, path: str) -> tuple[str, list[str]]:
    """The folder that a file is imported from, relative to the root, and the parts of its dotted name."""
    file = PurePosixPath(path)
    parts = [] if file.name == "__init__.py" else [file.stem]
    top = file.parent
    while (root / top / "__init__.py").exists() and top.name:
        parts.insert(0, top.name)
        top = top.parent
    return str(top), parts


def place(root: Path, path: str, function: str) -> Place | None:
    """How a test imports a function; ``None`` where no statement can (a nested function, a file that is no module)."""
    top, parts = module_of(root, path)
    names = function.split(".")
    if not function or not all(name.isidentifier() for name in [*parts, *names]) or not parts or len(names) > 2:
        return None
    module = ".".join(parts)
    return Place(top, module, f"from {module} import {names[0]}")


def fault(test: str, where: Place) -> str:
    """Why a test shows nothing before it runs, or ``""``: what mistaken and lazy authors do."""
    if len(test) > _LONGEST:
        return f"it is longer than {_LONGEST} characters"
    try:
        tree = ast.parse(test)
    except (SyntaxError, ValueError, RecursionError) as error:
        return f"it does not parse: {error}"
    defined = {node.name: node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    name = where.statement.rpartition(" ")[2]
    if not any(ast.unparse(node) == where.statement for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)):
        return f"it does not hold the statement: {where.statement}"
    if name in defined:
        return f"it defines {name} itself"
    for part in ("control", "attack"):
        node = defined.get(part)
        if not isinstance(node, ast.FunctionDef) or node.args.args:
            return f"it has no function {part}() without parameters"
        returned = [each.value for each in ast.walk(node) if isinstance(each, ast.Return)]
        if all(each is None or isinstance(each, ast.Constant) for each in returned):
            return f"{part}() returns nothing but constants"
    words = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    words |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    if meddling := sorted(words & _FORBIDDEN):
        return f"it uses {meddling[0]}"
    return ""


def run(root: Path, contents: Mapping[str, bytes], path: str, function: str, test: str, settings: Settings) -> Ended:
    """Run a test against a function of a file, as it was scanned. Never raises."""
    where = place(root, path, function)
    if where is None:
        return Ended("failed", "the function cannot be imported by a statement")
    if why := fault(test, where):
        return Ended("failed", why)
    try:
        with as_scanned(root, contents) as shown:
            return _run(
                root, shown, contents.get(path) or (root / path).read_bytes(), path, function, where, test, settings
            )
    except (BluehookError, OSError) as error:
        return Ended("failed", f"it could not be run: {error}")


def _run(
    root: Path, shown: Path, data: bytes, path: str, function: str, where: Place, test: str, settings: Settings
) -> Ended:
    python = interpreter.find(root, settings.python, os.environ).executable
    with tempfile.TemporaryDirectory(prefix="bluehook-trial-") as folder:
        given = Path(folder, "trial.json")
        told = {
            "top": str(shown / where.top), "file": str(shown / path), "digest": hashlib.sha256(data).hexdigest(),
            "module": where.module, "function": function, "test": test,
        }  # fmt: skip
        given.write_text(json.dumps(told), encoding="utf-8")
        spec = sandbox.Spec(
            argv=(str(python), "-I", "-B", str(WORKER / "trial.py"), str(given)),
            readable=(shown, Path(folder), WORKER, *(() if shown == root else (root,))),
            hidden=hidden(shown),
            env={"LANG": "C.UTF-8", "PYTHONHASHSEED": "0"},
            limits=sandbox.Limits(wall_seconds=_SECONDS),
        )
        with sandbox.choose(settings.sandbox).start(spec) as process:
            try:
                line = process.receive(_SECONDS).decode("utf-8", "replace")
            except EOFError:
                said = process.wait(5).stderr.decode("utf-8", "replace").strip().splitlines()
                return Ended("failed", f"it ended early: {said[-1] if said else 'without a word'}")
            except TimeoutError:
                return Ended("failed", "it did not end in time")
    ending, _, words = line.strip().partition("\t")
    if ending == "effect":
        return Ended("effect", words)
    return Ended("nothing" if ending == "nothing" else "failed", words)
