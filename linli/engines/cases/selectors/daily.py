"""How many cases of some categories there were, for programmes that count daily work: numbers alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from linli.engines.cases.models import Case
from linli.engines.cases.selectors import measures
from linli.engines.cases.workflow import State


@dataclass(frozen=True, slots=True)
class Daily:
    """Cases of one category: reported in the period; of these, closed by now and still open."""

    found: int
    closed: int
    open: int


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def of_categories(codes: Collection[str], first: date, last: date, *, area_path: str = "") -> dict[str, Daily]:
    """Return category → its cases reported from ``first`` to ``last`` below an area: one statement.

    What was withdrawn or turned out to be no problem does not count.
    """
    if not codes:
        return {}
    rows = Case.objects.filter(
        category__code__in=list(codes), reported_at__gte=_midnight(first),
        reported_at__lt=_midnight(last + timedelta(days=1)),
    ).filter(measures.COUNTED & measures.NOT_WITHDRAWN)  # fmt: skip
    if area_path:
        rows = rows.filter(area_path__startswith=area_path)
    counted = rows.values("category__code").annotate(
        found=Count("pk"), closed=Count("pk", filter=Q(state=State.CLOSED)), open_=Count("pk", filter=Q(is_open=True))
    )
    found = {r["category__code"]: Daily(r["found"], r["closed"], r["open_"]) for r in counted.order_by()}
    return {code: found.get(code, Daily(0, 0, 0)) for code in codes}
