"""Stand-ins: a value that is every object at once, and learns from how the code uses it."""

from __future__ import annotations

import datetime
import functools
import re
import sys
from collections.abc import Callable, Generator, Iterator
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from ..observe.record import RECORDER
from .asked import by_call, unpacked
from .watched import Watched, note, watched

if TYPE_CHECKING:
    from .slots import Inputs

_ERROR_NAME = re.compile(r"^[A-Z]\w*(Error|Exception|Warning|DoesNotExist|NotFound|Failure|Timeout|Denied)$")
_KEYED = {"get", "getlist", "get_list", "getfirst", "getvalue", "get_argument", "get_query_argument", "getone",
          "getall", "get_body_argument", "get_cookie", "get_secure_cookie", "pop", "get_header", "param", "params",
          "get_all", "setdefault"}  # fmt: skip
_ENDS = {"fetchone", "read", "recv", "next", "readline", "fetchmany", "recvfrom", "get_nowait", "accept", "poll"}
_NOT_INPUT = {"user", "session", "app", "registry", "current_user", "_meta", "objects", "config", "settings"}
_REQUEST_PARTS = {
    "args", "form", "values", "cookies", "headers", "files", "json", "get_json", "data", "get_data", "stream", "GET",
    "POST", "FILES", "COOKIES", "META", "REQUEST", "body", "read", "path", "full_path", "path_info", "url", "uri",
    "query", "query_string", "query_params", "path_params", "match_info", "matchdict", "params", "post", "text",
    "rel_url", "referrer", "host", "method", "get", "get_argument", "get_full_path", "build_absolute_uri", "arguments",
    "raw_path",
    "user_agent", "view_args", "forms", "param", "input_stream", "multipart", "content", "getfirst", "getvalue",
}  # fmt: skip
"""Attributes of a request that its sender writes; the others are the framework's and the project's own."""
_PLACED_BY_REQUEST = {"request", "req", "flask_request"}
_ENDS_AFTER = 3
_OFTEN = 30
"""What is asked again and again comes to its end: an empty answer at first, then none."""
_FEW = 2
UNIVERSAL = {"utc": datetime.timezone.utc, "UTC": datetime.timezone.utc}
"""What everybody means the same by, and what the standard library takes no other object for."""
FAILURE = "harness: the database at 10.0.0.7 refused user svc"
"""What an unknown call says where it is to fail: internal enough that no answer should repeat it."""


class Finished(BaseException):
    """Raised through the code under attack when a run has gone on long enough."""


class UnknownError(Exception):
    """An exception of a class that nobody knows: it takes any arguments and has any attribute, as text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, *kwargs.values())

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return str(self)


def is_error_name(name: str) -> bool:
    """Whether a name is one of an exception's class."""
    return _ERROR_NAME.match(name) is not None


def unknown_error(name: str) -> type[UnknownError]:
    """A class of exceptions for a name that nobody defines."""
    return type(name, (UnknownError,), {"__module__": "standin"})


class Aborted(Exception):
    """What an unknown ``abort`` raises when it is given an HTTP status: in every web framework it does not return."""


class _Shared:
    """A name that is a method of ``str`` and as likely an attribute of the unknown object: it serves as both."""

    def __init__(self, method: Callable[..., Any]) -> None:
        self._method = method
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __set__(self, owner: Standin, value: Any) -> None:
        owner.__dict__[self._name] = value

    def __get__(self, owner: Standin | None, kind: type | None = None) -> Any:
        if owner is None:
            return getattr(str, self._name)
        if self._name in owner.__dict__:
            return owner.__dict__[self._name]
        made = owner._child("." + self._name, "assumed" if owner._slot.trust == "parameter" else None)
        if type(made) is not Standin:
            return made
        both = str.__new__(Both, str.__str__(made))
        both._slot, both._inputs = made._slot, made._inputs
        both._method = functools.partial(self._method, owner)
        return both


class Standin(Watched):
    """An unknown object: every attribute, key and call of it is a named child with a canary of its own.

    It is a ``str`` subclass, so it survives ``%``, f-strings, ``join`` and C code, and arrives at sinks as its canary.
    It has no ``__index__``: to ``open`` and ``stat`` that would be a file descriptor of the harness.
    """

    _inputs: Inputs

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        if is_error_name(name) or name in self._inputs.errors:
            return unknown_error(name)
        if name in UNIVERSAL:
            return UNIVERSAL[name]
        if not self._inputs.policy.exists and by_call(sys._getframe(1)):
            raise AttributeError(name)
        trust = "assumed" if self._slot.trust == "parameter" else self._slot.trust
        of_request = re.search(r"(^|\W)(request|req)'?$", self._slot.name) is not None
        if name in _NOT_INPUT or (of_request and name not in _REQUEST_PARTS):
            trust = "assumed"
        elif name in _PLACED_BY_REQUEST:
            trust = "outside"
        return self._child("." + name, trust)

    def _child(self, suffix: str, trust: str | None = None) -> Any:
        """The child of this name: a plain value when the run assigns one and the code only reads it as text."""
        self._slot.rigid = True
        name = self._slot.name + suffix
        return standin(self._inputs, name[-160:], trust or self._slot.trust)

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice):
            return str.__getitem__(self, key) if key != slice(None) else self
        placed = self.__dict__.get(f"[{key!r}]", self)
        if placed is not self:
            return placed
        return self._child(f"[{str(key)[:40]!r}]" if isinstance(key, str) else f"[{key!r}]"[:40])

    def __setitem__(self, key: Any, value: Any) -> None:
        self._slot.rigid = True
        self.__dict__[f"[{key!r}]"] = value

    def __delitem__(self, key: Any) -> None:
        self.__dict__.pop(f"[{key!r}]", None)

    def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
        """A child, unless the name says sink or sanitizer; a lone function comes back as it is (a decorator)."""
        from ..stubs import calls

        if len(args) == 1 and not kwargs and isinstance(args[0], (FunctionType, MethodType, type)):
            return args[0]
        name = self._slot.name
        last = name.rpartition(".")[2]
        if last == "abort" and args and isinstance(args[0], int):
            raise Aborted(str(args[0]))
        if _is_key(last, args) and "." in name:
            parent = name.rpartition(".")[0]
            key = args[0].decode("latin-1") if isinstance(args[0], bytes) else str(args[0])
            return standin(self._inputs, f"{parent}[{key!r}]", self._slot.trust)
        answer = calls.observe(self._inputs, name, args, kwargs)
        if answer is not calls.NOTHING:
            return answer
        count = self._inputs.calls[name] = self._inputs.calls.get(name, 0) + 1
        if self._inputs.policy.raises and len(self._inputs.calls) == 1:
            raise RuntimeError(FAILURE)
        if last in _ENDS and count > _ENDS_AFTER:
            return None
        if not self._inputs.policy.truth:
            return None
        trust = self._slot.trust if self._slot.trust == "outside" else "assumed"
        if count > _OFTEN:
            return None if count > 2 * _OFTEN else _emptied(self._child("()", trust))
        return self._child("()", trust)

    def __iter__(self) -> Iterator[Any]:
        size = unpacked(sys._getframe(1).f_code, sys._getframe(1).f_lasti)
        if size is not None:
            return iter([self._child(f"[{i}]") for i in range(size)])
        return iter([self._child("[*]")])

    def __next__(self) -> Any:
        name = self._slot.name + " next"
        count = self._inputs.calls[name] = self._inputs.calls.get(name, 0) + 1
        if count > 1:
            raise StopIteration
        return self._child("[*]")

    def __await__(self) -> Generator[Any, None, Any]:
        yield from ()
        self._slot.rigid = True
        return self

    def __aiter__(self) -> Standin:
        self._slot.rigid = True
        return self

    async def __anext__(self) -> Any:
        try:
            return next(self)
        except StopIteration:
            raise StopAsyncIteration from None

    def __enter__(self) -> Standin:
        self._slot.rigid = True
        return self

    def __exit__(self, *details: object) -> None:
        return None

    async def __aenter__(self) -> Standin:
        self._slot.rigid = True
        return self

    async def __aexit__(self, *details: object) -> None:
        return None

    def __bool__(self) -> bool:
        if RECORDER.is_project(sys._getframe(1).f_code.co_filename):
            self._slot.compared("truth", "")  # what is false instead
            name = self._slot.name + " truth"
            count = self._inputs.calls[name] = self._inputs.calls.get(name, 0) + 1
            if count > 4 * _OFTEN:
                return False
        return str.__len__(self) > 0

    def __contains__(self, other: object) -> bool:
        note(self, "contains", other)
        if type(other) is str and "zq" not in other:
            return self._inputs.policy.holds or str.__contains__(self, other)
        return self._inputs.policy.truth and self._inputs.policy.exists

    def __len__(self) -> int:
        return str.__len__(self)

    def __int__(self) -> int:
        value = self._inputs.assigned.get(self._slot.name)
        if value is None:
            return _FEW if self._inputs.policy.small else self._slot.number
        return int(str(value))

    def __add__(self, other: Any) -> Any:
        return int(self) + other if isinstance(other, (int, float)) else str.__add__(self, other)

    def __radd__(self, other: Any) -> Any:
        if isinstance(other, (int, float)):
            return int(self) + other
        if isinstance(other, (list, tuple)):
            return type(other)([*other, self])
        return NotImplemented if isinstance(other, str) else other

    def __sub__(self, other: Any) -> Any:
        return _computed(lambda: int(self) - (int(other) if isinstance(other, Standin) else other), other)

    def __rsub__(self, other: Any) -> Any:
        return _computed(lambda: other - int(self), other)

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, (int, float)):
            return int(self) / other
        return str.__str__(self) + "/" + str(other)

    def __rtruediv__(self, other: Any) -> Any:
        return other / int(self) if isinstance(other, (int, float)) else str(other) + "/" + str.__str__(self)

    def __or__(self, other: Any) -> Any:
        return self

    __ror__ = __and__ = __rand__ = __or__

    def __instancecheck__(self, instance: object) -> bool:
        return self._inputs.policy.truth

    def __subclasscheck__(self, subclass: type) -> bool:
        return self._inputs.policy.truth

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        return (Based,)

    def __deepcopy__(self, memo: object) -> Standin:
        return self

    def __copy__(self) -> Standin:
        return self

    def __reduce_ex__(self, protocol: Any) -> Any:
        return (str, (str.__str__(self),))

    def find(self, *args: Any, **kwargs: Any) -> Any:
        """As of ``str`` for text; else the method of the unknown object."""
        if args and not kwargs and isinstance(args[0], str) and not isinstance(args[0], Standin) and len(args) == 1:
            found = Watched.find(self, *args)
            # What a word of ours happens to hold says nothing.
            return (
                found
                if found >= 0 and self._slot.name in self._inputs.assigned
                else self._child(f".find({str(args[0])[:30]!r})")
            )
        return self.__getattr__("find")(*args, **kwargs)

    def split(self, *args: Any, **kwargs: Any) -> Any:
        """As many parts as are asked for."""
        return Parts(self, Watched.split(self, *args, **kwargs))

    def splitlines(self, *args: Any) -> Any:
        """As many lines as are asked for."""
        return Parts(self, str.splitlines(self, *args))

    def rsplit(self, *args: Any, **kwargs: Any) -> Any:
        """As many parts as are asked for."""
        return Parts(self, str.rsplit(self, *args, **kwargs))

    def decode(self, *args: Any, **kwargs: Any) -> Any:
        """Text, whatever it was."""
        return self

    title = _Shared(lambda self, *args: watched(str.title(self, *args), self._slot))
    count = _Shared(lambda self, one, *rest: str.count(self, one, *rest))
    index = _Shared(lambda self, one, *rest: max(0, str.find(self, one, *rest)))
    format = _Shared(lambda self, *args, **kw: " ".join([str.__str__(self), *map(str, args), *map(str, kw.values())]))


class Both(Standin):
    """An attribute of an unknown object whose name is also a method of ``str``."""

    _method: Callable[..., Any]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The method of ``str`` where the arguments fit it, else that of the unknown object."""
        try:
            return self._method(*args, **kwargs)
        except TypeError:
            return Standin.__call__(self, *args, **kwargs)


class Parts(list):  # type: ignore[type-arg]
    """What an unknown text was split into: it has every place that is asked for."""

    def __init__(self, whole: Standin, parts: list[str]) -> None:
        super().__init__(parts)
        self._whole = whole

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, int) and not -len(self) <= place < len(self):
            return self._whole._child(f".split()[{place}]", "assumed")
        return list.__getitem__(self, place)

    def __iter__(self) -> Iterator[Any]:
        size = unpacked(sys._getframe(1).f_code, sys._getframe(1).f_lasti)
        if size is not None and size > len(self):
            return iter([self[i] for i in range(size)])
        return list.__iter__(self)


def _emptied(value: Any) -> Any:
    """The unknown object with nothing in it."""
    if not isinstance(value, Standin):
        return value
    empty = str.__new__(Standin, "")
    empty._slot, empty._inputs = value._slot, value._inputs
    return empty


def _is_key(last: str, args: tuple[Any, ...]) -> bool:
    """Whether a method of this name and what it is given look a key up; a path is none."""
    first = args[0] if args else None
    return last in _KEYED and isinstance(first, (str, bytes)) and " " not in str(first) and first not in RECORDER.paths


def _computed(compute: Callable[[], Any], other: Any) -> Any:
    """A result with a number in the stand-in's place; the other operand where its type knows no numbers."""
    try:
        return compute()
    except TypeError:
        return other


class Based:
    """What a class becomes whose base is an unknown object: attributes that it lacks are stand-ins."""

    _standin_source: Callable[[str], Any] | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def __init_subclass__(cls, **kwargs: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or Based._standin_source is None:
            raise AttributeError(name)
        return Based._standin_source(name)


def standin(inputs: Inputs, name: str, trust: str) -> Any:
    """The value of an unknown object called ``name`` in the present run."""
    slot = inputs.slot(name, trust)
    if name in inputs.assigned and not inputs.watching:
        value = inputs.assigned[name]
        if not isinstance(value, str) or not slot.rigid:
            return value if not isinstance(value, str) else inputs.text(slot)
    made = str.__new__(Standin, inputs.text(slot))
    made._slot = slot
    made._inputs = inputs
    return made
