"""What is kept, as values that can be compared."""

from __future__ import annotations

from typing import Any

from linli.engines.indicators.models import Act, Balance, Fact, Reading, Span


def everything() -> dict[str, Any]:
    """Return all that is kept of cases; sums of nought are no sums."""
    found: dict[str, Any] = {}
    for model in (Fact, Act, Span):
        names = [f.attname for f in model._meta.concrete_fields if f.attname != "id"]
        found[model.__name__] = sorted(map(repr, model.objects.values_list(*names)))
    found["Balance"] = sorted(Balance.objects.exclude(n=0).values_list("dimension", "key", "day", "n"))
    return found


def read() -> list[tuple[Any, ...]]:
    """Return every reading."""
    rows = Reading.objects.values_list("day", "figure", "dimension", "key", "part", "whole", "value")
    return sorted(rows, key=repr)
