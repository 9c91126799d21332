"""Django's forms: what their fields let through is known from them, so that a benign request is a valid one."""

from __future__ import annotations

from typing import Any

from ..inputs import web
from ..inputs.rewatch import rewatched
from ..inputs.slots import Inputs, Slot

_NUMBERS = {"IntegerField", "FloatField", "DecimalField"}
_SHAPES = {
    "EmailField": "{w}@example.com", "URLField": "https://{w}.test/", "DateField": "2024-05-17", "TimeField": "12:00",
    "DateTimeField": "2024-05-17 12:00", "BooleanField": "on", "UUIDField": "00000000-0000-4000-8000-000000000007",
    "GenericIPAddressField": "192.0.2.7", "JSONField": "{{}}", "DurationField": "60", "NullBooleanField": "true",
}  # fmt: skip


def watch(inputs: Inputs) -> None:
    """Learn from forms what their fields let through; hand cleaned values on as ones that note comparisons."""
    from django.forms import forms  # type: ignore[import-untyped, unused-ignore]

    original = forms.BaseForm._clean_fields

    def clean_fields(self: Any) -> None:
        part = getattr(self.data, "_part", None)
        if part in ("form", "query"):
            for name, field in self.fields.items():
                key = self.add_prefix(name)
                if "FileField" not in [cls.__name__ for cls in type(field).__mro__]:
                    _usual(inputs.slot(web.name_of(part, key), "outside", kind=f"key:{key}"), field)
        original(self)
        self.cleaned_data = rewatched(inputs, self.cleaned_data)

    forms.BaseForm._clean_fields = clean_fields


def _usual(slot: Slot, field: Any) -> None:
    kinds = [cls.__name__ for cls in type(field).__mro__]
    choices = getattr(field, "choices", None)
    if "ModelChoiceField" in kinds:
        slot.usual, slot.trust = "7", "sanitised"
    elif choices is not None and "ChoiceField" in kinds:
        values = [value for value in values_of(choices) if value not in ("", None)]
        slot.usual, slot.trust = str(values[0]) if values else "", "sanitised"
    elif _NUMBERS & set(kinds):
        most = getattr(field, "max_value", None)
        slot.usual, slot.trust = str(slot.number) if most is None or most > slot.number else "1", "sanitised"
    else:
        shape = next((_SHAPES[kind] for kind in kinds if kind in _SHAPES), "")
        slot.usual = shape.format(w=slot.word)
        slot.trust = "sanitised" if shape and "{w}" not in shape else slot.trust


def values_of(choices: Any) -> list[Any]:
    """The values of a list of choices, those in groups as well."""
    found: list[Any] = []
    for value, label in choices:
        found += [one for one, _ in label] if isinstance(label, (list, tuple)) else [value]
    return found
