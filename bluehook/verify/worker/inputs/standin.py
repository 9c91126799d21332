"""Stand-ins: a value that is every object at once, and learns from how the code uses it."""

from __future__ import annotations

import datetime
import functools
import sys
from collections.abc import Callable, Generator, Iterator
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from ..observe.record import RECORDER
from .asked import by_call, unpacked
from .errors import FAILURE, Aborted, is_error_name, unknown_error
from .meanings import ENDS, is_key, trust_of
from .numeric import Numeric
from .watched import Watched, note, watched

if TYPE_CHECKING:
    from .slots import Inputs

_ENDS_AFTER = 3
_OFTEN = 30
"""What is asked again and again comes to its end: an empty answer at first, then none."""
UNIVERSAL = {"utc": datetime.timezone.utc, "UTC": datetime.timezone.utc}
"""What everybody means the same by, and what the standard library takes no other object for."""


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


class Standin(Numeric):
    """An unknown object: every attribute, key and call of it is a named child with a canary of its own.

    It is a ``str`` subclass, so it survives ``%``, f-strings, ``join`` and C code, and arrives at sinks as its canary.
    It has no ``__index__``: to ``open`` and ``stat`` that would be a file descriptor of the harness.
    """

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        if is_error_name(name) or name in self._inputs.errors:
            return unknown_error(name)
        if name in UNIVERSAL:
            return UNIVERSAL[name]
        if not self._inputs.policy.exists and by_call(sys._getframe(1)):
            raise AttributeError(name)
        return self._child("." + name, trust_of(self._slot, name))

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
        from ..stubs import calls, queues

        if len(args) == 1 and not kwargs and isinstance(args[0], (FunctionType, MethodType, type)):
            return queues.lent(self._inputs, self._slot.name, args[0])
        name = self._slot.name
        last = name.rpartition(".")[2]
        if last == "abort" and args and isinstance(args[0], int):
            raise Aborted(str(args[0]))
        if is_key(last, args) and "." in name:
            parent = name.rpartition(".")[0]
            key = args[0].decode("latin-1") if isinstance(args[0], bytes) else str(args[0])
            return standin(self._inputs, f"{parent}[{key!r}]", self._slot.trust)
        answer = calls.observe(self._inputs, name, args, kwargs)
        if answer is not calls.NOTHING:
            return answer
        count = self._inputs.calls[name] = self._inputs.calls.get(name, 0) + 1
        if self._inputs.policy.raises and len(self._inputs.calls) == 1:
            raise RuntimeError(FAILURE)
        if last in ENDS and count > _ENDS_AFTER:
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

    def __instancecheck__(self, instance: object) -> bool:
        return self._inputs.policy.truth

    def __subclasscheck__(self, subclass: type) -> bool:
        return self._inputs.policy.truth

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        # With a base that has a metaclass of its own, a second one would be a conflict.
        plain = all(type(base) is type or isinstance(base, Standin) for base in bases)
        return (Modelled if plain else Based,)

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
        return Based._standin_source("self." + name)


class _Modelling(type):
    """The class of classes whose base is an unknown object: what they lack themselves is a stand-in as well."""

    def __getattr__(cls, name: str) -> Any:
        source = Based._standin_source
        frame = sys._getframe(1)
        if name.startswith("_") or source is None or not RECORDER.directly(frame) or by_call(frame):
            raise AttributeError(name)
        if is_error_name(name):
            return unknown_error(name)
        return source(f"{cls.__name__}.{name}")


class Modelled(Based, metaclass=_Modelling):
    """What such a class becomes: ``User.query`` of a model whose library is not there is an unknown object."""


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
