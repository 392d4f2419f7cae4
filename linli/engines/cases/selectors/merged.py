"""Cases that people found to be one matter, and every case that is a matter: for what learns from them."""

from __future__ import annotations

from django.db.models import QuerySet

from linli.engines.cases.models import Case
from linli.engines.cases.types import Kind
from linli.engines.cases.workflow import State


def merged_cases(*, limit: int) -> list[Case]:
    """Return the cases that were last merged into another, with that one."""
    rows = Case.objects.filter(state=State.MERGED).select_related("category", "merged_into", "merged_into__category")
    return list(rows.order_by("-changed_at", "-id")[:limit])


def matters() -> QuerySet[Case]:
    """Return every problem, for machinery that shows nobody any of it."""
    return Case.objects.filter(kind=Kind.PROBLEM)
