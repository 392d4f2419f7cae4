"""How many visits were due where, and how many were done: numbers alone, for figures of what a 居民区 is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from linli.engines.fieldwork.models import Visit
from linli.engines.fieldwork.workflow import VisitState


@dataclass(frozen=True, slots=True)
class Asked:
    """The visits due in one area in a period, and those of them that were done."""

    due: int
    done: int


def visits_by_area(since: date, until: date) -> dict[str, Asked]:
    """Return area path → the visits due there from ``since`` to ``until``: one statement; guarded ones count too."""
    rows = (
        Visit.objects.filter(due_on__range=(since, until))
        .exclude(state=VisitState.DROPPED)
        .order_by()
        .values("area_path")
    )
    found = rows.annotate(due=Count("*"), done=Count("due_on", filter=Q(state=VisitState.DONE)))
    return {r["area_path"]: Asked(r["due"], r["done"]) for r in found}
