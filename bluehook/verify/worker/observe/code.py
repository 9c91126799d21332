"""Text executed as code: ``eval``, ``exec``, ``compile``, imports by a computed name."""

from __future__ import annotations

import ast
import builtins
import sys
import weakref
from types import CodeType
from typing import Any

from .patch import wrap
from .record import RECORDER

_EVAL, _EXEC, _COMPILE, _IMPORT = builtins.eval, builtins.exec, builtins.compile, builtins.__import__


_TEXTS: weakref.WeakKeyDictionary[CodeType, str | bytes] = weakref.WeakKeyDictionary()
"""What the project itself compiled, by the code that came of it: it runs somewhere else."""


def _scopes(depth: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """The namespaces that the call means: the caller's own when it names none."""
    given = [*args, *(kwargs[key] for key in ("globals", "locals") if key in kwargs)]
    if given and given[0] is not None:
        return tuple(given)
    frame = sys._getframe(depth)
    return (frame.f_globals, frame.f_locals if len(given) < 2 or given[1] is None else given[1])


def _namespace(args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """``own`` when the text runs among the caller's own variables, ``confined`` when the built-ins were taken out of
    the namespace that it is given, else ``given``.
    """
    space = args[0] if args else kwargs.get("globals")
    if space is None:
        return "own"
    if not isinstance(space, dict) or "__builtins__" not in space:
        return "given"
    found = space["__builtins__"]
    return "given" if found is builtins or found is builtins.__dict__ else "confined"


def _text(source: Any) -> str | bytes | None:
    """The text that is run; ``None`` for code that the project did not compile."""
    if isinstance(source, (str, bytes)):
        return source
    return _TEXTS.get(source) if isinstance(source, CodeType) else None


def _eval(source: Any, *args: Any, **kwargs: Any) -> Any:
    text = _text(source)
    if text is not None:
        RECORDER.emit("code", text, call="eval", namespace=_namespace(args, kwargs))
    return _EVAL(source, *_scopes(2, args, kwargs))


def _exec(source: Any, *args: Any, **kwargs: Any) -> Any:
    text = _text(source)
    if text is not None:
        RECORDER.emit("code", text, call="exec", namespace=_namespace(args, kwargs))
    closure = {"closure": kwargs.pop("closure")} if "closure" in kwargs else {}
    return _EXEC(source, *_scopes(2, args, kwargs), **closure)


def _compile(source: Any, *args: Any, **kwargs: Any) -> Any:
    ours = RECORDER.on and RECORDER.directly(sys._getframe(1))
    if isinstance(source, (str, bytes)) and ours:
        RECORDER.emit("code", source, call="compile", namespace="given")
    if "dont_inherit" not in kwargs and len(args) < 4:
        kwargs["dont_inherit"] = True
    made = _COMPILE(source, *args, **kwargs)
    if ours and isinstance(made, CodeType):
        _TEXTS[made] = source if isinstance(source, (str, bytes)) else _written(source)
    return made


def _written(tree: Any) -> str:
    """A syntax tree as text."""
    try:
        return ast.unparse(tree)
    except Exception:  # a tree of the project's own making may lack anything
        return ""


def _import(name: str, *args: Any, **kwargs: Any) -> Any:
    if RECORDER.on and RECORDER.directly(sys._getframe(1)):
        RECORDER.emit("import", name)
    return _IMPORT(name, *args, **kwargs)


def install() -> None:
    """Replace the built-ins; code compiled earlier finds the new ones as well."""
    builtins.eval, builtins.exec, builtins.compile = _eval, _exec, _compile
    builtins.__import__ = _import
    wrap("importlib", "import_module", lambda name, *rest: RECORDER.emit("import", name))
