"""The row that a query of Django finds in a table that is empty."""

from __future__ import annotations

import datetime
import decimal
import uuid
from typing import Any

from ..inputs import build
from ..inputs.slots import Inputs
from ..observe.record import RECORDER
from ..stubs.database_rows import is_asked_by_key
from .django_forms import values_of


def install(inputs: Inputs) -> None:
    """Let queries that find nothing find one row, so that what follows a look-up is reached.

    What the row holds is assumed: nobody knows who wrote it.
    """
    from django.db.models import query  # type: ignore[import-untyped, unused-ignore]

    original = query.ModelIterable.__iter__
    if getattr(original, "_is_ours", False):
        return

    def rows(self: Any) -> Any:
        found = False
        for row in original(self):
            found = True
            yield row
        if not found and RECORDER.on and inputs.policy.exists and _is_asked_by_key(self.queryset, inputs):
            made = row_of(self.queryset.model, inputs)
            if made is not None:
                yield made

    rows._is_ours = True  # type: ignore[attr-defined]
    query.ModelIterable.__iter__ = rows


def _is_asked_by_key(queryset: Any, inputs: Inputs) -> bool:
    """Whether what the query looks for could be in a table: no attack is."""
    try:
        statement, parameters = queryset.query.sql_with_params()
    except Exception:  # a query that can match nothing has no statement
        return True
    return is_asked_by_key(inputs, statement, parameters)


def row_of(model: Any, inputs: Inputs) -> Any:
    """A row of the model that was never saved; ``None`` when one cannot be made."""
    fields = list(model._meta.concrete_fields)
    try:
        values = [_cell(model, field, inputs) for field in fields]
        return model.from_db("default", [field.attname for field in fields], values)
    except Exception:
        return None


def _cell(model: Any, field: Any, inputs: Inputs) -> Any:
    kind = field.get_internal_type()
    if field.choices:
        return next(iter(values_of(field.choices)), "")
    if field.is_relation or field.primary_key or "Integer" in kind or "AutoField" in kind:
        return uuid.UUID(int=7) if kind == "UUIDField" else 7
    if kind in ("BooleanField", "NullBooleanField"):
        return True
    plain: dict[str, Any] = {
        "DateTimeField": datetime.datetime(2024, 5, 17, 12, tzinfo=datetime.timezone.utc), "FloatField": 1.5,
        "DateField": datetime.date(2024, 5, 17), "TimeField": datetime.time(12), "DecimalField": decimal.Decimal(16),
        "UUIDField": uuid.UUID(int=7), "JSONField": {}, "DurationField": datetime.timedelta(60), "BinaryField": b"x",
    }  # fmt: skip
    return plain[kind] if kind in plain else build.text(inputs, f"{model.__name__}.{field.name}", "assumed")
