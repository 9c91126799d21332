"""The parts of a request as slots: mappings that hand out a value for every key that is asked for, and note it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Any

from ..observe.record import RECORDER
from . import build
from .slots import Inputs
from .watched import Watched

PARTS = {
    "query": "query parameter", "form": "form field", "cookie": "cookie", "header": "header", "file": "uploaded file",
    "json": "JSON key", "path": "path parameter", "session": "session key",
}  # fmt: skip
"""The parts of a request, with the words that name their slots."""


UNTYPED = "application/octet-stream"
"""The content type of an upload of which nobody has asked it."""


def _type_name(key: Any) -> str:
    return f"content type of uploaded file {key!r}"


def type_of_upload(inputs: Inputs, key: str) -> str:
    """The content type that an uploaded file is sent with: its sender's choice where the code asks for it."""
    slot = inputs.slots.get(_type_name(key))
    return UNTYPED if slot is None else "".join(inputs.text(slot).splitlines())


def name_of(part: str, key: str) -> str:
    """The slot's name of one key in one part."""
    return f"{PARTS[part]} {key!r}"


def known(inputs: Inputs, part: str) -> dict[str, Any]:
    """The keys of a part that were asked for so far, with the values of this run."""
    prefix = PARTS[part] + " "
    values = {}
    for slot in list(inputs.slots.values()):
        if slot.name.startswith(prefix) and slot.kind.startswith("key:"):
            inputs.used.add(slot.name)
            raw = inputs.assigned.get(slot.name)
            values[slot.kind[4:]] = raw if isinstance(raw, (dict, list, bytes)) else inputs.text(slot)
    return values


def path(inputs: Inputs, key: str, number: bool = False) -> Any:
    """The value of a path parameter; ``number`` says that the route lets only numbers through."""
    name = name_of("path", key)
    if not number:
        return build.text(inputs, name, "outside")
    inputs.slot(name, "assumed", kind="number")
    return int(inputs.assigned.get(name, build.SMALL_NUMBER))


def asked(inputs: Inputs, part: str, key: Any) -> Any:
    """The value of a key that the code asks for; from now on the slot is known."""
    name = name_of(part, str(key))
    inputs.slot(name, "outside", kind=f"key:{key}")
    return build.text(inputs, name, "outside")


class Asked:
    """A mapping (also a multi-value one) in which every key that is asked for exists. For watched runs only."""

    def __init__(self, inputs: Inputs, part: str, real: Any, skip: frozenset[str] = frozenset()) -> None:
        self._inputs = inputs
        self._part = part
        self._real = real
        self._skip = skip

    def _value(self, key: Any) -> Any:
        if not isinstance(key, str) or key.lower() in self._skip:
            return self._real.get(key)
        return asked(self._inputs, self._part, key)

    def __getitem__(self, key: Any) -> Any:
        if not self._inputs.policy.exists:
            return self._real[key]
        return self._value(key)

    def get(self, key: Any, default: Any = None, type: Any = None, **more: Any) -> Any:
        """The value, converted as the mapping of the framework would."""
        if not self._inputs.policy.exists:
            return self._real.get(key, default)
        value = self._value(key)
        if value is None:
            return default
        if type is None:
            return value
        try:
            return type(value)
        except (ValueError, TypeError):
            return default

    def getlist(self, key: Any, *rest: Any, **more: Any) -> list[Any]:
        """One value in a list."""
        return [self._value(key)]

    get_list = get_all = getall = getlist

    def __contains__(self, key: object) -> bool:
        return self._inputs.policy.exists and self._value(key) is not None

    def __iter__(self) -> Iterator[Any]:
        return iter(self._fill())

    def _fill(self) -> dict[str, Any]:
        values = known(self._inputs, self._part)
        if not values:
            values[self._inputs.canaries.word()] = None
            key = next(iter(values))
            values[key] = asked(self._inputs, self._part, key)
        return values

    def keys(self) -> Any:
        """The keys known so far, one at least."""
        return self._fill().keys()

    def values(self) -> Any:
        """The values known so far, one at least."""
        return self._fill().values()

    def items(self, *args: Any, **kwargs: Any) -> Any:
        """Both."""
        return self._fill().items()

    def to_dict(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """All that is known, as a mapping that grows when it is asked."""
        return build.Keys(self._inputs, PARTS[self._part], "outside") or self._fill()

    def __len__(self) -> int:
        return max(1, len(known(self._inputs, self._part)))

    def __getattr__(self, name: str) -> Any:
        return self.to_dict if name == "dict" else getattr(self._real, name)


class Json(Asked, dict):  # type: ignore[type-arg]
    """A JSON object that has every key that is asked for."""

    def __init__(self, inputs: Inputs) -> None:
        dict.__init__(self)
        Asked.__init__(self, inputs, "json", {})


class Uploads(Asked):
    """Uploaded files that are all there, each made by ``make(name, content)``."""

    def __init__(self, inputs: Inputs, real: Any, make: Callable[[str, bytes], Any]) -> None:
        super().__init__(inputs, "file", real)
        self._make = make

    def _value(self, key: Any) -> Any:
        name = asked(self._inputs, "file", key)
        content = build.text(self._inputs, f"content of uploaded file {key!r}", "outside")
        return self._typed(self._make(name, content.encode("utf-8", "replace")), key)

    def _typed(self, made: Any, key: Any) -> Any:
        """The upload, whose content type is what its sender says it is."""
        owner = type(made)

        def told(upload: Any) -> str:
            self._inputs.slot(_type_name(key), "outside").usual = UNTYPED
            return build.text(self._inputs, _type_name(key), "outside")

        names = [name for name in ("content_type", "mimetype") if hasattr(made, name)]
        with contextlib.suppress(TypeError):  # of a class whose objects have a layout of their own
            object.__setattr__(made, "__class__", type(owner.__name__, (owner,), dict.fromkeys(names, property(told))))
        return made


class Form(Asked):
    """A form whose fields are texts, or uploads (as :class:`Uploads` has them) where the code goes on to ask one for
    what only uploads have: one of the names ``marks``.
    """

    def __init__(self, inputs: Inputs, make: Callable[[str, bytes], Any], marks: tuple[str, ...]) -> None:
        super().__init__(inputs, "form", {})
        self._files = Uploads(inputs, {}, make)
        self._marks = marks

    def _value(self, key: Any) -> Any:
        if name_of("file", str(key)) in self._inputs.slots:
            return self._files[key]
        value = super()._value(key)
        field = str.__new__(_Field, value)
        field._form, field._key, field._slot = self, key, value._slot
        return field

    def upload(self, key: Any) -> Any:
        """The field as an upload, which it is from then on."""
        self._inputs.slots.pop(name_of("form", str(key)), None)
        return self._files[key]


class _Field(Watched):
    _form: Form
    _key: Any

    def __getattr__(self, name: str) -> Any:
        if name not in self._form._marks:
            raise AttributeError(name)
        return getattr(self._form.upload(self._key), name)


def headers(inputs: Inputs, own: frozenset[str]) -> property:
    """The ``headers`` of a request's class: what the project asks them for is learned, save the client's own."""

    def asked_for(self: Any) -> Any:
        real = self.__dict__["headers"]
        watched = inputs.watching and RECORDER.directly(sys._getframe(1))
        return Asked(inputs, "header", real, own) if watched else real

    def put(self: Any, value: Any) -> None:
        self.__dict__["headers"] = value

    return property(asked_for, put)
